import type { Migration } from '../ledger/ledger'

export const migration0003: Migration = {
  version: 3,
  name: 'journal',
  sql: ''
}
