import type { KeyChange } from '../../model/pipeline-run'
import { sha256 } from '../../storage/objects/durable-files'

/** JSON with sorted keys, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value && typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`)
      .join(',')}}`
  return JSON.stringify(value) ?? 'null'
}

export interface KeySource {
  type: string
  version: number
  parameters: Record<string, unknown>
  frozen: Record<string, unknown>
  /** Input port -> SHA-256 of the file. */
  inputs: Record<string, string>
  environment: string
  /** Version of each engine by name. */
  engines: Readonly<Record<string, string>>
  /** Declared environment variables; only hashes of their values are kept, for they may be secret. */
  variables: Record<string, string | undefined>
}

const MAX_SHOWN = 200
const shown = (text: string): string => (text.length <= MAX_SHOWN ? text : `${text.slice(0, 120)}… (sha256 ${sha256(text).slice(0, 16)})`)

/**
 * The content key of a step: equal keys mean that the outputs may be taken over. No time, no path, no machine name goes in.
 * `parts` name each ingredient, so that a rerun can be explained.
 */
export function contentKey(source: KeySource): { key: string; parts: Record<string, string> } {
  const full: Record<string, string> = { 'step type': source.type, 'step version': String(source.version), environment: source.environment }
  for (const [name, version] of Object.entries(source.engines)) full[`engine ${name}`] = version
  for (const [name, value] of Object.entries(source.parameters)) full[`parameter ${name}`] = canonicalJson(value)
  for (const [name, value] of Object.entries(source.frozen)) full[`fixed ${name}`] = canonicalJson(value)
  for (const [port, digest] of Object.entries(source.inputs)) full[`input ${port}`] = digest
  for (const [name, value] of Object.entries(source.variables)) full[`variable ${name}`] = value === undefined ? 'not set' : sha256(value)
  return { key: sha256(canonicalJson(full)), parts: Object.fromEntries(Object.entries(full).map(([name, text]) => [name, shown(text)])) }
}

/** What differs between two keys, in words for a person. */
export function compareKeys(before: Record<string, string>, after: Record<string, string>): KeyChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names
    .filter((name) => before[name] !== after[name])
    .map((part) => ({ part, before: before[part] ?? null, after: after[part] ?? null }))
}
