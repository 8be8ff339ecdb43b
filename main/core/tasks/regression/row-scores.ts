import type { Labels } from '../outcomes'
import { areSameJudged, into, plainField, readRowFile, real, writeRowFile, type JudgedColumns, type RowColumns } from '../row-file'
import { amountsOf } from './weighted'

/** What a model answered to each judged row: outcomes (rates where there is an exposure) and predictions. */
export interface RowScores extends RowColumns {
  labels: Float64Array
  scores: Float64Array
}

/** The same as an evaluation hands it over. */
export interface JudgedScores extends JudgedColumns {
  labels: Labels
  scores: Float64Array
}

const [labelField, scoreField] = [plainField('label', real), plainField('score', real)]

/** Writes them as an Arrow IPC file; equal scores give equal bytes. */
export function writeRowScores(path: string, { labels, scores, ...judged }: JudgedScores): Promise<void> {
  const amounts = amountsOf({ labels })
  const unsigned = (values: Float64Array) => (from: number, to: number) => values.slice(from, to).map((value) => value + 0)
  return writeRowFile(path, judged, [
    { field: labelField, values: unsigned(amounts) },
    { field: scoreField, values: unsigned(scores) }
  ])
}

/**
 * Reads the file that `writeRowScores` wrote.
 * @throws WorkbenchError INVALID_INPUT for a file of another form
 */
export const readRowScores = (path: string): RowScores =>
  readRowFile(path, {
    holds: 'the predictions of judged rows',
    fieldsIn: () => [labelField, scoreField],
    prepare(rows) {
      const own = { labels: new Float64Array(rows), scores: new Float64Array(rows) }
      return { own, takes: [into(own.labels), into(own.scores)] }
    }
  })

/** Whether two runs were judged on the same rows with the same outcomes and weights, row by row. */
export const areSameRows = (a: RowScores, b: RowScores): boolean => areSameJudged(a, b)
