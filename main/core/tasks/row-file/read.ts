import { WorkbenchError } from '../../../model/errors'
import { loadBatchColumn, openArrowFile, type ArrowFile } from '../../../storage/arrow/arrow-file'
import type { ArrowField } from '../../../storage/arrow/arrow-types'
import { FilePool } from '../../../storage/arrow/file-handles'
import { optionalFields, optionalKeys, rowField, type RowColumns } from './columns'

/** Values of one batch of a column, at a row of the file. */
type Take = (buffer: ArrayBuffer, byteOffset: number, count: number, at: number) => void

/** The columns of a task, behind the numbers of the rows; undefined where a file of these columns is none of it. */
export interface RowFileForm<Own> {
  /** What the file holds, for whoever is told that it does not. */
  holds: string
  fieldsIn(names: readonly string[]): readonly ArrowField[] | undefined
  /** What the columns are read into, and by column how. */
  prepare(rows: number, columns: number): { own: Own; takes: readonly Take[] }
}

/**
 * Reads the file that `writeRowFile` wrote.
 * @throws WorkbenchError INVALID_INPUT for a file of another form
 */
export function readRowFile<Own extends object>(path: string, form: RowFileForm<Own>): RowColumns & Own {
  const pool = new FilePool(1)
  try {
    const arrow = openArrowFile(pool.get(path))
    const { fields, present } = formOf(arrow, path, form)
    const { own, takes } = form.prepare(arrow.rows, fields.length)
    const rows = new Uint32Array(arrow.rows)
    const more = Object.fromEntries(
      present.map((key) => [key, key === 'weights' ? new Float64Array(arrow.rows) : new Uint32Array(arrow.rows)])
    ) as Partial<Record<(typeof present)[number], Uint32Array | Float64Array>>
    const all = [into(rows), ...takes, ...present.map((key) => into(more[key]!))]
    let at = 0
    for (const batch of arrow.batches) {
      for (const [index, take] of all.entries()) {
        const { buffer, byteOffset } = loadBatchColumn(arrow, batch, index).data!
        take(buffer as ArrayBuffer, byteOffset, batch.rows, at)
      }
      at += batch.rows
    }
    return { rows, ...own, ...more } as RowColumns & Own
  } finally {
    pool.closeAll()
  }
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** Values that are taken as they are. */
export function into(target: Numbers): Take {
  const Kind = target.constructor as Float64ArrayConstructor
  return (buffer, byteOffset, count, at) => target.set(new Kind(buffer, byteOffset, count), at)
}

function formOf<Own>(arrow: ArrowFile, path: string, { holds, fieldsIn }: RowFileForm<Own>) {
  const names = arrow.fields.map(({ name }) => name)
  const fields = fieldsIn(names)
  const present = optionalKeys.filter((key) => names.includes(optionalFields[key].name))
  const known = fields && [rowField, ...fields, ...present.map((key) => optionalFields[key])]
  const isOwn =
    known?.length === arrow.fields.length &&
    arrow.fields.every(
      ({ name, type }, index) => name === known[index]!.name && JSON.stringify(type) === JSON.stringify(known[index]!.type)
    )
  if (fields && isOwn && !arrow.compressed) return { fields, present }
  throw new WorkbenchError('INVALID_INPUT', `The file ${path} does not hold ${holds}. Evaluate the run again.`)
}
