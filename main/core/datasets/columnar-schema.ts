import { arrowColumns, type ArrowColumn, arrowSchemaColumns } from '../../storage/arrow'
import type { Database } from '../../storage/duckdb/database'
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

/** What a Parquet or Arrow file says of its columns, in its order. Throws INVALID_INPUT for a damaged file. */
export function foreignColumns(db: Database, copy: string, format: 'parquet' | 'arrow'): Promise<ArrowColumn[]> {
  return format === 'parquet' ? parquetColumns(db, copy) : Promise.resolve(arrowColumns(copy))
}

async function parquetColumns(db: Database, copy: string): Promise<ArrowColumn[]> {
  const nodes = await db.all<ParquetNode>(
    `SELECT name, type, logical_type AS logical, precision::INTEGER AS precision, scale::INTEGER AS scale, coalesce(num_children, 0)::INTEGER AS parts
     FROM parquet_schema(${quotePath(copy)})`
  )
  // Apache Arrow leaves its own schema in the file, which alone knows that a number is a length of time.
  const [kept] = await db.all<{ value: string }>(
    `SELECT decode(value) AS value FROM parquet_kv_metadata(${quotePath(copy)}) WHERE key = 'ARROW:schema'::BLOB LIMIT 1`
  )
  const known = new Map(arrowSchemaColumns(Buffer.from(kept?.value ?? '', 'base64'))?.map((column) => [column.name, column]))
  const columns: ArrowColumn[] = []
  // the first node is the table itself
  for (let at = 1; at < nodes.length;) {
    const next = endOf(nodes, at)
    const { name, type, logical } = nodes[at]
    const held = nodes.slice(at, next)
    const wide = held.find((node) => (node.precision ?? 0) > 38 && /decimal/i.test(node.logical ?? 'decimal'))
    const { unit, type: arrowType } = known.get(name) ?? {}
    columns.push({
      name,
      type: wide ? `decimal(${wide.precision}, ${wide.scale})` : (arrowType ?? type ?? 'group'),
      ...(wide && { refusal: 'at most 38 digits' }),
      ...(unit && type === 'INT64' && { unit }),
      ...(isCut(type, logical) && { isCut: true })
    })
    at = next
  }
  return columns
}

/** The engine reads such times to the microsecond, and nobody can tell afterwards what it cut off. */
const isCut = (type: string | null, logical: string | null): boolean =>
  type === 'INT96' || (/NANOS=NanoSeconds/.test(logical ?? '') && /^TimeType|isAdjustedToUTC=1/.test(logical ?? ''))

/** Where the parts of a node end. A file that claims more parts than it has ends with its list. */
function endOf(nodes: readonly ParquetNode[], at: number): number {
  let open = 1
  let next = at
  for (; open > 0 && next < nodes.length; next++) open += Math.max(0, nodes[next].parts) - 1
  return next
}
