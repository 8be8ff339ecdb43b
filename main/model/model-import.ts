import { z } from 'zod'
import { importChoicesSchema, importedModelSchema, type ImportChoices } from './imported-model'
import { paritySchema } from './parity'
import { placeInput } from './place'
import { identifierFor } from './pipeline'
import type { PipelineRun } from './pipeline-run'
import { Sha256, type RunId } from './reference'
import type { TargetValue } from './tasks'
import { modelSignatureSchema } from './training'

/** What an ONNX file says of itself, before any rows are looked at. */
export const modelOutlineSchema = z.object({
  name: z.string(),
  sha256: Sha256,
  bytes: z.int().min(0),
  producer: z.string(),
  operators: z.array(z.string()),
  /** `width`: how many columns go into it; null where the file leaves that open. */
  inputs: z.array(z.object({ name: z.string(), tensor: z.string(), width: z.int().nullable() })),
  outputs: z.array(z.object({ name: z.string(), tensor: z.string() })),
  /** Columns in the order of the inputs, as the metadata of the file names them; null where it does not. */
  columns: z.array(z.string()).nullable(),
  /** Classes in the order of the scores, where the file names them. */
  classes: z.array(z.union([z.string(), z.number()])).nullable()
})
export type ModelOutline = z.infer<typeof modelOutlineSchema>

/** A file, rows to try it on, and what a person says of it. */
export const draftRequestSchema = z.object({
  file: placeInput('read'),
  dataset: z.string().min(1).max(300),
  choices: importChoicesSchema,
  /** What the original predicted for these rows, a row each: CSV, Arrow or Parquet. */
  predictions: placeInput('read').optional(),
  threshold: z.number().min(0).max(1).default(0.5)
})
export type DraftRequest = z.infer<typeof draftRequestSchema>

/** What taking the file in would make of it. Nothing is kept. */
export const importDraftSchema = z.object({
  imported: importedModelSchema,
  signature: modelSignatureSchema,
  parity: paritySchema.nullable()
})
export type ImportDraft = z.infer<typeof importDraftSchema>

export interface ImportPipeline {
  name: string
  dataset: string
  /** SHA-256 of the version of it that was looked at; the newest where it is left out. */
  datasetVersion?: Sha256
  /** What the files are called in the folder "code". */
  file: string
  predictions?: string
  choices: ImportChoices
  /** The rows are those that the model learned from. */
  learned: boolean
  /** Rows that the model never saw, for its first test. */
  test?: string
  /** A policy whose gate is held over what the test finds. */
  policy?: string
}

/** A class as the target has it: numbers and truth values are written as such, and texts that look like them in quotes. */
export function classValue(text: string): TargetValue {
  try {
    const value: unknown = JSON.parse(text)
    return ['string', 'number', 'boolean'].includes(typeof value) ? (value as TargetValue) : text
  } catch {
    return text
  }
}

/** A name for the pipeline that takes in a file. */
export const importName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 60)
    .replace(/-+$/, '')

/** A name for the pipeline that takes a file in, which none of those `taken` has. */
export const freeImportName = (file: string, taken: Iterable<string>): string =>
  identifierFor(`import ${file.replace(/\.[^.]+$/, '')}`, new Set(taken), 'import-model')

/** The pipeline that takes a model in, and tests it where there are rows for that, as text. It registers nothing. */
export function importPipeline({
  name,
  dataset,
  datasetVersion,
  file,
  predictions,
  choices,
  learned,
  test,
  policy
}: ImportPipeline): string {
  const taken = {
    file,
    ...choices,
    ...(learned && { learned }),
    ...(predictions !== undefined && { predictions })
  }
  const steps: object[] = [
    { id: 'rows', type: 'source', parameters: { dataset, ...(datasetVersion !== undefined && { version: datasetVersion }) } },
    { id: 'model', type: 'import-model', inputs: { rows: 'rows.table' }, parameters: taken }
  ]
  if (test !== undefined)
    steps.push(
      { id: 'unseen', type: 'source', parameters: { dataset: test } },
      { id: 'evaluate', type: 'evaluate', inputs: { model: 'model.model', test: 'unseen.table' } }
    )
  if (test !== undefined && policy !== undefined)
    steps.push({ id: 'gate', type: 'gate', inputs: { model: 'model.model', evaluation: 'evaluate.evaluation' }, parameters: { policy } })
  // JSON is YAML, and no name in it has to be quoted by hand.
  return JSON.stringify({ schema: 'drydock.pipeline', version: 1, name, steps }, null, 2)
}

/**
 * The run with the model that such a pipeline took in: that of its first test, else that of the model. Where every step was done before, it is
 * the run that did it. Null where no model came of it.
 */
export function runOfImport({ steps }: Pick<PipelineRun, 'steps'>): RunId | null {
  const runOf = (id: string): RunId | null =>
    steps.find(({ stepId }) => stepId === id)?.outputs.find(({ run }) => run !== null)?.run ?? null
  return runOf('evaluate') ?? runOf('model')
}
