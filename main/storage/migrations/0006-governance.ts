import type { Migration } from '../ledger/ledger'

export const migration0006: Migration = {
  version: 6,
  name: 'governance',
  sql: ''
}
