import { z } from 'zod'
import { WorkbenchError } from './errors'
import { Sha256 } from './reference'
import { describeRepeated, describeSplit, type SplitCheck } from './split-check'

/** What an evaluation is about, by digest: the model (`model.onnx`), the rows it was judged on and those it learned from. */
export const evaluationSubject = z.object({
  model: Sha256,
  /** The document that names all files of the model: `model.onnx` with its signature and the record of its training. */
  manifest: Sha256.optional(),
  rows: Sha256,
  /** What the judged rows are called. */
  split: z.string(),
  /** Null when the model does not say, as one of a script; the judged rows when a step that made the model read them. */
  trainingRows: Sha256.nullable(),
  /** Whether the judged rows come from elsewhere than those of the training, or were split from the same table; of both by the journal. */
  separated: z.boolean().optional()
})
export type EvaluationSubject = z.infer<typeof evaluationSubject>

/** What a gate result is about, by digest: the model and its files, the documents that were judged (as files) and the policy's text. */
export const gateSubject = z.object({
  model: Sha256,
  manifest: Sha256.optional(),
  evaluation: Sha256,
  quality: Sha256.nullable(),
  policy: Sha256
})
export type GateSubject = z.infer<typeof gateSubject>

/** Share of the judged rows that the training may share before a gate blocks, whatever its policy says. */
export const MAX_SHARED_SHARE = 0.01

/** Whether judged rows are apart from those that the model learned from. */
export const independence = z.object({
  sameTable: z.boolean(),
  /** Judged rows that stand in the training table too, compared by digest; null when the training rows are not known. */
  shared: z.int().min(0).nullable(),
  /** Of the judged rows, 0..1. */
  share: z.number().min(0).max(1).nullable(),
  /** Judged rows that only numbers and marks which the model does not read tell from rows of the training, where chance does not explain them. */
  alike: z.int().min(0).optional(),
  /** False when both were made from the same table, and nothing split it into the two. */
  separated: z.boolean().optional(),
  /** `not-known` when the model does not say what it learned from, or when nothing separated the two. */
  verdict: z.enum(['independent', 'few-shared', 'not-independent', 'not-known'])
})
export type Independence = z.infer<typeof independence>

interface Judged {
  subject: { rows: string; trainingRows: string | null; separated?: boolean } | null
  rowsShared: number | null
  rowsAlike?: number | null
  rows: { judged: number }
}

/** What the judged rows are called where their number is said: `test split`, or `training split` whatever the evaluation calls it. */
export const judgedSplit = ({ subject, split }: { subject: EvaluationSubject | null; split: string }): string =>
  `${subject !== null && subject.rows === subject.trainingRows ? 'training' : split} split`

/** How far an evaluation can be believed to be about new rows. Documents made before subjects existed are `not-known`. */
export function independenceOf({ subject, rowsShared, rowsAlike, rows }: Judged): Independence {
  const sameTable = subject !== null && subject.rows === subject.trainingRows
  const share = rowsShared === null || rows.judged === 0 ? null : rowsShared / rows.judged
  const separated = subject?.separated
  const alike = rowsAlike ?? 0
  const verdict =
    sameTable || (share !== null && share > MAX_SHARED_SHARE)
      ? 'not-independent'
      : alike > 0
        ? 'not-known'
        : share !== null && share > 0
          ? 'few-shared'
          : share === null || separated === false
            ? 'not-known'
            : 'independent'
  return { sameTable, shared: rowsShared, share, separated, ...(alike > 0 && { alike }), verdict }
}

/** What a reader must see of it, with how grave it is; null when there is nothing to say. Shared rows are red wherever they are shown. */
export function describeIndependence(found: Independence): { tone: 'error' | 'warn'; text: string } | null {
  const text = independenceText(found)
  return text === null ? null : { tone: found.verdict === 'not-known' && !found.alike ? 'warn' : 'error', text }
}

/**
 * What a reader must see of both before any figure: of rows that the two sides share, of what else ties them, and of what the intervals do
 * not know; none when there is nothing to say.
 */
export function judgedRowsNotes(
  found: Independence | undefined,
  check: SplitCheck | null | undefined
): { tone: 'error' | 'warn'; text: string }[] {
  const said = found && describeIndependence(found)
  const repeated = check ? describeRepeated(check).map((text) => ({ tone: 'warn' as const, text })) : []
  return [...(said ? [said] : []), ...(check ? describeSplit(check) : []), ...repeated]
}

