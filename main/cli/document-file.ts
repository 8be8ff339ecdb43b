import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { WorkbenchError } from '../model/errors'
import { schemaProblems, type SchemaProblem } from '../model/schema-problems'
import { readTextFile } from './text-file'

/** A problem of a document for a reader: its place is counted from 1. */
interface Problem {
  severity: 'error'
  path: string
  message: string
  line: number
  column: number
}

/**
 * Reads a YAML or JSON document that a person wrote.
 * @throws WorkbenchError INVALID_INPUT with `details.problems`, each with line and column; UNSUPPORTED_VERSION for a newer one; NOT_FOUND
 */
export function readDocumentFile<S extends z.ZodType>(path: string, schema: S, what: string): z.output<S> {
  const counter = new LineCounter()
  const tree = parseDocument(readTextFile(path), { lineCounter: counter, schema: 'core', prettyErrors: false, stringKeys: true })
  const refuse = (problems: Problem[]): never => {
    const [{ message, line, column }] = problems
    const more = problems.length > 1 ? ` It is the first of ${problems.length} problems.` : ''
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${path}" is not ${what}: ${message} (line ${line}, column ${column}).${more} Nothing was done. Correct it and try again.`,
      { details: { problems } }
    )
  }
  const at = (offset: number): Pick<Problem, 'line' | 'column'> => {
    const { line, col } = counter.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const broken = [...tree.errors, ...tree.warnings]
  if (broken.length > 0) refuse(broken.map(({ message, pos }) => ({ severity: 'error', path: '', message, ...at(pos[0]) })))
  const value: unknown = tree.toJS({ maxAliasCount: 50 })
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { version } = (value ?? {}) as { version?: unknown }
  if (typeof version === 'number' && version > 1)
    throw new WorkbenchError(
      'UNSUPPORTED_VERSION',
      `"${path}" has format version ${version}; this program reads version 1 of ${what}. Open it with a newer Drydock.`
    )
  return refuse(
    schemaProblems(schema, parsed.error.issues).map((problem) => ({
      severity: 'error',
      path: problem.path.map(String).join('.'),
      message: problem.isKey || problem.path.length === 0 ? problem.message : `${problem.path.map(String).join('.')}: ${problem.message}`,
      ...at(offsetOf(tree, problem))
    }))
  )
}

/** Where a key or a value stands; for what is missing, the mapping that it belongs in. */
function offsetOf(tree: Document, { path, isKey }: SchemaProblem): number {
  if (isKey) {
    const map = path.length > 1 ? tree.getIn(path.slice(0, -1), true) : tree.contents
    const key = isMap(map) && map.items.map((pair) => pair.key).find((each) => isScalar(each) && each.value === path.at(-1))
    if (isNode(key) && key.range) return key.range[0]
  }
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? tree.contents : tree.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}
