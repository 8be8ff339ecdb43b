import type { Migration } from '../ledger/ledger'

export const migration0001: Migration = {
  version: 1,
  name: 'workspace',
  sql: ''
}
