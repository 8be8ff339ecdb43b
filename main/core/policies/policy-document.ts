import { isMap, isNode, isScalar, LineCounter, type Document, type Scalar } from 'yaml'
import { WorkbenchError } from '../../model/errors'
import { policyDocument, policySchemaName, policySchemaVersion, type PolicyDocument, type PolicyProblem } from '../../model/policy'
import { fit, withoutStop } from '../../model/schema-words'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import { parseBoundedYaml } from '../bounded-yaml'
import { placeOfKey, type TextPlace } from '../yaml-places'
import { soundPolicy, type SoundParts } from './sound-policy'

export const maximumPolicyBytes = 1_000_000

export interface ParsedPolicy {
  document: PolicyDocument
  text: string
  /** SHA-256 of the text as UTF-8, lower-case hex: the version of the policy. */
  sha256: Sha256
  /** The place of a value, such as ['rules', 0, 'expression'], optionally some characters into it. */
  place: (path: readonly PropertyKey[], offset?: number) => TextPlace | undefined
}

/** The parts of a policy that fit, as one whose text can be checked further. */
export type SoundPolicy = Pick<SoundParts, 'contradictions' | 'told'> & { policy: ParsedPolicy }

/** What a text holds: a policy, or what is wrong with it and what of it can be looked at nevertheless. */
export interface ReadPolicy {
  policy: ParsedPolicy | null
  problems: PolicyProblem[]
  /** Null where the policy is whole, and where nothing of the text is one. */
  sound: SoundPolicy | null
}

/**
 * Reads a policy document. Throws INVALID_INPUT with `details.problems` (each with line and column) when the YAML or the
 * structure is wrong, and UNSUPPORTED_VERSION for a document of a newer workbench. Expressions are judged by checkPolicy.
 */
export function parsePolicy(text: string): ParsedPolicy {
  const { policy, problems } = readPolicy(text)
  if (!policy) throw invalid(problems)
  return policy
}

/** As `parsePolicy`, where what is wrong with YAML and structure is returned. Throws for a text that is too large or of a newer workbench. */
export function readPolicy(text: string): ReadPolicy {
  if (Buffer.byteLength(text) > maximumPolicyBytes)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The policy is larger than 1 MB. A policy is a short list of rules; check that this is the right file.'
    )
  const counter = new LineCounter()
  const { tree, value, problems } = readYaml(text, counter)
  if (!tree) return { policy: null, problems, sound: null }
  const place = (path: readonly PropertyKey[], offset?: number): TextPlace | undefined => placeOf(tree, counter, text, path, offset)
  refuseNewer(value)
  const read = fit(policyDocument, value)
  const whole = { text, sha256: sha256(text), place }
  if (read.success && problems.length === 0) return { policy: { document: read.data, ...whole }, problems, sound: null }
  const found = (read.problems ?? []).map(({ path, message, isKey }): PolicyProblem => ({
    severity: 'error',
    path: path.map(String).join('.'),
    message,
    ...((isKey ? placeOfKey(tree, counter, path) : place(path)) ?? { line: 1, column: 1 })
  }))
  const sound = soundPolicy(read.success ? read.data : value, read.problems ?? [])
  return { policy: null, problems: [...problems, ...found], sound: { ...sound, policy: { document: sound.document, ...whole } } }
}

/** The nodes and what they stand for, also where keys stand twice; no nodes where the text is no YAML. */
function readYaml(text: string, lineCounter: LineCounter): { tree: Document | null; value?: unknown; problems: PolicyProblem[] } {
  try {
    const tree = parseBoundedYaml(text, lineCounter)
    const wrong = [...tree.errors, ...tree.warnings]
    const problems = wrong.map((problem): PolicyProblem => {
      const { line, col } = lineCounter.linePos(problem.pos[0])
      return { severity: 'error', path: '', message: sayingOf(problem), line, column: col }
    })
    if (wrong.some(({ code }) => code !== 'DUPLICATE_KEY')) return { tree: null, problems }
    return { tree, value: tree.toJS({ maxAliasCount: 50 }), problems }
  } catch (cause) {
    return { tree: null, problems: [{ severity: 'error', path: '', message: sayingOf(cause as Error) }] }
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
function invalid(problems: PolicyProblem[]): WorkbenchError {
  const [{ message, path, line, column }] = problems
  const where = line === undefined ? '' : ` at line ${line}, column ${column}`
  const at = path ? ` (${path})` : ''
  const more = problems.length > 1 ? ` It is the first of ${problems.length} problems.` : ''
  return new WorkbenchError(
    'INVALID_INPUT',
    `The policy cannot be read: ${withoutStop(message)}${at}${where}.${more} Nothing was changed. Correct the text and try again.`,
    { details: { problems: problems.slice(0, 100) } }
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
