import { isMap, isNode, isScalar, LineCounter, type Document, type Scalar } from 'yaml'
import { WorkbenchError } from '../../model/errors'
import { policyDocument, policySchemaName, policySchemaVersion, type PolicyDocument, type PolicyProblem } from '../../model/policy'
import { schemaProblems } from '../../model/schema-problems'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import { parseBoundedYaml } from '../bounded-yaml'

export const maximumPolicyBytes = 1_000_000

/** Where something is in the text, counted from 1. */
export interface TextPlace {
  line: number
  column: number
}

export interface ParsedPolicy {
  document: PolicyDocument
  text: string
  /** SHA-256 of the text as UTF-8, lower-case hex: the version of the policy. */
  sha256: Sha256
  /** The place of a value, such as ['rules', 0, 'expression'], optionally some characters into it. */
  place: (path: readonly PropertyKey[], offset?: number) => TextPlace | undefined
}

/**
 * Reads a policy document. Throws INVALID_INPUT with `details.problems` (each with line and column) when the YAML or the
 * structure is wrong, and UNSUPPORTED_VERSION for a document of a newer workbench. Expressions are judged by checkPolicy.
 */
export function parsePolicy(text: string): ParsedPolicy {
  if (Buffer.byteLength(text) > maximumPolicyBytes)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The policy is larger than 1 MB. A policy is a short list of rules; check that this is the right file.'
    )
  const counter = new LineCounter()
  const { tree, value } = readYaml(text, counter)
  const place = (path: readonly PropertyKey[], offset?: number): TextPlace | undefined => placeOf(tree, counter, text, path, offset)
  refuseNewer(value)
  const result = policyDocument.safeParse(value)
  if (!result.success) {
    const problems = schemaProblems(policyDocument, result.error.issues).map(({ path, message, isKey }): PolicyProblem => ({
      severity: 'error',
      path: path.map(String).join('.'),
      message,
      ...(isKey ? placeOfKey(tree, counter, path) : place(path))
    }))
    throw invalid(problems)
  }
  return { document: result.data, text, sha256: sha256(text), place }
}

function readYaml(text: string, lineCounter: LineCounter): { tree: Document; value: unknown } {
  try {
    const tree = parseBoundedYaml(text, lineCounter)
    const problems = [...tree.errors, ...tree.warnings].map((problem): PolicyProblem => {
      const { line, col } = lineCounter.linePos(problem.pos[0])
      return { severity: 'error', path: '', message: sayingOf(problem), line, column: col }
    })
    if (problems.length > 0) throw invalid(problems)
    return { tree, value: tree.toJS({ maxAliasCount: 50 }) }
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause
    throw invalid([{ severity: 'error', path: '', message: sayingOf(cause as Error) }], cause)
  }
}

const sayingOf = ({ message }: Error): string => (/call stack/i.test(message) ? 'it is nested too deeply' : message)

/** A document of another kind, or without a version, is left to the schema. */
function refuseNewer(value: unknown): void {
  const { schema, version } = (value ?? {}) as { schema?: unknown; version?: unknown }
  if (schema === policySchemaName && typeof version === 'number' && version > policySchemaVersion)
    throw new WorkbenchError(
      'UNSUPPORTED_VERSION',
      `The policy has format version ${version}; this workbench reads up to ${policySchemaVersion}. Open it with a newer Drydock.`
    )
}

/** `problems` has at least one. */
function invalid(problems: PolicyProblem[], cause?: unknown): WorkbenchError {
  const [{ message, path, line, column }] = problems
  const where = line === undefined ? '' : ` at line ${line}, column ${column}`
  const at = path ? ` (${path})` : ''
  const more = problems.length > 1 ? ` It is the first of ${problems.length} problems.` : ''
  return new WorkbenchError(
    'INVALID_INPUT',
    `The policy cannot be read: ${message}${at}${where}.${more} Nothing was changed. Correct the text and try again.`,
    { details: { problems: problems.slice(0, 100) }, cause }
  )
}

/** The nearest node on the path that exists; for a missing key that is the map it belongs in. */
function placeOf(
  tree: Document,
  counter: LineCounter,
  text: string,
  path: readonly PropertyKey[],
  offset: number | undefined
): TextPlace | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = tree.getIn(path.slice(0, length), true)
    if (!isNode(node)) continue
    let [start] = node.range!
    if (length < path.length) {
      const firstKey = isMap(node) ? node.items[0]?.key : undefined
      if (isNode(firstKey)) [start] = firstKey.range!
    } else if (isScalar(node) && offset !== undefined) start = offsetIn(node, text, offset)
    const { line, col } = counter.linePos(start)
    return { line, column: col }
  }
  return undefined
}

/** Where the last key of a path stands, and not its value. */
function placeOfKey(tree: Document, counter: LineCounter, path: readonly PropertyKey[]): TextPlace | undefined {
  const map = tree.getIn(path.slice(0, -1), true)
  const key = isMap(map) && map.items.map((pair) => pair.key).find((each) => isScalar(each) && each.value === path.at(-1))
  if (!isNode(key)) return undefined
  const { line, col } = counter.linePos(key.range![0])
  return { line, column: col }
}

/** Where a character of a text stands: in plain and simple quoted style right there, in a block behind the indent of its line, else at the start. */
function offsetIn(node: Scalar, text: string, offset: number): number {
  const [start] = node.range!
  const value = String(node.value)
  const before = value.trimEnd().slice(0, offset)
  if (!node.type!.startsWith('BLOCK')) {
    const first = node.type === 'PLAIN' ? start : start + 1
    return text.startsWith(before, first) ? first + before.length : start
  }
  const lines = before.split('\n')
  const line = value.split('\n')[lines.length - 1]
  let lineStart = start
  for (const _ of lines) lineStart = text.indexOf('\n', lineStart) + 1
  const [written] = text.slice(lineStart).split(/\r?\n/, 1)
  return written.endsWith(line) ? lineStart + written.length - line.length + lines.at(-1)!.length : start
}
