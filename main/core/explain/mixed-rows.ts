import { selectRows, type Column, type Frame } from '../frames'

/** Two tables below each other: rows of the second follow those of the first. */
export function stack(first: Frame, second: Frame): Frame {
  const columns = new Map<string, Column>()
  for (const [name, column] of first.columns) {
    const other = second.columns.get(name)
    if (!other) continue
    if (column.kind === 'category' && other.kind === 'category') {
      const shift = column.categories.length
      const codes = new Int32Array(first.rows + second.rows)
      codes.set(column.codes)
      codes.set(
        other.codes.map((code) => (code < 0 ? code : code + shift)),
        first.rows
      )
      columns.set(name, { kind: 'category', codes, categories: [...column.categories, ...other.categories] })
    } else if (column.kind !== 'category' && other.kind !== 'category') {
      const values = new Float64Array(first.rows + second.rows)
      values.set(column.values)
      values.set(other.values, first.rows)
      columns.set(name, { kind: column.kind, values, outOfRange: 0 })
    } else columns.set(name, emptyLike(column, other, first.rows + second.rows))
  }
  return { rows: first.rows + second.rows, columns }
}

/** A column without any value may be read as of another kind than where it has some: it is missing there. */
function emptyLike(first: Column, second: Column, rows: number): Column {
  const text = first.kind === 'category' ? first : second
  const isFirst = text === first
  if (text.kind !== 'category') throw new Error('a column of numbers stands for a column of texts')
  const codes = new Int32Array(rows).fill(-1)
  codes.set(text.codes, isFirst ? 0 : rows - text.codes.length)
  return { kind: 'category', codes, categories: text.categories }
}

/** Rows of which each column is taken from a row of its own: `rowsOf` says which, for a column by its place. */
export function mix(frame: Frame, names: readonly string[], rows: number, rowsOf: (place: number) => Uint32Array): Frame {
  const columns = new Map<string, Column>()
  names.forEach((name, place) => {
    const only: Frame = { rows: frame.rows, columns: new Map([[name, frame.columns.get(name)!]]) }
    columns.set(name, selectRows(only, rowsOf(place)).columns.get(name)!)
  })
  return { rows, columns }
}
