import { z } from 'zod'

const HEX_64 = /^[0-9a-f]{64}$/
/** A digest in a document from outside, with what is said of a text that is none. */
export const digestSchema = (complaint: string) => z.string().regex(HEX_64, complaint).brand<'Sha256'>()
/** Names bytes by what they are. */
export const Sha256 = digestSchema('A SHA-256 has 64 lowercase hex digits.')
export type Sha256 = z.infer<typeof Sha256>
/** Something that is called so, and its bytes. */
export const namedFile = z.object({ name: z.string(), sha256: Sha256 })
/** The first digits of one, enough to tell versions of a thing apart. */
export const isDigestStart = (text: string): boolean => /^[0-9a-f]{8,64}$/.test(text)
/** Every SHA-256 that a text holds, in its order. */
export const digestsIn = (text: string): string[] => text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? []
export const isSha256 = (text: string): text is Sha256 => HEX_64.test(text)

/** A run, one trial; an execution of a pipeline is something else. */
export const RunId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'A run id has 32 hex digits.')
  .brand<'RunId'>()
export type RunId = z.infer<typeof RunId>

/** A piece of work that takes time. */
export const JobId = z.uuid('A job is named by a uuid.').brand<'JobId'>()
export type JobId = z.infer<typeof JobId>
/** An execution of a pipeline; it is a job, by the same id. */
export const PipelineRunId = JobId.brand<'PipelineRunId'>()
export type PipelineRunId = z.infer<typeof PipelineRunId>

/** What a policy came to over a run, once. */
export const GateResultId = z.uuid('A gate result is named by a uuid.').brand<'GateResultId'>()
export type GateResultId = z.infer<typeof GateResultId>

/** An experiment: counted up in its workspace. */
export const ExperimentId = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'An experiment is named by a number.')
  .brand<'ExperimentId'>()
export type ExperimentId = z.infer<typeof ExperimentId>

/** A dataset, whatever it is called. */
export const DatasetId = z.uuid('A dataset is named by a uuid.').brand<'DatasetId'>()
export type DatasetId = z.infer<typeof DatasetId>

/** A report of a check in Data. */
export const QualityReportId = z.uuid('A quality report is named by a uuid.').brand<'QualityReportId'>()
export type QualityReportId = z.infer<typeof QualityReportId>

/** A person of a workspace. */
export const PersonId = z.uuid('A person is named by a uuid.').brand<'PersonId'>()
export type PersonId = z.infer<typeof PersonId>

/** How a thing of a workspace is written wherever it is named; see `parseReference`. */
export type Reference =
  /** Bytes: a dataset, pipeline, policy, an output of a step (`table:split.train`), a bundle. */
  | { kind: string; name: string | null; sha256: Sha256 }
  /** A registered model or a feature view, by its number. */
  | { kind: 'model' | 'feature'; name: string; number: number }
  | { kind: 'run' | 'person' | 'key'; id: string }

const KIND = /^[a-z][a-z-]{0,30}$/
/** Also what turns the direction of writing: a reference must look like what it is. */
const UNSEEN = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
const identities = new Map([
  ['run', /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ['person', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ['key', HEX_64]
])
const isName = (name: string): boolean => name.length > 0 && name.length <= 4096 && !UNSEEN.test(name)

/**
 * Reads `kind:name@sha256:hex`, `kind:sha256:hex` (also without `sha256:`), `model:name@2`, `feature:name@3`, `run:`, `person:` and `key:`
 * with their ids. Undefined for everything else; nothing is trimmed or guessed.
 */
export function parseReference(text: string): Reference | undefined {
  const colon = text.indexOf(':')
  const kind = text.slice(0, Math.max(0, colon))
  const rest = text.slice(colon + 1)
  if (!KIND.test(kind)) return undefined
  const identity = identities.get(kind)
  if (identity) return identity.test(rest) ? { kind: kind as 'run', id: rest } : undefined
  const at = rest.lastIndexOf('@')
  const name = at < 0 ? null : rest.slice(0, at)
  if (name !== null && !isName(name)) return undefined
  const version = rest.slice(at + 1)
  if (name !== null && (kind === 'model' || kind === 'feature') && /^[1-9]\d{0,8}$/.test(version))
    return { kind, name, number: Number(version) }
  const digest = version.startsWith('sha256:') ? version.slice(7) : name === null ? version : ''
  return isSha256(digest) ? { kind, name, sha256: digest } : undefined
}

/**
 * What a person writes for a thing or a version of it: `name` or `name@version`, each also behind its kind; a digest may stand without
 * `sha256:`. Undefined when no name is in it.
 */
export function parseNamed(kind: string, text: string): { name: string; version: string | null } | undefined {
  const own = text.startsWith(`${kind}:`) ? text.slice(kind.length + 1) : text
  const at = own.lastIndexOf('@')
  const name = at < 0 ? own : own.slice(0, at)
  return isName(name) ? { name, version: at < 0 ? null : own.slice(at + 1).replace(/^sha256:/, '') } : undefined
}

const namesVersion = (text: string): boolean => {
  const read = parseReference(text)
  return read?.kind === 'dataset' && 'sha256' in read && read.name !== null
}
/** A version of a dataset, whole: `dataset:name@sha256:hex`. */
export const DatasetRef = z
  .string()
  .refine(namesVersion, 'A version of a dataset is written dataset:name@sha256:hex.')
  .brand<'DatasetRef'>()
export type DatasetRef = z.infer<typeof DatasetRef>
export const isDatasetRef = (text: string): text is DatasetRef => namesVersion(text)

/** The text that `parseReference` reads back. */
export function printReference(reference: Reference): string {
  if ('id' in reference) return `${reference.kind}:${reference.id}`
  if ('number' in reference) return `${reference.kind}:${reference.name}@${reference.number}`
  return `${reference.kind}:${reference.name === null ? '' : `${reference.name}@`}${printDigest(reference.sha256)}`
}

/** `sha256:hex`, where only bytes are named. */
export const printDigest = (sha256: Sha256): string => `sha256:${sha256}`

/** `kind:name@sha256:...`, or `kind:sha256:...` without a name: the form of everything that is named by its content. */
export const contentReference = (kind: string, name: string | null, sha256: Sha256): string => printReference({ kind, name, sha256 })

/** The whole name of a run. */
export const runReference = (id: RunId): string => printReference({ kind: 'run', id })

/** The whole name of a version of a model, which lists write as `name@2`. */
export const modelReference = (version: string): string => `model:${version}`

/** The whole name of a version of a dataset. */
export const datasetReference = ({ name, sha256 }: { name: string; sha256: Sha256 }): DatasetRef =>
  contentReference('dataset', name, sha256) as DatasetRef

/** Digest of the bytes that a reference names, however odd the name before it (a file of a script has any); undefined when it names none. */
export function digestOf(text: string): Sha256 | undefined {
  const digest = text.slice(-64)
  const isNamed = text.length === 64 || /[:@]/.test(text.at(-65) ?? '')
  return isNamed && isSha256(digest) && !text.startsWith('key:') ? digest : undefined
}
