import type { Migration } from '../ledger/ledger'

export const migration0002: Migration = {
  version: 2,
  name: 'datasets',
  sql: ''
}
