import { type ArrowField, arrowTypeName, corruptArrow, fixedWidth, physicalType } from './arrow-types'
import type { BatchMetadata } from './metadata'

/** A buffer in the body of a batch, in bytes; `index` is its place in the batch's buffer list. */
export interface Span {
  offset: number
  length: number
  index: number
}

/** Where one field of a batch lies. All spans are inside the body and long enough for the row count they claim. */
export interface ColumnLayout {
  field: ArrowField
  length: number
  nullCount: number
  validity?: Span
  /** The buffers after the validity bitmap, in the order of the format; for views first the views, then the data buffers. */
  buffers: Span[]
  children: ColumnLayout[]
}

const maximumRows = 2 ** 31 - 1
/** One buffer beyond this would not fit the offsets DuckDB and JavaScript use. */
export const maximumBuffer = 2 ** 31 - 1
/** Rows of a column that takes no byte for them (nothing but nulls, say): the file's size puts no limit to such a claim. */
const maximumWeightlessRows = 2 ** 24
/** The same for parts of lists and for dictionaries, whose values are held one by one. */
const maximumWeightlessItems = 2 ** 20

/**
 * Places the fields of a batch and checks the metadata against itself: node and buffer counts, spans inside the body, no more bytes claimed
 * than the body holds, buffers long enough for their rows. Reads no body byte. `isTopLevel` is false for the values of a dictionary.
 * @throws WorkbenchError INVALID_INPUT naming the column
 */
