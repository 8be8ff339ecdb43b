import type { Migration } from '../ledger/ledger'

export const migration0004: Migration = {
  version: 4,
  name: 'experiments',
  sql: ''
}
