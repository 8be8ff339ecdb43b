import type { Ledger } from '../../storage/ledger/ledger'
import { GENESIS, hashOf } from './audit'
import type { EventRow } from './tables'

/** A place where the record does not follow from what is before it. */
export interface ChainBreak {
  /** The first entry that is missing, or the one that is not what it was. */
  index: number
  reason: 'missing' | 'altered'
}

/** How far the record of a ledger holds. */
export interface ChainWalk {
  /** Entries that were read. */
  entries: number
  /** The last entry that was read; null in an empty record. */
  head: { index: number; hash: string } | null
  /** The first hundred breaks. */
  breaks: ChainBreak[]
}

const MOST_BREAKS = 100

/** Follows the record of any ledger, one entry at a time. Throws what the reader throws where a page cannot be read. */
export function walkChain(ledger: { each<T>(sql: string): Iterable<T> }, onEntry?: (row: EventRow) => void): ChainWalk {
  const walk: ChainWalk = { entries: 0, head: null, breaks: [] }
  for (const row of ledger.each<EventRow>('SELECT idx, at, actor, action, subject, detail, previous, hash FROM event ORDER BY idx')) {
    const expected = walk.head ? walk.head.index + 1 : 0
    const isLinked = row.previous === (walk.head?.hash ?? GENESIS)
    if (walk.breaks.length < MOST_BREAKS) {
      if (row.idx !== expected) walk.breaks.push({ index: expected, reason: 'missing' })
      else if (!isLinked || hashOf(row) !== row.hash) walk.breaks.push({ index: row.idx, reason: 'altered' })
    }
    walk.entries++
    walk.head = { index: row.idx, hash: row.hash }
    onEntry?.(row)
  }
  return walk
}

/** The last entry of a record, or the one at a place; undefined where there is none. */
export function entryOf(ledger: Pick<Ledger, 'all'>, index?: number): { index: number; hash: string; at: string } | undefined {
  const columns = 'idx AS "index", hash, at'
  const [row] =
    index === undefined
      ? ledger.all<{ index: number; hash: string; at: string }>(`SELECT ${columns} FROM event ORDER BY idx DESC LIMIT 1`)
      : ledger.all<{ index: number; hash: string; at: string }>(`SELECT ${columns} FROM event WHERE idx = ?`, index)
  return row
}