function independenceText({ sameTable, shared, share, alike, verdict }: Independence): string | null {
  if (sameTable) return 'Judged on the rows that the model was trained on: these figures say nothing about new rows.'
  if (verdict === 'not-known' && alike)
    return `${alike} of the judged rows are to the model like rows of its training, more than chance explains: whether they are the same rows under another number or mark is not known.`
  if (verdict === 'not-known') return unknownIndependence(shared)
  if (verdict === 'independent') return null
  const percent = `${((share ?? 0) * 100).toFixed(share! < 0.001 ? 3 : 1)}%`
  return `${shared} of the judged rows (${percent}) stand in the training rows too${verdict === 'few-shared' ? '.' : ': these figures say little about new rows.'}`
}

/** Why nothing can be said of rows of which none, or nobody knows how many, stand in the training too. */
const unknownIndependence = (shared: number | null): string =>
  shared === null
    ? 'Whether the judged rows are apart from the training rows is not known.'
    : 'Whether the judged rows are apart from the training rows is not known: both were made from the same table, and no step split it into the two.'

const short = (sha256: Sha256 | null | undefined): string => (sha256 ? sha256.slice(0, 8) : 'none')

const mismatch = (message: string, details: Record<string, unknown>): WorkbenchError =>
  new WorkbenchError('EVIDENCE_MISMATCH', message, { details })

/** What a gate is held over: the model, the evaluation's subject, and the table of the quality report with the tables that would fit it. */
export interface GateEvidence {
  model: Sha256 | undefined
  /** The document of the model's files. */
  manifest: Sha256
  evaluation: EvaluationSubject | null
  quality?: { table: Sha256; splitSources: readonly Sha256[] }
}

/** Tables that a quality report beside an evaluation may be about; `splitSources` are those that the two tables of it were split from. */
export const fittingTables = ({ rows, trainingRows }: EvaluationSubject, splitSources: readonly Sha256[]): Sha256[] => [
  rows,
  ...(trainingRows === null ? [] : [trainingRows]),
  ...splitSources
]

/**
 * Refuses documents that are not about the model a gate is held over: an evaluation of another model, one over the training rows, a
 * quality report of a table that is neither the training table, nor the evaluated one, nor the one both were split from.
 * Throws EVIDENCE_MISMATCH.
 */
export function assertAboutModel({ model, manifest, evaluation, quality }: GateEvidence): void {
  if (!evaluation?.manifest)
    throw mismatch(
      'The evaluation was made by an earlier Drydock and does not say which model and rows it is about, so no gate can be held over it. Run its evaluate step again.',
      {}
    )
  if (evaluation.model !== model)
    throw mismatch(
      `The evaluation is about the model ${short(evaluation.model)}, not about the model ${short(model)} that the gate is held over. Connect the evaluation of this model.`,
      { evaluated: evaluation.model, model }
    )
  if (evaluation.manifest !== manifest)
    throw mismatch(
      `The evaluation is about the model ${short(model)} with other files (signature, record of the training) than those that the gate is held over. Connect the same output to both, or evaluate this one.`,
      { evaluated: evaluation.manifest, manifest }
    )
  if (evaluation.rows === evaluation.trainingRows)
    throw mismatch(
      'The evaluation was made over the rows that the model was trained on, so it says nothing about new rows and no gate can be held over it. Split the table and evaluate on the part that was held back.',
      { rows: evaluation.rows }
    )
  if (!quality) return
  if (!fittingTables(evaluation, quality.splitSources).includes(quality.table))
    throw mismatch(
      `The quality report is about the table ${short(quality.table)}, which is neither the training table, nor the evaluated one, nor the one both were split from. Check the table that the split divides.`,
      { table: quality.table, rows: evaluation.rows, trainingRows: evaluation.trainingRows }
    )
}

/** Refuses a gate result that names another model or other documents than those at hand. Throws EVIDENCE_MISMATCH. */
export function assertSameSubject(found: GateSubject | null, wanted: Partial<GateSubject>, what: string): void {
  if (!found) throw mismatch(`${what} was made by an earlier Drydock and does not say what it is about. Run its gate step again.`, {})
  for (const [part, digest] of Object.entries(wanted))
    if (found[part as keyof GateSubject] !== digest)
      throw mismatch(
        `${what} is about another ${part} (${short(found[part as keyof GateSubject])}) than the one here (${short(digest)}). Connect the gate that was held over it.`,
        { part, found: found[part as keyof GateSubject], wanted: digest }
      )
}
