import duckdb from '@duckdb/node-bindings'
import type { DuckDBDataChunk } from '@duckdb/node-api'

const FIRST_ROOM = 4_096

/** The columns of a result that are all of the type DOUBLE, each in one array; NULL is NaN. */
export async function collectNumbers(count: number, chunks: AsyncIterable<DuckDBDataChunk>): Promise<Float64Array[]> {
  let columns: Float64Array[] = Array.from({ length: count }, () => new Float64Array(FIRST_ROOM))
  let rows = 0
  for await (const { chunk, rowCount } of chunks) {
    const room = columns[0]?.length ?? Infinity
    if (rows + rowCount > room) columns = columns.map((column) => enlarge(column, Math.max(2 * room, rows + rowCount)))
    columns.forEach((column, index) => readVector(duckdb.data_chunk_get_vector(chunk, index), rowCount, column, rows))
    rows += rowCount
  }
  return columns.map((column) => column.subarray(0, rows))
}

function enlarge(column: Float64Array, room: number): Float64Array {
  const larger = new Float64Array(room)
  larger.set(column)
  return larger
}

function readVector(vector: duckdb.Vector, rows: number, into: Float64Array, at: number): void {
  new Uint8Array(into.buffer, into.byteOffset + at * 8, rows * 8).set(duckdb.vector_get_data(vector, rows * 8))
  const valid = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8) as Uint8Array | null
  for (let row = 0; valid && row < rows; row++) if ((((valid[row >> 3] as number) >> (row & 7)) & 1) === 0) into[at + row] = NaN
}
