import { WorkbenchError } from '../../../model/errors'
import { loadBatchColumn, openArrowFile, type ArrowFile } from '../../../storage/arrow/arrow-file'
import type { ArrowField } from '../../../storage/arrow/arrow-types'
import { FilePool } from '../../../storage/arrow/file-handles'
import type { Labels } from '../outcomes'
import type { Clusters } from '../clusters'
import { amountsOf } from './weighted'
import { ArrowFileWriter } from '../../../storage/arrow/file-writer'

/** What a model answered to each judged row. A row is named by its number in the judged table, whose digest the evaluation says. */
export interface RowScores {
  /** Numbers of the rows, rising. */
  rows: Uint32Array
  /** Outcomes (rates where there is an exposure) and predictions. */
  labels: Float64Array
  scores: Float64Array
  /** Number of the row's group where groups were compared, in the order in which the groups come up. */
  groups?: Uint32Array
  /** What the row counts, where not all count the same. */
  weights?: Float64Array | null
  /** Number of the row's cluster where the split kept groups or blocks of time apart. */
  clusters?: Uint32Array
}

/** The same, with the clusters as the evaluation knows them. */
export interface JudgedScores extends Omit<RowScores, 'clusters' | 'labels'> {
  labels: Labels
  clusters?: Clusters | null
}

const plain = (name: string, type: ArrowField['type']): ArrowField => ({ name, nullable: false, type, children: [] })
const whole = { kind: 'int', bits: 32, signed: false } as const
const real = { kind: 'float', bits: 64 } as const
const always = [plain('row', whole), plain('label', real), plain('score', real)]
/** Behind the others where they are known, in this order. */
const optional = { groups: plain('group', whole), weights: plain('weight', real), clusters: plain('cluster', whole) }
type Optional = keyof typeof optional
const batchRows = 131_072

/** Writes them as an Arrow IPC file; equal scores give equal bytes. */
export async function writeRowScores(path: string, { clusters, ...judged }: JudgedScores): Promise<void> {
  const found: RowScores = { ...judged, labels: amountsOf(judged), ...(clusters && { clusters: clusters.codes }) }
  const { rows, labels, scores } = found
  const extra = (Object.keys(optional) as Optional[]).filter((key) => found[key])
  const writer = new ArrowFileWriter(path, [...always, ...extra.map((key) => optional[key])])
  try {
    for (let from = 0; from < rows.length; from += batchRows) {
      const to = Math.min(rows.length, from + batchRows)
      const unsigned = (values: Float64Array) => values.slice(from, to).map((value) => value + 0)
      const columns = [rows.slice(from, to), unsigned(labels), unsigned(scores), ...extra.map((key) => found[key]!.slice(from, to))]
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
    assertForm(arrow, path)
    const has = (key: Optional): boolean => arrow.fields.some(({ name }) => name === optional[key].name)
    const numbers = { row: new Uint32Array(arrow.rows), label: new Float64Array(arrow.rows), score: new Float64Array(arrow.rows) }
    const found: RowScores = {
      rows: numbers.row,
      labels: numbers.label,
      scores: numbers.score,
      ...(has('groups') && { groups: new Uint32Array(arrow.rows) }),
      ...(has('weights') && { weights: new Float64Array(arrow.rows) }),
      ...(has('clusters') && { clusters: new Uint32Array(arrow.rows) })
    }
    const into: Record<string, Uint32Array | Float64Array | null | undefined> = {
      ...numbers,
      group: found.groups,
      weight: found.weights,
      cluster: found.clusters
    }
    let at = 0
    for (const batch of arrow.batches) {
      for (const [index, { name }] of arrow.fields.entries()) {
        const { data } = loadBatchColumn(arrow, batch, index)
        const target = into[name]!
        const Kind = target.constructor as Float64ArrayConstructor
        target.set(new Kind(data!.buffer as ArrayBuffer, data!.byteOffset, batch.rows), at)
      }
      at += batch.rows
    }
    return found
  } finally {
    pool.closeAll()
  }
}

function assertForm(arrow: ArrowFile, path: string): void {
  const known = new Map([...always, ...Object.values(optional)].map((field) => [field.name, JSON.stringify(field.type)]))
  const own = arrow.fields.every(({ name, type }) => known.get(name) === JSON.stringify(type))
  const hasAll = always.every(({ name }, index) => arrow.fields[index]?.name === name)
  if (!own || !hasAll || arrow.compressed)
    throw new WorkbenchError('INVALID_INPUT', `The file ${path} does not hold the predictions of judged rows. Evaluate the run again.`)
}

const alike = (a: ArrayLike<number> | null | undefined, b: ArrayLike<number> | null | undefined): boolean => {
  if (!a || !b) return !a && !b
  if (a.length !== b.length) return false
  for (let row = 0; row < a.length; row++) if (a[row] !== b[row]) return false
  return true
}

/** Whether two runs were judged on the same rows with the same outcomes and weights, row by row. */
export const areSameRows = (a: RowScores, b: RowScores): boolean =>
  alike(a.rows, b.rows) && alike(a.labels, b.labels) && alike(a.weights, b.weights)
