import type { DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { WorkbenchError } from '../../model/errors'
import { BytesBuilder, type DictionaryBuilder } from './column-builders'
import { builderForType } from './builder-for-type'
import { ArrowFileWriter } from './file-writer'

/**
 * Where batches are cut depends on the rows alone, not on the chunks they come in: after `batchRows` rows, or at a multiple of `blockRows`
 * rows when a column has more than `batchBytes` of variable-length data. So equal tables give equal files.
 */
export interface BatchLimits {
  batchRows: number
  blockRows: number
  /** Bytes per column and batch. */
  batchBytes: number
}
const defaultLimits: BatchLimits = { batchRows: 131_072, blockRows: 2_048, batchBytes: 256 * 1024 * 1024 }

export interface ExportSource {
  columns: { name: string; type: DuckDBType }[]
  chunks: AsyncIterable<DuckDBDataChunk>
}

/** Writes the chunks of a result as an uncompressed Arrow IPC file; equal columns, types and rows in equal order give equal bytes. The file appears at `path` only when it is whole and on disk. */
export async function writeResultAsArrow(
  source: ExportSource,
  path: string,
  options: { onProgress?: (rows: number) => void; dictionaryColumns?: string[]; limits?: BatchLimits } = {}
): Promise<{ rows: number; bytes: number }> {
  const wanted = new Set(options.dictionaryColumns)
  for (const name of wanted)
    if (!source.columns.some((column) => column.name === name))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `There is no column "${name}" to write as a dictionary. Name one of the columns of the query.`
      )
  const { batchRows, blockRows, batchBytes } = options.limits ?? defaultLimits
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
      const vectors = builders.map((_, index) => duckdb.data_chunk_get_vector(chunk.chunk, index))
      const columns: DuckDBValue[][] = []
      const rowCount = chunk.rowCount
      for (let from = 0; from < rowCount;) {
        const count = Math.min(rowCount - from, blockRows - (pending % blockRows))
        const start = from
        builders.forEach((builder, index) =>
          builder.addVector(vectors[index], start, count, () =>
            (columns[index] ??= [...chunk.getColumnValues(index)]).slice(start, start + count)
          )
        )
        from += count
        pending += count
        if (pending >= batchRows || (pending % blockRows === 0 && builders.some((builder) => builder.pendingBytes > batchBytes))) flush()
      }
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
