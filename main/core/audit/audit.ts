import type { RecordState } from '../../model/record'
import type { AuditEvent } from '../../model/workspace'
import { sha256 } from '../../storage/objects/durable-files'
import type { WorkspaceContext } from '../workspace'
import { event, type EventRow } from './tables'

export const GENESIS = '0'.repeat(64)

/** The append-only record of who did what to which hashes. Each entry carries the SHA-256 of the one before it. */
export interface Audit {
  list(options: { offset: number; limit: number }): { total: number; events: AuditEvent[] }
  /** The entries of these events, from the first on. */
  ofEvents(actions: readonly string[]): AuditEvent[]
  /** Every entry from the first on, for a reader who recomputes the chain. */
  chain(): AuditEvent[]
  /** Recomputes the whole chain; false when an entry was altered, removed or reordered. */
  isIntact(): boolean
  /** What the record can say of itself. */
  state(): RecordState
}

/** What carries out commands writes with. */
export interface AuditWriter extends Audit {
  /** Appends one entry; joins the caller's ledger transaction, so the deed and its record commit together. */
  append(entry: AuditEntry): void
}

/** One deed. `command`, `before` and `after` become members of the detail, so that the chain covers them in the form it always had. */
export interface AuditEntry {
  action: string
  subject: string
  /** Printed name of who asked; null stands for whoever is current when it is recorded. */
  by: string | null
  command: string
  before?: unknown
  after?: unknown
  detail?: Record<string, unknown>
}

/** The hash that ties an entry to the one before it. */
export const hashOf = (row: Omit<EventRow, 'hash'>): string =>
  sha256(JSON.stringify([row.idx, row.at, row.actor, row.action, row.subject, row.detail, row.previous]))

const toEvent = ({ idx, ...row }: EventRow): AuditEvent => ({ ...row, index: idx, detail: JSON.parse(row.detail) })

/** Opens the record; `actor` names the current person at the time of each deed. */
export function createAudit({ ledger, clock }: WorkspaceContext, actor: () => string): AuditWriter {
  const append: AuditWriter['append'] = ({ action, subject, by, command, before, after, detail }) => {
    ledger.transaction(() => {
      const last = ledger.get<{ idx: number; hash: string }>('SELECT idx, hash FROM event ORDER BY idx DESC LIMIT 1')
      const row = {
        idx: (last?.idx ?? -1) + 1,
        at: clock().toISOString(),
        actor: by ?? actor(),
        action,
        subject,
        detail: JSON.stringify({ ...detail, command, before, after }),
        previous: last?.hash ?? GENESIS
      }
      ledger.insert(event, { ...row, hash: hashOf(row) })
    })
  }
  const isIntact = (): boolean => {
    let previous = GENESIS
    let index = 0
    for (const row of ledger.all<EventRow>('SELECT * FROM event ORDER BY idx')) {
      if (row.idx !== index++ || row.previous !== previous || hashOf(row) !== row.hash) return false
      previous = row.hash
    }
    return true
  }
  const count = (): number => ledger.get<{ n: number }>('SELECT count(*) AS n FROM event')?.n ?? 0
  return {
    append,
    isIntact,
    state: () => ({
      total: count(),
      intact: isIntact(),
      heldBy:
        ledger.get<{ at: string; entries: number }>(
          "SELECT at, idx AS entries FROM event WHERE action = 'bundle.exported' ORDER BY idx DESC LIMIT 1"
        ) ?? null
    }),
    list({ offset, limit }) {
      const rows = ledger.all<EventRow>('SELECT * FROM event ORDER BY idx DESC LIMIT ? OFFSET ?', limit, offset)
      return { total: count(), events: rows.map(toEvent) }
    },
    ofEvents: (actions) =>
      ledger
        .all<EventRow>('SELECT * FROM event WHERE action IN (SELECT value FROM json_each(?)) ORDER BY idx', JSON.stringify(actions))
        .map(toEvent),
    chain: () => ledger.all<EventRow>('SELECT * FROM event ORDER BY idx').map(toEvent)
  }
}
