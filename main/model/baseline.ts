import { z } from 'zod'
import { columnPatchSchema, columnRoleSchema } from './dataset-column'
import { findingSeveritySchema } from './quality'
import { QualityReportId } from './reference'
import { targetValueSchema, taskNames } from './tasks'
import { algorithmSchema, holdBackSchema } from './training'
import { Identifier } from './pipeline'

/** What a first model is asked for: which column to predict, and which of its values is the event where that is not plain. */
export const baselineRequestSchema = z.object({
  dataset: z.string().min(1).max(300),
  target: z.string().min(1).max(500),
  event: targetValueSchema.optional(),
  /** Which kind of question it is; by the values of the target where it is left out. */
  task: z.enum(taskNames).optional(),
  /** How it is learned, if not by boosted trees. */
  algorithm: algorithmSchema.optional(),
  /** Without it that of an earlier baseline of the same dataset and target, else a free one. */
  name: Identifier.optional()
})
export type BaselineRequest = z.infer<typeof baselineRequestSchema>

/** The pipeline of an earlier baseline of the same dataset and target, of which a new version is made. */
export const baselineAgainSchema = z.object({
  /** How many versions it has. */
  versions: z.int(),
  /** It stands as it would be written, so a run of it makes no new version. */
  isSame: z.boolean(),
  /** Its newest version is not as a baseline wrote it. */
  isEdited: z.boolean(),
  /** Its policy is there and stays as it is: a limit that a person set is not taken back. */
  keepsPolicy: z.boolean()
})
export type BaselineAgain = z.infer<typeof baselineAgainSchema>

/** The documents of a first model, of which nothing is saved yet. */
export const baselineSchema = z.object({
  name: Identifier,
  dataset: z.string(),
  target: z.string(),
  /** Which kind of question the target asks. */
  task: z.enum(taskNames),
  algorithm: algorithmSchema,
  /** Of a yes or no. Null where it cannot be told; the pipeline then holds no event and its training refuses to run. */
  event: targetValueSchema.nullable(),
  /** Why the event cannot be told, with the next step. */
  doubt: z.string().nullable(),
  /** The different values of the target, where they are few enough to choose from; empty else. */
  values: z.array(targetValueSchema),
  /** How the rows that judge the model will be held back, and which share of all rows is asked for. */
  heldBack: holdBackSchema.extend({ share: z.number(), stratify: z.string().optional() }),
  /** Null where the name is new, or was given. */
  again: baselineAgainSchema.nullable(),
  /**
   * Columns that would be learned from and may give the target away, as the newest quality report says that looked for them in this
   * version; null where none looked for this target and event in all of these columns.
   */
  leaks: z
    .object({
      report: QualityReportId,
      findings: z.array(z.object({ columns: z.array(z.string()), title: z.string(), severity: findingSeveritySchema }))
    })
    .nullable(),
  /** YAML of both. */
  pipeline: z.string(),
  policy: z.string(),
  /** Roles that the documents count on and that the dataset does not say yet. */
  columns: z.array(columnPatchSchema)
})
export type Baseline = z.infer<typeof baselineSchema>

/** Columns that a first model could predict, and the one that looks most like an outcome; null where none does. */
export const baselineTargetsSchema = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string(), role: columnRoleSchema })),
  suggested: z.string().nullable()
})
export type BaselineTargets = z.infer<typeof baselineTargetsSchema>

/** In one sentence which rows judge a first model, and why these. */
export function describeHeldBack({ by, column, share, stratify }: Baseline['heldBack']): string {
  const part = `${Math.round(share * 100)}%`
  if (by === 'time') return `The newest ${part} of the rows by "${column}", which has the role time, are held back to judge the model.`
  if (by === 'group')
    return `Whole groups of "${column}", which has the role group, are held back to judge the model: about ${part} of the rows.`
  const alike = stratify === undefined ? '' : `, as many of each class or range of "${stratify}" as among the others`
  return `A random ${part} of the rows are held back to judge the model${alike}, because no column has the role group or time.`
}

/** What training writes, and what becomes of a pipeline that is there already. */
export function describeWritten({ name, again }: Pick<Baseline, 'name' | 'again'>): string {
  const draft = 'keeps the model as a draft'
  if (!again) return `Writes the pipeline and the policy "${name}", which you can read and change afterwards, and ${draft}.`
  const policy = again.keepsPolicy ? ' Its policy stays as it is.' : ` Writes the policy "${name}" anew.`
  if (again.isSame) return `Runs the pipeline "${name}" of the earlier baseline again, and ${draft}.${policy}`
  const kept = again.isEdited
    ? `It was edited since: the edited version ${again.versions} stays in its history.`
    : `Version ${again.versions} stays in its history.`
  return `Saves a new version of the pipeline "${name}" of the earlier baseline, and ${draft}. ${kept}${policy}`
}
