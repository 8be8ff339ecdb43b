import type { AuditEvent } from '../../model/workspace'
import { sha256 } from '../../storage/objects/durable-files'
import type { WorkspaceContext } from '../workspace'

const GENESIS = '0'.repeat(64)

/** The append-only record of who did what to which hashes. Each entry carries the SHA-256 of the one before it. */
export interface Audit {
  /** Appends one entry; joins the caller's ledger transaction, so the deed and its record commit together. */
  record(action: string, subject: string, detail?: Record<string, unknown>): void
  list(options: { offset: number; limit: number }): { total: number; events: AuditEvent[] }
  /** Every entry from the first on, for a reader who recomputes the chain. */
  chain(): AuditEvent[]
  /** Recomputes the whole chain; false when an entry was altered, removed or reordered. */
  isIntact(): boolean
}

interface EventRow {
  idx: number
  at: string
  actor: string
  action: string
  subject: string
  detail: string
  previous: string
  hash: string
}

const hashOf = (row: Omit<EventRow, 'hash'>): string =>
  sha256(JSON.stringify([row.idx, row.at, row.actor, row.action, row.subject, row.detail, row.previous]))

const toEvent = ({ idx, ...row }: EventRow): AuditEvent => ({ ...row, index: idx, detail: JSON.parse(row.detail) })

/** Opens the record; `actor` names the current person at the time of each deed. */
export function createAudit({ ledger, clock }: WorkspaceContext, actor: () => string): Audit {
  return {
    record(action, subject, detail = {}) {
      ledger.transaction(() => {
        const last = ledger.get<{ idx: number; hash: string }>('SELECT idx, hash FROM event ORDER BY idx DESC LIMIT 1')
        const row = {
          idx: (last?.idx ?? -1) + 1,
          at: clock().toISOString(),
          actor: actor(),
          action,
          subject,
          detail: JSON.stringify(detail),
          previous: last?.hash ?? GENESIS
        }
        ledger.run(
          'INSERT INTO event VALUES(?,?,?,?,?,?,?,?)',
          row.idx,
          row.at,
          row.actor,
          row.action,
          row.subject,
          row.detail,
          row.previous,
          hashOf(row)
        )
      })
    },
    list({ offset, limit }) {
      const total = ledger.get<{ n: number }>('SELECT count(*) AS n FROM event')?.n ?? 0
      const rows = ledger.all<EventRow>('SELECT * FROM event ORDER BY idx DESC LIMIT ? OFFSET ?', limit, offset)
      return { total, events: rows.map(toEvent) }
    },
    chain: () => ledger.all<EventRow>('SELECT * FROM event ORDER BY idx').map(toEvent),
    isIntact() {
      let previous = GENESIS
      let index = 0
      for (const row of ledger.all<EventRow>('SELECT * FROM event ORDER BY idx')) {
        if (row.idx !== index++ || row.previous !== previous || hashOf(row) !== row.hash) return false
        previous = row.hash
      }
      return true
    }
  }
}
