import { decideClass, type ClassCosts } from '../../model/class-decision'
import { decidedCosts } from '../../model/decision'
import { boundsOf, isSetScore, setOf } from '../../model/conformal'
import { WorkbenchError } from '../../model/errors'
import { answerNames } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'
import type { ArrowField } from '../../storage/arrow/arrow-types'
import type { OutgoingBatch } from '../../storage/arrow/file-writer'
import type { LargestReasons } from '../explain'
import { bytesOf, flags, floats, floatType, texts, textType, type Cells, type ColumnType } from './columns'

/** What a model answered to some rows: `width` values a row, one after the other, and what moved each answer most where that was asked. */
export interface Answers {
  rows: number
  width: number
  scores: Float64Array
  reasons?: LargestReasons
}

/** The columns of a table of scores, and how a batch of answers fills them. */
export interface ScoreColumns {
  readonly fields: ArrowField[]
  readonly names: string[]
  /** @param before rows before this batch, so that rows count on */
  batch(answers: Answers, before: number): OutgoingBatch
  /** The score of a row. */
  scoreOf(answers: Answers, row: number): number
}

interface ScoreColumn {
  name: string
  type: ColumnType
  fill(answers: Answers, before: number): Cells
}

const empty = new Uint8Array(0)

/** What a signature says of classes; binary and amounts have none. */
function classesOf({ target }: Pick<ModelSignature, 'target'>): string[] | null {
  const { classes } = target as { classes?: unknown }
  return Array.isArray(classes) ? classes.map(String) : null
}

/**
 * Place of the class that a row is decided for, the first of equal ones: the likeliest, or that of least expected cost where decisions have
 * costs; null where a score is missing, which might be the one.
 */
export function decidedOf({ scores, width }: Answers, row: number, costs: ClassCosts | null): number | null {
  for (let index = 0; index < width; index++) if (Number.isNaN(scores[row * width + index]!)) return null
  return decideClass(scores, row * width, width, costs)
}

const float = (name: string, of: (answers: Answers, row: number) => number): ScoreColumn => ({
  ...{ name, type: floatType },
  fill: (answers) => floats(answers.rows, (row) => of(answers, row))
})
const text = (name: string, of: (answers: Answers, row: number) => string | null): ScoreColumn => ({
  ...{ name, type: textType },
  fill: (answers) => texts(answers.rows, (row) => of(answers, row))
})

const rowNumber: ScoreColumn = {
  name: 'row',
  type: { kind: 'int', bits: 64, signed: true },
  fill: ({ rows }, before) => ({ data: [bytesOf(BigInt64Array.from({ length: rows }, (_, row) => BigInt(before + row + 1)))] })
}

const decision = (from: number): ScoreColumn => ({
  name: 'decision',
  type: { kind: 'int', bits: 8, signed: true },
  fill: ({ rows, scores }) => flags(rows, (row) => (Number.isNaN(scores[row]!) ? null : scores[row]! >= from))
})

/** `lower` and `upper` of an amount, or `set`, the classes that hold the outcome, the likeliest first. */
function intervalColumns(signature: ModelSignature): ScoreColumn[] {
  const { intervals } = signature
  if (!intervals) return []
  if (!isSetScore(intervals.score))
    return (['lower', 'upper'] as const).map((side) =>
      float(side, ({ scores }, row) => boundsOf(intervals, scores[row]!)[side] ?? Number.NaN)
    )
  const names = answerNames(signature)
  const both = names.length === 1 ? [`not ${names[0]}`, names[0]!] : names
  const probabilities = ({ scores, width }: Answers, row: number): number[] =>
    width === 1 ? [1 - scores[row]!, scores[row]!] : [...scores.subarray(row * width, (row + 1) * width)]
  return [
    text('set', (answers, row) =>
      decidedOf(answers, row, null) === null
        ? null
        : setOf(intervals, probabilities(answers, row))
            .map((place) => both[place])
            .join('|')
    )
  ]
}

const reasonColumns = (count: number): ScoreColumn[] =>
  Array.from({ length: count }, (_, place) => [
    text(`reason_${place + 1}`, ({ reasons }, row) => reasons!.names[row * count + place]!),
    float(`contribution_${place + 1}`, ({ reasons }, row) => reasons!.amounts[row * count + place]!)
  ]).flat()

/**
 * `row`, counted from 1, and `score`: the probability of the event or the predicted amount. With `decidesFrom` also `decision`, 1 from that
 * score on and else 0. A row without a score has no decision, label or set. For several classes `label`, the class that is decided for, whose probability is
 * `score`, and `score_<class>` for each. Then `lower` and `upper`, or `set`, where the signature has intervals, and `reason_1`,
 * `contribution_1` and so on for as many reasons as are asked for.
 */
export function scoreColumns(signature: ModelSignature, decidesFrom: number | null, reasons = 0): ScoreColumns {
  const classes = classesOf(signature)
  const costs = decidedCosts(signature)
  const scoreOf: ScoreColumns['scoreOf'] = classes
    ? (answers, row) => {
        const best = decidedOf(answers, row, costs)
        return best === null ? Number.NaN : answers.scores[row * answers.width + best]!
      }
    : ({ scores }, row) => scores[row]!
  const columns: ScoreColumn[] = [
    rowNumber,
    ...(classes ? [text('label', (answers, row) => classes[decidedOf(answers, row, costs) ?? -1] ?? null)] : []),
    float('score', scoreOf),
    ...(classes ?? []).map((name, index) => float(`score_${name}`, ({ scores, width }, row) => scores[row * width + index]!)),
    ...(classes === null && decidesFrom !== null ? [decision(decidesFrom)] : []),
    ...intervalColumns(signature),
    ...reasonColumns(reasons)
  ]
  return {
    scoreOf,
    fields: columns.map(({ name, type }) => ({ name, type, nullable: true, children: [] })),
    names: columns.map(({ name }) => name),
    batch(answers, before) {
      const cells = columns.map(({ fill }) => fill(answers, before))
      return {
        rows: answers.rows,
        nodes: cells.flatMap(({ missing }) => [answers.rows, missing?.count ?? 0]),
        buffers: cells.flatMap(({ data, missing }) => [missing?.bits ?? empty, ...data])
      }
    }
  }
}

/** @throws WorkbenchError INVALID_INPUT for a column of the file that would have the name of one of the scores */
export function assertKept(keep: readonly string[], own: readonly string[]): void {
  const taken = keep.find((name) => own.some((each) => each.toLowerCase() === name.toLowerCase()))
  if (taken !== undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The scores have a column "${taken}" of their own, so that of the file cannot be kept under this name. Rename it with --rename.`
    )
}
