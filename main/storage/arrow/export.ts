import type { DuckDBDataChunk, DuckDBType } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { WorkbenchError } from '../../model/errors'
import { BytesBuilder, type DictionaryBuilder } from './column-builders'
import { builderForType } from './builder-for-type'
import { ArrowFileWriter } from './file-writer'

const batchRows = 131_072
/** Variable-length data per column and batch, in bytes, at which a batch is cut. */
const batchBytes = 256 * 1024 * 1024

export interface ExportSource {
  columns: { name: string; type: DuckDBType }[]
  chunks: AsyncIterable<DuckDBDataChunk>
}

/** Writes the chunks of a result as an uncompressed Arrow IPC file. The file appears at `path` only when it is whole and on disk. */
export async function writeResultAsArrow(
  source: ExportSource,
  path: string,
  options: { onProgress?: (rows: number) => void; dictionaryColumns?: string[] } = {}
): Promise<{ rows: number; bytes: number }> {
  const wanted = new Set(options.dictionaryColumns)
  for (const name of wanted)
    if (!source.columns.some((column) => column.name === name))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `There is no column "${name}" to write as a dictionary. Name one of the columns of the query.`
      )
  const dictionaries: DictionaryBuilder[] = []
  const builders = source.columns.map(({ name, type }) => builderForType(name, type, wanted.has(name), dictionaries))
  const writer = new ArrowFileWriter(
    path,
    builders.map((builder) => builder.field)
  )
  let rows = 0
  let pending = 0
  const flush = (): void => {
    if (pending === 0) return
    const built = builders.map((builder) => builder.take())
    writer.writeBatch({ rows: pending, nodes: built.flatMap((column) => column.nodes), buffers: built.flatMap((column) => column.buffers) })
    rows += pending
    pending = 0
    options.onProgress?.(rows)
  }
  try {
    for await (const chunk of source.chunks) {
      const count = chunk.rowCount
      if (pending + count > batchRows || builders.some((builder) => builder.pendingBytes > batchBytes)) flush()
      builders.forEach((builder, index) =>
        builder.addVector(duckdb.data_chunk_get_vector(chunk.chunk, index), count, () => chunk.getColumnValues(index))
      )
      pending += count
    }
    flush()
    for (const builder of dictionaries) {
      const texts = new BytesBuilder({ ...builder.field, dictionary: undefined }, (value) => Buffer.from(String(value), 'utf8'))
      texts.addValues(builder.texts)
      const built = texts.take()
      writer.writeDictionary(builder.field.dictionary?.id ?? 0, { rows: builder.texts.length, ...built }, false)
    }
    return { rows, bytes: await writer.finish() }
  } catch (error) {
    writer.abort()
    throw error
  }
}
