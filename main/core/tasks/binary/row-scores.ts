import { WorkbenchError } from '../../../model/errors'
import { loadBatchColumn, openArrowFile, type ArrowFile } from '../../../storage/arrow/arrow-file'
import type { ArrowField } from '../../../storage/arrow/arrow-types'
import { FilePool } from '../../../storage/arrow/file-handles'
import { ArrowFileWriter } from '../../../storage/arrow/file-writer'
import type { Clusters } from '../clusters'
import { columnOf, deriveGroups, type Frame } from '../../frames'

/** What a model answered to each judged row. A row is named by its number in the judged table, whose digest the evaluation says. */
export interface RowScores {
  /** Numbers of the rows, rising. */
  rows: Uint32Array
  /** 1 for the event, 0 for any other outcome. */
  labels: Uint8Array
  /** Probability of the event. */
  scores: Float64Array
  /** Number of the row's group where groups were compared, in the order in which the groups come up. */
  groups?: Uint32Array
  /** What each row counts; none where all count the same. */
  weights?: Float64Array | null
  /** Number of the row's cluster where rows of one do not stand for themselves. */
  clusters?: Uint32Array | null
}

/** The same as an evaluation hands it over. */
export interface ScoredOutcomes extends Omit<RowScores, 'clusters'> {
  clusters?: Clusters | null
}

const plain = (name: string, type: ArrowField['type']): ArrowField => ({ name, nullable: false, type, children: [] })
const fields: ArrowField[] = [
  plain('row', { kind: 'int', bits: 32, signed: false }),
  plain('label', { kind: 'int', bits: 8, signed: false }),
  plain('score', { kind: 'float', bits: 64 })
]
/** Behind the others in evaluations that compared groups; earlier ones do not have it. */
const groupField = plain('group', { kind: 'int', bits: 32, signed: false })
/** Behind these in evaluations of rows that count by weight or come in clusters. */
const optional = {
  groups: groupField,
  weights: plain('weight', { kind: 'float', bits: 64 }),
  clusters: plain('cluster', { kind: 'int', bits: 32, signed: false })
}
const batchRows = 131_072

/** The groups of a column, numbered in the order in which they come up: the same groups of the same rows have the same numbers. */
export function rowGroups(frame: Frame, column: string): Uint32Array {
  const { codes } = deriveGroups(columnOf(frame, column))
  const numbers = new Map<number, number>()
  return Uint32Array.from(codes, (code) => {
    const known = numbers.get(code) ?? numbers.size
    numbers.set(code, known)
    return known
  })
}

type Optional = keyof typeof optional
const optionalKeys = Object.keys(optional) as Optional[]

/** Writes them as an Arrow IPC file; equal scores give equal bytes. */
export async function writeRowScores(path: string, { rows, labels, scores, groups, weights, clusters }: ScoredOutcomes): Promise<void> {
  const more = { groups, weights, clusters: clusters?.codes }
  const present = optionalKeys.filter((key) => more[key])
  const writer = new ArrowFileWriter(path, [...fields, ...present.map((key) => optional[key])])
  try {
    for (let from = 0; from < rows.length; from += batchRows) {
      const to = Math.min(rows.length, from + batchRows)
      const columns: (Uint32Array | Uint8Array | Float64Array)[] = [
        rows.slice(from, to),
        labels.slice(from, to),
        scores.slice(from, to).map((score) => score + 0)
      ]
      for (const key of present) columns.push(more[key]!.slice(from, to))
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
export function readRowScores(path: string): RowScores {
  const pool = new FilePool(1)
  try {
    const arrow = openArrowFile(pool.get(path))
    const present = optionalIn(arrow, path)
    const found: RowScores = {
      rows: new Uint32Array(arrow.rows),
      labels: new Uint8Array(arrow.rows),
      scores: new Float64Array(arrow.rows),
      ...(present.includes('groups') && { groups: new Uint32Array(arrow.rows) }),
      ...(present.includes('weights') && { weights: new Float64Array(arrow.rows) }),
      ...(present.includes('clusters') && { clusters: new Uint32Array(arrow.rows) })
    }
    let at = 0
    for (const batch of arrow.batches) {
      const [rows, labels, scores, ...more] = arrow.fields.map((_, index) => loadBatchColumn(arrow, batch, index).data)
      found.rows.set(new Uint32Array(rows!.buffer, rows!.byteOffset, batch.rows), at)
      found.labels.set(labels!.subarray(0, batch.rows), at)
      found.scores.set(new Float64Array(scores!.buffer, scores!.byteOffset, batch.rows), at)
      for (const [index, key] of present.entries()) {
        const { buffer, byteOffset } = more[index]!
        if (key === 'weights') found.weights!.set(new Float64Array(buffer, byteOffset, batch.rows), at)
        else found[key]!.set(new Uint32Array(buffer, byteOffset, batch.rows), at)
      }
      at += batch.rows
    }
    return found
  } finally {
    pool.closeAll()
  }
}

/** Which of the optional columns the file has. @throws WorkbenchError INVALID_INPUT for a file of another form */
function optionalIn(arrow: ArrowFile, path: string): Optional[] {
  const present = optionalKeys.filter((key) => arrow.fields.some(({ name }) => name === optional[key].name))
  const known = [...fields, ...present.map((key) => optional[key])]
  const isOwn =
    arrow.fields.length === known.length &&
    arrow.fields.every(
      ({ name, type }, index) => name === known[index]!.name && JSON.stringify(type) === JSON.stringify(known[index]!.type)
    )
  if (isOwn && !arrow.compressed) return present
  throw new WorkbenchError('INVALID_INPUT', `The file ${path} does not hold the scores of judged rows. Evaluate the run again.`)
}

/** Whether two runs were judged on the same rows with the same outcomes and weights, row by row. */
export function areSameRows(a: RowScores, b: RowScores): boolean {
  if (a.rows.length !== b.rows.length) return false
  for (let row = 0; row < a.rows.length; row++) if (a.rows[row] !== b.rows[row] || a.labels[row] !== b.labels[row]) return false
  const [own, others] = [a.weights ?? null, b.weights ?? null]
  return own === null || others === null ? own === others : own.every((weight, row) => weight === others[row])
}
