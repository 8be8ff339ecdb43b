import type { Column, Frame } from '../frames'

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

/**
 * The rows that coalitions are asked by: for each of them all rows of the background, in which its columns are those of the explained row. Values
 * are laid out run by run, because an answer takes tens of thousands of them while somebody waits.
 * @param both the explained rows with the background below, as `stack` makes it
 * @param row the explained one
 * @param before where the background begins
 * @param coalitions by place in `names`: 1 where the column is that of the explained row
 */
export function coalitionRows(
  both: Frame,
  names: readonly string[],
  { row, before }: { row: number; before: number },
  coalitions: readonly Uint8Array[]
): Frame {
  const size = both.rows - before
  const laid = <Values extends Float64Array | Int32Array>(own: number, usual: Values, into: Values, place: number): Values => {
    coalitions.forEach((members, at) => {
      if (members[place]) into.fill(own, at * size, (at + 1) * size)
      else into.set(usual, at * size)
    })
    return into
  }
  const rows = coalitions.length * size
  const columns = new Map<string, Column>()
  names.forEach((name, place) => {
    const column = both.columns.get(name)!
    if (column.kind === 'category') {
      const codes = laid(column.codes[row]!, column.codes.subarray(before), new Int32Array(rows), place)
      columns.set(name, { ...column, codes })
    } else {
      const values = laid(column.values[row]!, column.values.subarray(before), new Float64Array(rows), place)
      columns.set(name, { ...column, values })
    }
  })
  return { rows, columns }
}
