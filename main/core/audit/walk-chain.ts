import { GENESIS, hashOf } from './audit'
import type { EventRow } from './tables'

/** How far the record of a ledger holds. */
export interface ChainWalk {
  /** Entries that were read. */
  entries: number
  /** The last entry that was read; null in an empty record. */
  head: { index: number; hash: string } | null
  /** The first entry that does not follow from the one before it, and why. */
  broken: { index: number; reason: 'missing' | 'altered' } | null
}

/** Follows the record of any ledger, one entry at a time. Throws what the reader throws where a page cannot be read. */
export function walkChain(ledger: { each<T>(sql: string): Iterable<T> }): ChainWalk {
  const walk: ChainWalk = { entries: 0, head: null, broken: null }
  let previous = GENESIS
  for (const row of ledger.each<EventRow>('SELECT idx, at, actor, action, subject, detail, previous, hash FROM event ORDER BY idx')) {
    walk.broken ??=
      row.idx !== walk.entries
        ? { index: walk.entries, reason: 'missing' }
        : row.previous !== previous || hashOf(row) !== row.hash
          ? { index: row.idx, reason: 'altered' }
          : null
    walk.entries++
    previous = row.hash
    walk.head = { index: row.idx, hash: row.hash }
  }
  return walk
}
