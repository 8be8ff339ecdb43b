import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { WorkbenchError } from '../../model/errors'
import { policyDocument, policySchemaName, policySchemaVersion, type PolicyDocument, type PolicyProblem } from '../../model/policy'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'

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

type Upcaster = (document: Record<string, unknown>) => Record<string, unknown>
/** From version n to n + 1, keyed by n; old documents are lifted step by step before they are validated. */
const upcasters: Readonly<Record<number, Upcaster>> = {}

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
  const result = policyDocument.safeParse(upcast(value))
  if (!result.success) {
    const problems = result.error.issues.map((issue): PolicyProblem => ({
      severity: 'error',
      path: issue.path.map(String).join('.'),
      message: issue.message,
      ...place(issue.path)
    }))
    throw invalid(problems)
  }
  return { document: result.data, text, sha256: sha256(text), place }
}

function readYaml(text: string, lineCounter: LineCounter): { tree: Document; value: unknown } {
  let tree: Document
  try {
    tree = parseDocument(text, { lineCounter, schema: 'core', uniqueKeys: true, prettyErrors: false, merge: false, stringKeys: true })
  } catch (cause) {
    const message = cause instanceof RangeError ? 'it is nested too deeply' : String(cause)
    throw invalid([{ severity: 'error', path: '', message }], cause)
  }
  const problems = [...tree.errors, ...tree.warnings].map((problem): PolicyProblem => {
    const { line, col } = lineCounter.linePos(problem.pos[0])
    return { severity: 'error', path: '', message: problem.message, line, column: col }
  })
  if (problems.length > 0) throw invalid(problems)
  try {
    return { tree, value: tree.toJS({ maxAliasCount: 50 }) }
  } catch (cause) {
    throw invalid([{ severity: 'error', path: '', message: cause instanceof Error ? cause.message : String(cause) }], cause)
  }
}

function upcast(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  let document = value as Record<string, unknown>
  if (document.schema !== policySchemaName || typeof document.version !== 'number') return document
  if (document.version > policySchemaVersion)
    throw new WorkbenchError(
      'UNSUPPORTED_VERSION',
      `The policy has format version ${document.version}; this workbench reads up to ${policySchemaVersion}. Open it with a newer Drydock.`
    )
  for (let version = document.version; version < policySchemaVersion; version += 1) {
    const lift = upcasters[version]
    if (!lift) return document
    document = lift(document)
  }
  return document
}

function invalid(problems: PolicyProblem[], cause?: unknown): WorkbenchError {
  const [first] = problems
  const where = first?.line === undefined ? '' : ` at line ${first.line}, column ${first.column}`
  const at = first?.path ? ` (${first.path})` : ''
  const more = problems.length > 1 ? ` There are ${problems.length - 1} more problems.` : ''
  const message = `The policy cannot be read: ${first?.message ?? 'unknown problem'}${at}${where}.${more} Nothing was changed. Correct the text and try again.`
  return new WorkbenchError('INVALID_INPUT', message, { details: { problems: problems.slice(0, 100) }, cause })
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
    const keys = path.slice(0, length).map((key) => (typeof key === 'symbol' ? String(key) : key))
    const node = length === 0 ? tree.contents : tree.getIn(keys, true)
    if (!isNode(node) || !node.range) continue
    let start = node.range[0]
    if (length === path.length && isScalar(node) && offset !== undefined)
      start = offsetIn(node.type, typeof node.value === 'string' ? node.value : '', text, start, offset)
    if (isMap(node) && length < path.length && node.items[0] && isNode(node.items[0].key)) start = node.items[0].key.range?.[0] ?? start
    const { line, col } = counter.linePos(start)
    return { line, column: col }
  }
  return undefined
}

/** Characters of a scalar stand in the text as they are in plain and simple quoted style; a block keeps its lines but not their indent. */
function offsetIn(type: string | undefined, value: string, text: string, start: number, offset: number): number {
  const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? 1 : 0
  if (text.startsWith(value.slice(0, offset), start + quoted)) return start + quoted + offset
  const line = value.slice(value.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? ''
  const found = line === '' ? -1 : text.indexOf(line, start)
  return found < 0 ? start : found + (offset - (value.lastIndexOf('\n', offset - 1) + 1))
}
