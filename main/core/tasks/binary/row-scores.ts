import { areSameJudged, into, plainField, readRowFile, real, whole, writeRowFile, type JudgedColumns, type RowColumns } from '../row-file'

/** What a model answered to each judged row. */
export interface RowScores extends RowColumns {
  /** 1 for the event, 0 for any other outcome. */
  labels: Uint8Array
  /** Probability of the event. */
  scores: Float64Array
}

/** The same as an evaluation hands it over. */
export interface ScoredOutcomes extends JudgedColumns {
  labels: Uint8Array
  scores: Float64Array
}

const [labelField, scoreField] = [plainField('label', whole(8)), plainField('score', real)]

/** Writes them as an Arrow IPC file; equal scores give equal bytes. */
export const writeRowScores = (path: string, { labels, scores, ...judged }: ScoredOutcomes): Promise<void> =>
  writeRowFile(path, judged, [
    { field: labelField, values: (from, to) => labels.slice(from, to) },
    { field: scoreField, values: (from, to) => scores.slice(from, to).map((score) => score + 0) }
  ])

/**
 * Reads the file that `writeRowScores` wrote.
 * @throws WorkbenchError INVALID_INPUT for a file of another form
 */
export const readRowScores = (path: string): RowScores =>
  readRowFile(path, {
    holds: 'the scores of judged rows',
    fieldsIn: () => [labelField, scoreField],
    prepare(rows) {
      const own = { labels: new Uint8Array(rows), scores: new Float64Array(rows) }
      return { own, takes: [into(own.labels), into(own.scores)] }
    }
  })

/** Whether two runs were judged on the same rows with the same outcomes and weights, row by row. */
export const areSameRows = (a: RowScores, b: RowScores): boolean => areSameJudged(a, b)
