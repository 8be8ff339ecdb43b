import { z } from 'zod'
import { importChoicesSchema } from './dataset'
import { RunInput, RunMetric } from './run'
import { namedFile, Sha256 } from './reference'

/** A table that the run read from a dataset: what a file has to give when it is imported again. */
export const recordedTableSchema = z.object({
  name: z.string(),
  sha256: Sha256,
  /** How the file was imported, and which it was; null for a version that no file made. */
  choices: importChoicesSchema,
  source: namedFile.nullable(),
  /** What can be said of a table that is another one; absent where the table was gone. */
  shape: z.object({ rows: z.int().min(0), columns: z.array(z.object({ name: z.string(), type: z.string() })) }).optional()
})

/**
 * What a run was made of and what came of it, as a bundle carries it: enough to do the run again where its data is, without its workspace.
 * No row and no secret stands in it.
 */
export const reproductionRecordSchema = z.object({
  schema: z.literal('drydock.reproduction-record'),
  version: z.literal(1),
  model: z.string(),
  /** The document of the pipeline as it was run, its parameters, and the step that judged the run. */
  pipeline: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  targetStep: z.string(),
  /** By step what it was frozen with. */
  frozen: z.record(z.string(), z.record(z.string(), z.unknown())),
  sources: z.array(z.object({ stepId: z.string(), reference: z.string(), sha256: Sha256 })),
  tables: z.array(recordedTableSchema),
  found: z.object({
    inputs: z.array(RunInput),
    metrics: z.record(z.string(), RunMetric),
    environment: z.record(z.string(), z.string()),
    modelDigest: Sha256.nullable(),
    artifacts: z.array(z.object({ kind: z.enum(['model', 'signature', 'row-scores']), sha256: Sha256 }))
  })
})
export type ReproductionRecord = z.infer<typeof reproductionRecordSchema>

/** Where a bundle carries it. */
export const reproductionRecordFile = 'lineage/reproduction.json'
