import { publish, type FeatureTables, type Table } from '../../storage/ledger/feature-tables'

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
  place: 2,
  migrations: {
    1: `    CREATE TABLE event(
      idx INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
      subject TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
  `
  },
  published: [
    publish('events', 'event', 'event.idx', 'One row for each deed, in the order of the record.', [
      ['seq', 'BIGINT', 'counts up from 0', 'idx'],
      ['at', 'TIMESTAMP', 'when, UTC'],
      ['person', 'VARCHAR', 'printed name of who asked', 'actor'],
      ['command', 'VARCHAR', 'what was asked for; empty in records of version 0.1', `detail ->> '$.command'`],
      ['event', 'VARCHAR', 'what happened', 'action'],
      ['subject', 'VARCHAR', 'about what'],
      ['before', 'VARCHAR', 'the old value, as JSON', `detail ->> '$.before'`],
      ['after', 'VARCHAR', 'the new value, as JSON', `detail ->> '$.after'`]
    ])
  ]
}
