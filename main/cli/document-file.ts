import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { WorkbenchError } from '../model/errors'
import { fit, withoutStop } from '../model/schema-words'
import { placeAt, placeOfProblem } from '../core/yaml-places'
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
      `"${path}" is not ${what}: ${withoutStop(message)} (line ${line}, column ${column}).${more} Nothing was done. Correct it and try again.`,
      { details: { problems } }
    )
  }
  const broken = [...tree.errors, ...tree.warnings]
  if (broken.length > 0) refuse(broken.map(({ message, pos }) => ({ severity: 'error', path: '', message, ...placeAt(counter, pos[0]) })))
  const value: unknown = tree.toJS({ maxAliasCount: 50 })
  const parsed = fit(schema, value)
  if (parsed.success) return parsed.data
  const { version } = (value ?? {}) as { version?: unknown }
  if (typeof version === 'number' && version > 1)
    throw new WorkbenchError(
      'UNSUPPORTED_VERSION',
      `"${path}" has format version ${version}; this program reads version 1 of ${what}. Open it with a newer Drydock.`
    )
  return refuse(
    parsed.problems.map((problem) => ({
      severity: 'error',
      path: problem.path.map(String).join('.'),
      message: problem.message,
      ...placeOfProblem(tree, counter, problem)
    }))
  )
}
