import type { ArrowField } from '../../storage/arrow/arrow-types'
import { ArrowFileWriter } from '../../storage/arrow/file-writer'
import type { ModelSignature } from '../../model/training'

/** Scores of the rows of one fold, by a model that did not learn from them. */
export interface FoldScores {
  /** Both from 1. */
  repeat: number
  fold: number
  /** Numbers of the rows in the table, from 0, as the scores of an evaluation have them. */
  rows: Uint32Array
  labels: Float64Array
  /** Row-major, `width` values a row. */
  scores: Float64Array
}

const whole = (bits: 16 | 32): ArrowField['type'] => ({ kind: 'int', bits, signed: false })
const real: ArrowField['type'] = { kind: 'float', bits: 64 }
const field = (name: string, type: ArrowField['type']): ArrowField => ({ name, type, nullable: false, children: [] })

/** The score columns of a task: `score`, or `score_<class>` for each of several classes. */
function scoreNames({ classes }: { classes?: readonly unknown[] }): string[] {
  return classes ? classes.map((each) => `score_${String(each)}`) : ['score']
}

/**
 * Writes `row`, `fold`, `repeat`, `label` (1 for the event, the place of the class from 0, or the amount; per unit of an exposure) and the
 * scores as an Arrow IPC file: a batch for each fold, equal scores in equal bytes. Returns the names of the columns.
 */
export async function writeOutOfFold(path: string, target: ModelSignature['target'], folds: readonly FoldScores[]): Promise<string[]> {
  const names = scoreNames(target as { classes?: readonly unknown[] })
  const fields = [field('row', whole(32)), field('fold', whole(16)), field('repeat', whole(16)), field('label', real)]
  const writer = new ArrowFileWriter(path, [...fields, ...names.map((name) => field(name, real))])
  try {
    for (const { repeat, fold, rows, labels, scores } of folds) {
      const columns = [
        rows,
        new Uint16Array(rows.length).fill(fold),
        new Uint16Array(rows.length).fill(repeat),
        labels,
        ...names.map((_, at) => Float64Array.from(rows, (_row, place) => scores[place * names.length + at]! + 0))
      ]
      writer.writeBatch({
        rows: rows.length,
        nodes: columns.flatMap(() => [rows.length, 0]),
        buffers: columns.flatMap(({ buffer, byteOffset, byteLength }) => [
          new Uint8Array(0),
          new Uint8Array(buffer, byteOffset, byteLength)
        ])
      })
    }
    await writer.finish()
  } catch (error) {
    writer.abort()
    throw error
  }
  return [...fields.map(({ name }) => name), ...names]
}
