import type { FeatureTables, Table } from '../../storage/ledger/feature-tables'

export interface EventRow {
  idx: number
  at: string
  actor: string
  action: string
  subject: string
  /** JSON. */
  detail: string
  previous: string
  hash: string
}
export const event: Table<EventRow> = 'event'

export const auditTables: FeatureTables = {
  migrations: {
    1: `    CREATE TABLE event(
      idx INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
      subject TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
  `
  },
  published: []
}
