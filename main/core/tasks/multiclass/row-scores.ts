import { areSameJudged, into, plainField, readRowFile, real, whole, writeRowFile, type RowColumns } from '../row-file'
import type { ScoredRows } from '../task'

/** What a model answered to each judged row. */
export interface ClassRowScores extends RowColumns {
  /** Place of the class among those of the evaluation's target. */
  labels: Uint16Array
  /** Probability of each class, row-major [rows * classes]. */
  scores: Float64Array
}

/** The same as an evaluation hands it over. */
export interface ScoredClasses extends ScoredRows {
  labels: Uint16Array
}

const labelField = plainField('label', whole(16))
const scoreField = (place: number) => plainField(`score_${place}`, real)
/** Numbers of one batch at most: the scores of all classes count. */
const batchNumbers = 1_048_576

/** Writes them as an Arrow IPC file, the scores of the classes as columns `score_0`, `score_1`, ...; equal scores give equal bytes. */
export function writeRowScores(path: string, { labels, scores, ...judged }: ScoredClasses): Promise<void> {
  const { rows, groups, weights, clusters } = judged
  const classes = rows.length === 0 ? 0 : scores.length / rows.length
  const scoresOf = (place: number) => (from: number, to: number) =>
    Float64Array.from({ length: to - from }, (_, at) => scores[(from + at) * classes + place]! + 0)
  const own = Array.from({ length: classes }, (_, place) => ({ field: scoreField(place), values: scoresOf(place) }))
  const columns = 2 + classes + [groups, weights, clusters].filter(Boolean).length
  return writeRowFile(
    path,
    judged,
    [{ field: labelField, values: (from, to) => labels.slice(from, to) }, ...own],
    Math.max(1024, Math.floor(batchNumbers / columns))
  )
}

/**
 * Reads the file that `writeRowScores` wrote.
 * @throws WorkbenchError INVALID_INPUT for a file of another form
 */
export function readRowScores(path: string): ClassRowScores {
  const found = readRowFile(path, {
    holds: 'the scores of judged rows with several classes',
    fieldsIn(names) {
      const classes = names.filter((name) => name.startsWith('score_')).length
      return classes < 2 ? undefined : [labelField, ...Array.from({ length: classes }, (_, place) => scoreField(place))]
    },
    prepare(rows, columns) {
      const classes = columns - 1
      const own = { labels: new Uint16Array(rows), scores: new Float64Array(rows * classes) }
      const takeScores = (place: number) => (buffer: ArrayBuffer, byteOffset: number, count: number, at: number) => {
        const values = new Float64Array(buffer, byteOffset, count)
        for (let row = 0; row < count; row++) own.scores[(at + row) * classes + place] = values[row]!
      }
      return { own, takes: [into(own.labels), ...Array.from({ length: classes }, (_, place) => takeScores(place))] }
    }
  })
  return { ...found, weights: found.weights ?? null, clusters: found.clusters ?? null }
}

/** Whether two runs were judged on the same rows with the same classes and weights, row by row. */
export const areSameRows = (a: ClassRowScores, b: ClassRowScores): boolean => areSameJudged(a, b) && a.scores.length === b.scores.length