export function layoutColumns(fields: ArrowField[], batch: BatchMetadata, bodyLength: number, isTopLevel = true): ColumnLayout[] {
  if (batch.rows > maximumRows) throw corruptArrow(`a batch claims ${batch.rows} rows`)
  let node = 0
  let buffer = 0
  let variadic = 0
  let claimed = 0
  let end = 0
  // columns of a batch have equal length, so one that takes room is a limit to the others
  const hasWeight = isTopLevel && !fields.every(isWeightless)

  const nextSpan = (column: string, needed: number): Span => {
    const index = buffer++
    if (index * 2 >= batch.buffers.length) throw corruptArrow(`column "${column}" has too few buffers`, { column })
    const offset = batch.buffers[index * 2] ?? -1
    const length = batch.buffers[index * 2 + 1] ?? -1
    if (offset < 0 || length < 0 || offset + length > bodyLength)
      throw corruptArrow(`a buffer of column "${column}" lies outside its batch`, { column, offset, length, bodyLength })
    claimed += length
    if (claimed > bodyLength) throw corruptArrow(`the buffers up to column "${column}" claim more bytes than the batch holds`, { column })
    if (length > 0 && offset < end) throw corruptArrow(`a buffer of column "${column}" overlaps the one before it`, { column })
    if (length > 0) end = offset + length
    if (length > maximumBuffer)
      throw corruptArrow(`a buffer of column "${column}" is larger than 2 GiB; write the file with smaller batches`, { column, length })
    if (length < needed)
      throw corruptArrow(`a buffer of column "${column}" has ${length} bytes where its rows need ${needed}`, { column, length, needed })
    return { offset, length, index }
  }

  const place = (field: ArrowField, column: string, depth = 0): ColumnLayout => {
    if (node * 2 >= batch.nodes.length) throw corruptArrow(`column "${column}" is missing from a batch`, { column })
    const length = batch.nodes[node * 2] ?? -1
    const nullCount = batch.nodes[node * 2 + 1] ?? -1
    node++
    if (length < 0 || length > maximumRows || nullCount < 0 || nullCount > length)
      throw corruptArrow(`column "${column}" claims ${length} rows of which ${nullCount} are null`, { column })
    const most = depth > 0 || !isTopLevel ? maximumWeightlessItems : hasWeight ? Infinity : maximumWeightlessRows
    if (length > most && isWeightless(field))
      throw corruptArrow(`column "${column}" claims ${length} values that take no room in the file`, { column, length })
    const layout: ColumnLayout = { field, length, nullCount, buffers: [], children: [] }
    const type = physicalType(field)
    if (type.kind === 'null') return layout
    if (type.kind === 'run-end-encoded') return placeRuns(layout, column, depth)
    const bitmap = Math.ceil(length / 8)
    const validity = nextSpan(column, nullCount > 0 ? bitmap : 0)
    if (nullCount > 0) layout.validity = validity
    const width = fixedWidth(type)
    if (width !== undefined) layout.buffers.push(nextSpan(column, length * width))
    else if (type.kind === 'bool') layout.buffers.push(nextSpan(column, bitmap))
    else if (type.kind === 'utf8' || type.kind === 'binary') {
      if (type.layout === 'view') {
        layout.buffers.push(nextSpan(column, length * 16))
        const count = batch.variadicCounts[variadic++] ?? -1
        if (count < 0 || count > batch.buffers.length) throw corruptArrow(`column "${column}" claims ${count} data buffers`, { column })
        for (let index = 0; index < count; index++) layout.buffers.push(nextSpan(column, 0))
      } else {
        layout.buffers.push(nextSpan(column, length === 0 ? 0 : (length + 1) * (type.layout === 'offset32' ? 4 : 8)))
        layout.buffers.push(nextSpan(column, 0))
      }
    } else if (type.kind === 'list' || type.kind === 'map') {
      const offsetBytes = type.kind === 'list' && type.layout === 'offset64' ? 8 : 4
      layout.buffers.push(nextSpan(column, length === 0 ? 0 : (length + 1) * offsetBytes))
    } else if (type.kind === 'list-view') {
      const bytes = length * (type.layout === 'offset64' ? 8 : 4)
      layout.buffers.push(nextSpan(column, bytes), nextSpan(column, bytes))
    } else if (type.kind !== 'struct' && type.kind !== 'fixed-list')
      throw corruptArrow(`column "${column}" has the type ${arrowTypeName(field)}, whose layout is unknown`, { column })
    if (field.dictionary) return layout
    for (const child of field.children) layout.children.push(place(child, `${column}.${child.name}`, depth + 1))
    checkChildren(layout, column)
    return layout
  }

  /** Runs have no buffers of their own, only ends and values. */
  const placeRuns = (layout: ColumnLayout, column: string, depth: number): ColumnLayout => {
    for (const child of layout.field.children) layout.children.push(place(child, `${column}.${child.name}`, depth + 1))
    const [ends, values] = layout.children
    if (!ends || !values || layout.children.length !== 2 || ends.nullCount > 0 || ends.length !== values.length || layout.nullCount > 0)
      throw corruptArrow(`the runs of column "${column}" do not fit their values`, { column })
    return layout
  }

  const layouts = fields.map((field) => {
    const layout = place(field, field.name)
    if (layout.length !== batch.rows)
      throw corruptArrow(`column "${field.name}" has ${layout.length} rows in a batch of ${batch.rows}`, { column: field.name })
    return layout
  })
  if (node * 2 !== batch.nodes.length || buffer * 2 !== batch.buffers.length)
    throw corruptArrow(
      `a batch has ${batch.nodes.length / 2} columns and ${batch.buffers.length / 2} buffers where the schema needs ${node} and ${buffer}`
    )
  return layouts
}

/** True when values of this field take no byte each, so that any number of them fits any body. */
function isWeightless(field: ArrowField): boolean {
  const { kind } = field.type
  if (field.dictionary) return false
  if (kind === 'null' || kind === 'run-end-encoded') return true
  if (kind === 'fixed-binary') return field.type.width === 0
  return (kind === 'struct' || kind === 'fixed-list') && field.children.every(isWeightless)
}

function checkChildren(layout: ColumnLayout, column: string): void {
  const { type } = layout.field
  const [first] = layout.children
  if (type.kind === 'struct') {
    for (const child of layout.children)
      if (child.length < layout.length) throw corruptArrow(`the parts of struct column "${column}" have different row counts`, { column })
  } else if (type.kind === 'list' || type.kind === 'list-view' || type.kind === 'map' || type.kind === 'fixed-list') {
    if (!first || layout.children.length !== 1)
      throw corruptArrow(`list column "${column}" has ${layout.children.length} item types`, { column })
    if (type.kind === 'fixed-list' && first.length < layout.length * type.size)
      throw corruptArrow(`list column "${column}" has fewer items than its rows need`, { column })
  }
}
