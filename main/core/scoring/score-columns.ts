import { WorkbenchError } from '../../model/errors'
import type { ModelSignature } from '../../model/training'
import type { ArrowField } from '../../storage/arrow/arrow-types'
import type { OutgoingBatch } from '../../storage/arrow/file-writer'

/** What a model answered to some rows: `width` values a row, one after the other. */
export interface Answers {
  rows: number
  width: number
  scores: Float64Array
}

/** The columns of a table of scores, and how a batch of answers fills them. */
export interface ScoreColumns {
  readonly fields: ArrowField[]
  readonly names: string[]
  /** @param before rows before this batch, so that rows count on */
  batch(answers: Answers, before: number): OutgoingBatch
}

type Cells = { data: Uint8Array[] }
type Fill = (answers: Answers, before: number) => Cells

const empty = new Uint8Array(0)
const bytesOf = (array: Float64Array | BigInt64Array | Int32Array | Int8Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** What a signature says of classes; binary and amounts have none. */
export function classesOf({ target }: Pick<ModelSignature, 'target'>): string[] | null {
  const { classes } = target as { classes?: unknown }
  return Array.isArray(classes) ? classes.map(String) : null
}

/**
 * `row`, counted from 1, and `score`: the probability of the event or the predicted amount. With `decidesFrom` also `decision`, 1 from that
 * score on and else 0. For several classes `label`, the class with the largest probability (the first of equal ones), whose probability is
 * `score`, and `score_<class>` for each.
 */
export function scoreColumns(signature: Pick<ModelSignature, 'target'>, decidesFrom: number | null): ScoreColumns {
  const columns: { name: string; type: ArrowField['type']; fill: Fill }[] = [
    {
      name: 'row',
      type: { kind: 'int', bits: 64, signed: true },
      fill: ({ rows }, before) => ({ data: [bytesOf(BigInt64Array.from({ length: rows }, (_, row) => BigInt(before + row + 1)))] })
    }
  ]
  const number = (name: string, of: (answers: Answers, row: number) => number): void => {
    const fill: Fill = (answers) => ({ data: [bytesOf(Float64Array.from({ length: answers.rows }, (_, row) => of(answers, row)))] })
    columns.push({ name, type: { kind: 'float', bits: 64 }, fill })
  }
  const classes = classesOf(signature)
  if (classes) {
    columns.push({ name: 'label', type: { kind: 'utf8', layout: 'offset32' }, fill: (answers) => labels(answers, classes) })
    number('score', ({ scores, width }, row) => scores[row * width + largest(scores, row, width)]!)
    classes.forEach((name, index) => number(`score_${name}`, ({ scores, width }, row) => scores[row * width + index]!))
  } else {
    number('score', ({ scores }, row) => scores[row]!)
    if (decidesFrom !== null)
      columns.push({
        name: 'decision',
        type: { kind: 'int', bits: 8, signed: true },
        fill: ({ rows, scores }) => ({
          data: [bytesOf(Int8Array.from({ length: rows }, (_, row) => (scores[row]! >= decidesFrom ? 1 : 0)))]
        })
      })
  }
  return {
    fields: columns.map(({ name, type }) => ({ name, type, nullable: false, children: [] })),
    names: columns.map(({ name }) => name),
    batch(answers, before) {
      const cells = columns.map(({ fill }) => fill(answers, before))
      return {
        rows: answers.rows,
        nodes: columns.flatMap(() => [answers.rows, 0]),
        buffers: cells.flatMap(({ data }) => [empty, ...data])
      }
    }
  }
}

/** Index of the largest of a row's scores, the first of equal ones. */
function largest(scores: Float64Array, row: number, width: number): number {
  let best = 0
  for (let index = 1; index < width; index++) if (scores[row * width + index]! > scores[row * width + best]!) best = index
  return best
}

function labels({ rows, scores, width }: Answers, classes: readonly string[]): Cells {
  const texts = classes.map((text) => Buffer.from(text, 'utf8'))
  const offsets = new Int32Array(rows + 1)
  const parts: Buffer[] = []
  for (let row = 0; row < rows; row++) {
    const text = texts[largest(scores, row, width)]!
    parts.push(text)
    offsets[row + 1] = offsets[row]! + text.length
  }
  return { data: [bytesOf(offsets), Buffer.concat(parts)] }
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
