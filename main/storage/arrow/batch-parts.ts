import { type ArrowField, arrowTypeName, corruptArrow, physicalType, unsupportedColumn } from './arrow-types'
import type { BatchMetadata } from './metadata'

/** What a field takes up in the lists of a batch. */
interface Parts {
  nodes: number
  buffers: number
  variadic: number
}

/**
 * The batch as if it had never had the fields at `leaveOut`: their nodes and buffers are taken out by count, none is looked into. So a column
 * that cannot be read, or should not be, costs nothing and can break nothing.
 * @throws WorkbenchError INVALID_INPUT for a batch that has more or fewer parts than its fields
 */
export function withoutFields(fields: readonly ArrowField[], batch: BatchMetadata, leaveOut: ReadonlySet<number>): BatchMetadata {
  if (leaveOut.size === 0) return batch
  const at: Parts = { nodes: 0, buffers: 0, variadic: 0 }
  const kept: { nodes: number[]; buffers: number[]; variadicCounts: number[] } = { nodes: [], buffers: [], variadicCounts: [] }
  fields.forEach((field, index) => {
    const from = { ...at }
    count(field, batch, at)
    if (at.nodes * 2 > batch.nodes.length || at.buffers * 2 > batch.buffers.length)
      throw corruptArrow(`column "${field.name}" is missing from a batch`, { column: field.name })
    if (leaveOut.has(index)) return
    for (let part = from.nodes * 2; part < at.nodes * 2; part++) kept.nodes.push(batch.nodes[part] as number)
    for (let part = from.buffers * 2; part < at.buffers * 2; part++) kept.buffers.push(batch.buffers[part] as number)
    for (let part = from.variadic; part < at.variadic; part++) kept.variadicCounts.push(batch.variadicCounts[part] as number)
  })
  if (at.nodes * 2 !== batch.nodes.length || at.buffers * 2 !== batch.buffers.length)
    throw corruptArrow(
      `a batch has ${batch.nodes.length / 2} columns and ${batch.buffers.length / 2} buffers where the schema needs others`
    )
  return { ...batch, ...kept, nodes: Float64Array.from(kept.nodes), buffers: Float64Array.from(kept.buffers) }
}

/** Moves `at` behind the parts of a field. */
function count(field: ArrowField, batch: BatchMetadata, at: Parts): void {
  const type = physicalType(field)
  at.nodes++
  at.buffers += ownBuffers(field, batch.isOld)
  if ((type.kind === 'utf8' || type.kind === 'binary') && type.layout === 'view') {
    const views = batch.variadicCounts[at.variadic++] ?? -1
    if (views < 0 || views > batch.buffers.length)
      throw corruptArrow(`column "${field.name}" claims ${views} data buffers`, { column: field.name })
    at.buffers += views
  }
  if (!field.dictionary) for (const child of field.children) count(child, batch, at)
}

/** Buffers of a field itself, the validity bitmap among them; for views without their data. */
function ownBuffers(field: ArrowField, isOld: boolean): number {
  const type = physicalType(field)
  switch (type.kind) {
    case 'null':
    case 'run-end-encoded':
      return 0
    case 'struct':
    case 'fixed-list':
      return 1
    case 'union':
      return (type.mode === 'dense' ? 2 : 1) + (isOld ? 1 : 0)
    case 'utf8':
    case 'binary':
      return type.layout === 'view' ? 2 : 3
    case 'list-view':
      return 3
    case 'other':
      throw unsupportedColumn(field.name, arrowTypeName(field), 'nor can it be left out, since how much room it takes is not known')
    default:
      return 2
  }
}
