import type { FeatureKind } from '../../model/training'
import { selectRows, type Column, type Frame } from '../frames'
import type { Cell } from './summary'

/** A column of these values; null is missing. */
export function columnFrom(kind: FeatureKind, cells: readonly Cell[]): Column {
  if (kind !== 'category')
    return { kind, values: Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : NaN)), outOfRange: 0 }
  const categories = [...new Set(cells.filter((cell) => typeof cell === 'string'))]
  const codeOf = new Map(categories.map((text, code) => [text, code]))
  return { kind, codes: Int32Array.from(cells, (cell) => (typeof cell === 'string' ? codeOf.get(cell)! : -1)), categories }
}

/** The table below itself, so many times. */
export function repeatRows(frame: Frame, times: number): Frame {
  return selectRows(
    frame,
    Uint32Array.from({ length: frame.rows * times }, (_, at) => at % frame.rows)
  )
}

/** The same table with another column of this name. */
export const withColumn = (frame: Frame, name: string, column: Column): Frame => ({
  rows: frame.rows,
  columns: new Map([...frame.columns, [name, column]])
})

/** Rows from all over the table, so many of them. */
export function evenRows(frame: Frame, most: number): Frame {
  if (frame.rows <= most) return frame
  return selectRows(
    frame,
    Uint32Array.from({ length: most }, (_, at) => Math.floor((at * frame.rows) / most))
  )
}
