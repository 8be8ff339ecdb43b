import { openArrowFile, type ArrowFile } from '../../../../storage/arrow/arrow-file'
import { columnNames } from '../../../../storage/arrow/arrow-types'
import { FilePool } from '../../../../storage/arrow/file-handles'
import { digestedType, digestRows } from '../../../../storage/arrow/row-digests'
import type { Database } from '../../../../storage/duckdb/database'
import { isBeyondChance, MAX_ROWS_OF_KIND } from './shared-rows-chance'
import { countByQuery, type ComparedTables, type SharedRows } from './shared-rows-query'

/** Rows of two tables together that are compared without a database, which takes longer to start than to count them. */
const MAX_IN_MEMORY = 500_000

/**
 * Judged rows with an outcome that one of the training tables holds too. Rows are compared by a digest over all columns that both tables
 * have, the same value in another type being the same; and again over what the model sees, where rows under another number or mark are
 * still alike. The database is asked for only where it is needed.
 */
export async function countSharedRows(database: () => Promise<Database>, tables: ComparedTables): Promise<SharedRows> {
  const pool = new FilePool(1 + tables.training.length)
  try {
    const judged = openArrowFile(pool.get(tables.judged))
    const shared = new Uint8Array(judged.rows)
    for (const path of tables.training) {
      const training = openArrowFile(pool.get(path))
      const pair = pairOf(judged, training, tables)
      // Rows under other marks are looked for with all that a query can tell.
      if (!pair || markShared(judged, training, pair, shared)) return await countByQuery(await database(), tables)
    }
    return { shared: tables.training.length > 0 ? shared.reduce((sum, mark) => sum + mark, 0) : null, alike: null }
  } finally {
    pool.closeAll()
  }
}

interface Pair {
  columns: { ours: number; theirs: number; isSeen: boolean }[]
  target: { ours: number; theirs: number }
  /** Whether both have all that the model sees. */
  hasAll: boolean
}

/** The common columns, where each is of one type in both and the tables are small; otherwise undefined. */
function pairOf(judged: ArrowFile, training: ArrowFile, { target, inputs }: ComparedTables): Pair | undefined {
  if (judged.compressed || training.compressed || judged.rows + training.rows > MAX_IN_MEMORY) return undefined
  const places = new Map(columnNames(training.fields).map((name, index) => [name, index]))
  const seen = new Set([...inputs, target])
  const common = columnNames(judged.fields).flatMap((name, ours) => {
    const theirs = places.get(name)
    return theirs === undefined ? [] : { name, ours, theirs, isSeen: seen.has(name) }
  })
  const outcome = common.find(({ name }) => name === target)
  const isAlike = common.every(({ ours, theirs }) => {
    const type = digestedType(judged.fields[ours]!)
    return type !== undefined && type === digestedType(training.fields[theirs]!)
  })
  if (!isAlike || !outcome) return undefined
  return { columns: common, target: outcome, hasAll: inputs.length > 0 && common.filter(({ isSeen }) => isSeen).length === seen.size }
}

/** Marks the judged rows that stand in one table of the training. True when more of the others are alike to the model than chance explains. */
function markShared(judged: ArrowFile, training: ArrowFile, { columns, target, hasAll }: Pair, shared: Uint8Array): boolean {
  const side = (of: 'ours' | 'theirs'): { index: number; isSeen: boolean }[] =>
    columns.map((column) => ({ index: column[of], isSeen: column.isSeen }))
  const rows = new Set<bigint>()
  const kinds = new Map<bigint, number>()
  for (const { all, seen, isKnown } of digestRows(training, side('theirs'), target.theirs))
    for (let row = 0; row < all.length; row++) {
      if (!isKnown(row) || rows.has(all[row]!)) continue
      rows.add(all[row]!)
      kinds.set(seen[row]!, (kinds.get(seen[row]!) ?? 0) + 1)
    }
  const fresh = new Set<bigint>()
  const different = new Set<bigint>()
  let place = 0
  for (const { all, seen, isKnown } of digestRows(judged, side('ours'), target.ours))
    for (let row = 0; row < all.length; row++, place++) {
      if (!isKnown(row)) continue
      if (rows.has(all[row]!)) shared[place] = 1
      else {
        fresh.add(seen[row]!)
        different.add(all[row]!)
      }
    }
  if (!hasAll) return false
  const met = [...fresh].map((kind) => kinds.get(kind) ?? 0)
  return isBeyondChance({ rows: rows.size, kinds: bySize(kinds.values()), fresh: different.size, met: bySize(met) })
}

/** How many of the numbers are 1, 2, 3, ... */
function bySize(numbers: Iterable<number>): number[] {
  const counts = new Array<number>(MAX_ROWS_OF_KIND).fill(0)
  for (const number of numbers) if (number >= 1 && number <= MAX_ROWS_OF_KIND) counts[number - 1]!++
  return counts
}
