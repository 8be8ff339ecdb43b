import type { Migration } from '../ledger/ledger'

export const migration0005: Migration = {
  version: 5,
  name: 'models',
  sql: ''
}
