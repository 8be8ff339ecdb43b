import { WorkbenchError } from '../../../model/errors'
import { loadBatchColumn, openArrowFile, type ArrowFile } from '../../../storage/arrow/arrow-file'
import type { ArrowField } from '../../../storage/arrow/arrow-types'
import { FilePool } from '../../../storage/arrow/file-handles'
import { ArrowFileWriter } from '../../../storage/arrow/file-writer'
import type { ScoredRows } from '../task'

/** What a model answered to each judged row. A row is named by its number in the judged table, whose digest the evaluation says. */
export interface ClassRowScores {
  /** Numbers of the rows, rising. */
  rows: Uint32Array
  /** Place of the class among those of the evaluation's target. */
  labels: Uint16Array
  /** Probability of each class, row-major [rows * classes]. */
  scores: Float64Array
  /** Number of the row's group where groups were compared, in the order in which the groups come up. */
  groups?: Uint32Array
  /** What each row counts; none where all count the same. */
  weights?: Float64Array | null
  /** Number of the row's cluster where rows of one do not stand for themselves. */
  clusters?: Uint32Array | null
}

const plain = (name: string, type: ArrowField['type']): ArrowField => ({ name, nullable: false, type, children: [] })
const rowField = plain('row', { kind: 'int', bits: 32, signed: false })
const labelField = plain('label', { kind: 'int', bits: 16, signed: false })
const scoreField = (place: number): ArrowField => plain(`score_${place}`, { kind: 'float', bits: 64 })
const groupField = plain('group', { kind: 'int', bits: 32, signed: false })
const weightField = plain('weight', { kind: 'float', bits: 64 })
const clusterField = plain('cluster', { kind: 'int', bits: 32, signed: false })
/** Numbers of one batch at most: the scores of all classes count. */
const batchNumbers = 1_048_576

/** The same as an evaluation hands it over. */
export interface ScoredClasses extends ScoredRows {
  labels: Uint16Array
}

/** Writes them as an Arrow IPC file, the scores of the classes as columns `score_0`, `score_1`, ...; equal scores give equal bytes. */
export async function writeRowScores(path: string, scored: ScoredClasses): Promise<void> {
  const { rows, labels, scores, groups, weights } = scored
  const clusters = scored.clusters?.codes
  const classes = rows.length === 0 ? 0 : scores.length / rows.length
  const places = Array.from({ length: classes }, (_, place) => place)
  const fields = [
    rowField,
    labelField,
    ...places.map(scoreField),
    ...(groups ? [groupField] : []),
    ...(weights ? [weightField] : []),
    ...(clusters ? [clusterField] : [])
  ]
  const writer = new ArrowFileWriter(path, fields)
  const batchRows = Math.max(1024, Math.floor(batchNumbers / fields.length))
  try {
    for (let from = 0; from < rows.length; from += batchRows) {
      const to = Math.min(rows.length, from + batchRows)
      const scoresOf = (place: number) => Float64Array.from({ length: to - from }, (_, at) => scores[(from + at) * classes + place]! + 0)
      const columns = [rows.slice(from, to), labels.slice(from, to), ...places.map(scoresOf)]
      if (groups) columns.push(groups.slice(from, to))
      if (weights) columns.push(weights.slice(from, to))
      if (clusters) columns.push(clusters.slice(from, to))
      writer.writeBatch({
        rows: to - from,
        nodes: columns.flatMap(() => [to - from, 0]),
        buffers: columns.flatMap(({ buffer }) => [new Uint8Array(0), new Uint8Array(buffer)])
      })
    }
    await writer.finish()
  } catch (error) {
    writer.abort()
    throw error
  }
}

/**
 * Reads the file that `writeRowScores` wrote.
 * @throws WorkbenchError INVALID_INPUT for a file of another form
 */
export function readRowScores(path: string): ClassRowScores {
  const pool = new FilePool(1)
  try {
    const arrow = openArrowFile(pool.get(path))
    const classes = classesIn(arrow, path)
    const has = (field: ArrowField): boolean => arrow.fields.some(({ name }) => name === field.name)
    const found = {
      rows: new Uint32Array(arrow.rows),
      labels: new Uint16Array(arrow.rows),
      scores: new Float64Array(arrow.rows * classes),
      ...(has(groupField) && { groups: new Uint32Array(arrow.rows) }),
      weights: has(weightField) ? new Float64Array(arrow.rows) : null,
      clusters: has(clusterField) ? new Uint32Array(arrow.rows) : null
    }
    let at = 0
    for (const batch of arrow.batches) {
      for (const [index, { name }] of arrow.fields.entries()) {
        const { data } = loadBatchColumn(arrow, batch, index)
        const { buffer, byteOffset } = data!
        if (name === 'row') found.rows.set(new Uint32Array(buffer, byteOffset, batch.rows), at)
        else if (name === 'label') found.labels.set(new Uint16Array(buffer, byteOffset, batch.rows), at)
        else if (name === 'group') found.groups!.set(new Uint32Array(buffer, byteOffset, batch.rows), at)
        else if (name === 'weight') found.weights!.set(new Float64Array(buffer, byteOffset, batch.rows), at)
        else if (name === 'cluster') found.clusters!.set(new Uint32Array(buffer, byteOffset, batch.rows), at)
        else {
          const own = new Float64Array(buffer, byteOffset, batch.rows)
          for (let row = 0; row < batch.rows; row++) found.scores[(at + row) * classes + index - 2] = own[row]!
        }
      }
      at += batch.rows
    }
    return found
  } finally {
    pool.closeAll()
  }
}

/** How many classes the file has scores of. */
function classesIn(arrow: ArrowFile, path: string): number {
  const classes = arrow.fields.filter(({ name }) => name.startsWith('score_')).length
  const scores = Array.from({ length: classes }, (_, place) => scoreField(place))
  const optional = [groupField, weightField, clusterField].filter(({ name }) => arrow.fields.some((field) => field.name === name))
  const known = [rowField, labelField, ...scores, ...optional]
  const isSame = (field: ArrowField, index: number): boolean =>
    field.name === known[index]?.name && JSON.stringify(field.type) === JSON.stringify(known[index].type)
  if (classes >= 2 && !arrow.compressed && arrow.fields.length === known.length && arrow.fields.every(isSame)) return classes
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The file ${path} does not hold the scores of judged rows with several classes. Evaluate the run again.`
  )
}

/** Whether two runs were judged on the same rows with the same classes and weights, row by row. */
export function areSameRows(a: ClassRowScores, b: ClassRowScores): boolean {
  const isSame = (one: ArrayLike<number>, other: ArrayLike<number>): boolean => {
    if (one.length !== other.length) return false
    for (let row = 0; row < one.length; row++) if (one[row] !== other[row]) return false
    return true
  }
  return (
    isSame(a.rows, b.rows) &&
    isSame(a.labels, b.labels) &&
    a.scores.length === b.scores.length &&
    (a.weights ? b.weights !== null && b.weights !== undefined && isSame(a.weights, b.weights) : !b.weights)
  )
}
