import { arrowColumns, type ArrowColumn, arrowSchemaColumns } from '../../storage/arrow'
import type { Database } from '../../storage/duckdb/database'
import { type HeldNanoseconds, uncoverNanoseconds } from './parquet-nanoseconds'
import { quotePath } from '../../model/sql-quoting'

/** A node of a Parquet schema, in the order in which the file lists them: each before its parts. */
interface ParquetNode {
  name: string
  type: string | null
  logical: string | null
  precision: number | null
  scale: number | null
  parts: number
}

/** A column as its file describes it. */
export interface ForeignColumn extends ArrowColumn {
  /** How it holds nanoseconds that the engine alone would cut off. */
  nanoseconds?: HeldNanoseconds
}

/** What a Parquet or Arrow file says of its columns, in its order; a Parquet file is changed for it. Throws INVALID_INPUT for a damaged file. */
export function foreignColumns(db: Database, copy: string, format: 'parquet' | 'arrow'): Promise<ForeignColumn[]> {
  return format === 'parquet' ? parquetColumns(db, copy) : Promise.resolve(arrowColumns(copy))
}

async function parquetColumns(db: Database, copy: string): Promise<ForeignColumn[]> {
  const held = await uncoverNanoseconds(copy)
  const nodes = await db.all<ParquetNode>(
    `SELECT name, type, logical_type AS logical, precision::INTEGER AS precision, scale::INTEGER AS scale, coalesce(num_children, 0)::INTEGER AS parts
     FROM parquet_schema(${quotePath(copy)})`
  )
  // Apache Arrow leaves its own schema in the file, which alone knows that a number is a length of time.
  const [kept] = await db.all<{ value: string }>(
    `SELECT decode(value) AS value FROM parquet_kv_metadata(${quotePath(copy)}) WHERE key = 'ARROW:schema'::BLOB LIMIT 1`
  )
  const known = new Map(arrowSchemaColumns(Buffer.from(kept?.value ?? '', 'base64'))?.map((column) => [column.name, column]))
  const columns: ForeignColumn[] = []
  // the first node is the table itself
  for (let at = 1; at < nodes.length;) {
    const next = endOf(nodes, at)
    const { name, type } = nodes[at]
    const wide = nodes.slice(at, next).find((node) => (node.precision ?? 0) > 38 && /decimal/i.test(node.logical ?? 'decimal'))
    const { unit, type: arrowType } = known.get(name) ?? {}
    columns.push({
      name,
      type: wide ? `decimal(${wide.precision}, ${wide.scale})` : (arrowType ?? type ?? 'group'),
      ...(wide && { refusal: 'at most 38 digits' }),
      ...(unit && type === 'INT64' && { unit }),
      ...(held.has(columns.length) && { nanoseconds: held.get(columns.length) }),
      ...(held.get(columns.length) === 'zoned' && { isZoned: true })
    })
    at = next
  }
  return columns
}

/** Where the parts of a node end. A file that claims more parts than it has ends with its list. */
function endOf(nodes: readonly ParquetNode[], at: number): number {
  let open = 1
  let next = at
  for (; open > 0 && next < nodes.length; next++) open += Math.max(0, nodes[next].parts) - 1
  return next
}
