import { countOf } from '../../model/count-of'
import type { ClassCosts } from '../../model/class-decision'
import { decidedCosts } from '../../model/decision'
import type { WorkProgress } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { rowReasonWords, type RowFinding, type ScoreReport, type Shift } from '../../model/scoring'
import { ArrowFileWriter } from '../../storage/arrow/file-writer'
import type { StagedTable } from '../datasets'
import type { ReasonSource } from '../explain'
import { eachFrame } from '../frames'
import { startScorer } from '../training'
import { answerBatch } from './answer-batch'
import { ColumnChecks } from './check-columns'
import { decidedOf, type Answers, type ScoreColumns } from './score-columns'
import { assertKinds, ShiftMeter, type ScoredModel } from '../scored-models'

/** What was found on the way through the rows. */
export interface Tally {
  checks: ColumnChecks
  shift: Shift
  reasons?: ScoreReport['reasons']
  /** Rows that the model has no answer to. */
  unscored?: number
  mean: number | null
  min: number | null
  max: number | null
}

interface StagedScoring {
  columns: ScoreColumns
  /** Path of the Arrow file of the scores. */
  scores: string
  strict: boolean
  /** Says what moved each answer most. */
  reasons?: ReasonSource
  /** A model that is a program may be started. */
  programs?: 'allowed'
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
}

/** Checks and scores a staged table batch by batch, and writes the scores as an Arrow file. Throws what `scoreFile` does. */
export async function scoreStaged(
  model: Pick<ScoredModel, 'path' | 'signature' | 'reference' | 'training'>,
  staged: Pick<StagedTable, 'file' | 'rows' | 'lineOf'>,
  { columns, scores, strict, reasons, programs, signal, onProgress }: StagedScoring
): Promise<Tally> {
  const { signature, reference } = model
  const checks = new ColumnChecks(signature, staged.lineOf)
  const meter = 'why' in reference ? undefined : new ShiftMeter(reference)
  const told = { rows: 0, scored: 0, sum: 0, min: Infinity, max: -Infinity }
  const writer = new ArrowFileWriter(scores, columns.fields)
  const scorer = await startScorer(model.path, signature, signal, { programs }).catch((error: unknown) => {
    writer.abort()
    throw error
  })
  try {
    const names = signature.inputs.map(({ name }) => name)
    await eachFrame(
      staged.file,
      [...new Set(names)],
      async (frame) => {
        assertKinds(signature, frame, told.rows)
        checks.add(frame)
        if (strict && checks.findingsInAll > 0) throw refused(checks.findings, told.rows + frame.rows)
        meter?.add(frame)
        const answers = await answerBatch(scorer, signature, frame, signal)
        if (reasons)
          answers.reasons = await reasons.of(frame, answers.width === 1 ? undefined : decidedFor(answers, decidedCosts(signature)))
        writer.writeBatch(columns.batch(answers, told.rows))
        tell(told, answers, columns)
        told.rows += frame.rows
        const done = staged.rows > 0 ? told.rows / staged.rows : 1
        onProgress?.({
          fraction: 0.3 + 0.65 * done,
          message: `Scoring: ${told.rows.toLocaleString('en')} of ${countOf(staged.rows, 'row')}`
        })
      },
      signal
    )
    await writer.finish()
  } catch (error) {
    writer.abort()
    throw error
  } finally {
    await scorer.close()
  }
  const isAny = told.scored > 0
  return {
    checks,
    shift: meter ? meter.result() : { told: false, why: (reference as { why: string }).why },
    ...(reasons && {
      reasons: {
        count: reasons.count,
        method: reasons.method,
        space: reasons.space,
        usual: model.training === undefined ? 'scored rows' : 'training rows'
      }
    }),
    ...(told.scored < told.rows && { unscored: told.rows - told.scored }),
    mean: isAny ? told.sum / told.scored : null,
    min: isAny ? told.min : null,
    max: isAny ? told.max : null
  }
}

const decidedFor = (answers: Answers, costs: ClassCosts | null): Uint16Array =>
  Uint16Array.from({ length: answers.rows }, (_, row) => decidedOf(answers, row, costs) ?? 0)

/** Rows without a score say nothing of the others. */
function tell(told: { scored: number; sum: number; min: number; max: number }, answers: Answers, { scoreOf }: ScoreColumns): void {
  for (let row = 0; row < answers.rows; row++) {
    const score = scoreOf(answers, row)
    if (Number.isNaN(score)) continue
    told.scored++
    told.sum += score
    if (score < told.min) told.min = score
    if (score > told.max) told.max = score
  }
}

function refused(findings: readonly RowFinding[], looked: number): WorkbenchError {
  const said = findings.slice(0, 3).map(({ row, line, column, reason, value }) => {
    const place = `row ${row}${line === null ? '' : ` (line ${line})`}`
    return `${place}: "${column}" is ${value === null ? '' : `${JSON.stringify(value)}, `}${rowReasonWords[reason]}`
  })
  return new WorkbenchError(
    'INVALID_INPUT',
    `Values that training did not know stand in the first ${countOf(looked, 'row')}, and --strict was asked: ${said.join('; ')}${findings.length > 3 ? ' and more' : ''}. Nothing was kept. Correct or leave out these rows, or score without --strict: the report then names them all.`,
    { details: { findings: findings.slice(0, 20) } }
  )
}
