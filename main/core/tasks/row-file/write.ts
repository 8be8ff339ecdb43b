import type { ArrowField } from '../../../storage/arrow/arrow-types'
import { ArrowFileWriter } from '../../../storage/arrow/file-writer'
import type { Clusters } from '../clusters'
import { optionalFields, optionalKeys, rowField, type RowColumns } from './columns'

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** A column of a task: its field, and a copy of its values from one row up to another. */
export interface OwnColumn {
  field: ArrowField
  values(from: number, to: number): Numbers
}

/** Rows as an evaluation hands them over. */
export type JudgedColumns = Omit<RowColumns, 'clusters'> & { clusters?: Clusters | null }

export const usualBatch = 131_072

/** Writes them as an Arrow IPC file, the columns of the task behind the numbers of the rows; equal values give equal bytes. */
export async function writeRowFile(
  path: string,
  { rows, groups, weights, clusters }: JudgedColumns,
  own: readonly OwnColumn[],
  batchRows = usualBatch
): Promise<void> {
  const more = { groups, weights, clusters: clusters?.codes }
  const present = optionalKeys.filter((key) => more[key])
  const writer = new ArrowFileWriter(path, [rowField, ...own.map(({ field }) => field), ...present.map((key) => optionalFields[key])])
  try {
    for (let from = 0; from < rows.length; from += batchRows) {
      const to = Math.min(rows.length, from + batchRows)
      const columns: Numbers[] = [
        rows.slice(from, to),
        ...own.map(({ values }) => values(from, to)),
        ...present.map((key) => more[key]!.slice(from, to))
      ]
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
