import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { quoteName } from '../../model/sql-quoting'
import type { ArrowField } from '../../storage/arrow/arrow-types'
import { ArrowFileWriter, type OutgoingBatch } from '../../storage/arrow/file-writer'
import { syncPath } from '../../storage/objects/durable-files'
import type { ExplainedRows } from './explained-rows'

interface Table {
  features: readonly string[]
  outputs: readonly string[]
  base: Float64Array
  found: ExplainedRows
}

/** A column of the table may be called like one of its own: it is told apart by what stands before it. */
function columnNames({ features, outputs }: Table): string[] {
  const own = ['row', ...(outputs.length > 1 ? ['class'] : []), 'base', 'margin']
  return features.map((feature) => (own.includes(feature) ? `column ${feature}` : feature))
}

// RFC 4180 doubles quotes as SQL does.
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? quoteName(text) : text)

/** `row,base,<feature>..,margin`, with `class` after `row` for several classes: base and contributions add up to the margin. */
function* csvLines(table: Table): Generator<string> {
  const { features, outputs, base, found } = table
  const isMany = outputs.length > 1
  yield ['row', ...(isMany ? ['class'] : []), 'base', ...columnNames(table), 'margin'].map(quoted).join(',') + '\n'
  for (let row = 0; row < found.rows; row++)
    for (const [output, name] of outputs.entries()) {
      const own = features.map((_, at) => found.contributions[(row * features.length + at) * outputs.length + output]!)
      const margin = found.margins[row * outputs.length + output]!
      yield [row + 1, ...(isMany ? [quoted(name)] : []), base[output]!, ...own, margin].join(',') + '\n'
    }
}

/** Writes the contributions as CSV; an older file stays until the new one is whole. */
export async function writeCsv(path: string, table: Table, signal?: AbortSignal): Promise<void> {
  const part = `${path}.part`
  try {
    await pipeline(Readable.from(csvLines(table)), createWriteStream(part, { flags: 'w', mode: 0o600 }), { signal })
    await syncPath(part)
    await rename(part, path)
  } finally {
    await rm(part, { force: true })
  }
}

const bytesOf = (array: Float64Array | BigInt64Array | Int32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
const empty = new Uint8Array(0)

/** Writes the same as an Arrow file. */
export async function writeArrow(path: string, table: Table): Promise<void> {
  const { features, outputs, base, found } = table
  const count = outputs.length
  const rows = found.rows * count
  const field = (name: string, type: ArrowField['type']): ArrowField => ({ name, type, nullable: false, children: [] })
  const float = { kind: 'float', bits: 64 } as const
  const names = columnNames(table)
  const fields = [
    field('row', { kind: 'int', bits: 64, signed: true }),
    ...(count > 1 ? [field('class', { kind: 'utf8', layout: 'offset32' })] : []),
    field('base', float),
    ...names.map((name) => field(name, float)),
    field('margin', float)
  ]
  const numbers = (of: (row: number, output: number) => number): Uint8Array[] => [
    empty,
    bytesOf(Float64Array.from({ length: rows }, (_, at) => of(Math.floor(at / count), at % count)))
  ]
  const batch: OutgoingBatch = {
    rows,
    nodes: fields.flatMap(() => [rows, 0]),
    buffers: [
      empty,
      bytesOf(BigInt64Array.from({ length: rows }, (_, at) => BigInt(Math.floor(at / count) + 1))),
      ...(count > 1 ? [empty, ...texts(Array.from({ length: rows }, (_, at) => outputs[at % count]!))] : []),
      ...numbers((_, output) => base[output]!),
      ...features.flatMap((_, at) => numbers((row, output) => found.contributions[(row * features.length + at) * count + output]!)),
      ...numbers((row, output) => found.margins[row * count + output]!)
    ]
  }
  const writer = new ArrowFileWriter(path, fields)
  try {
    writer.writeBatch(batch)
    await writer.finish()
  } catch (error) {
    writer.abort()
    throw error
  }
}

function texts(values: readonly string[]): Uint8Array[] {
  const parts = values.map((value) => Buffer.from(value, 'utf8'))
  const offsets = new Int32Array(values.length + 1)
  parts.forEach((part, at) => (offsets[at + 1] = offsets[at]! + part.length))
  return [bytesOf(offsets), Buffer.concat(parts)]
}
