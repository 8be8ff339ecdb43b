import { openLedger, type Ledger, type LedgerFormat, type Migration } from '../../storage/ledger/ledger'
import type { FeatureTables } from '../../storage/ledger/feature-tables'
import * as list from '../feature-list'
import type { Manifest } from '../manifest'

/** What each feature keeps in the ledger, in the order of its places. */
export const ledgerFeatures: Readonly<Record<string, FeatureTables>> = Object.fromEntries(
  Object.entries<Manifest>(list)
    .flatMap(([name, { tables }]) => (tables ? [[name, tables] as const] : []))
    .sort(([, one], [, other]) => one.place - other.place)
)
const features = Object.values(ledgerFeatures)

/** The formats that ledgers went through. Append only. */
const formats = [
  'workspace',
  'datasets',
  'journal',
  'experiments',
  'models',
  'governance',
  'entry order',
  'evidence',
  'policy order',
  'connections',
  'shared rows',
  'figures',
  'more figures',
  'people'
]

const migrations = formats.map((name, index): Migration => {
  const version = index + 1
  return { version, name, sql: features.map((feature) => feature.migrations[version] ?? '').join('') }
})

/** The ledger of a workspace: its formats, and the views that features publish for each other and for SQL. */
export const ledgerFormat: LedgerFormat = { migrations, views: features.flatMap((feature) => feature.published) }

/** Opens or creates a workspace's ledger. Throws as `openLedger` does. */
export const openWorkspaceLedger = (file: string): Ledger => openLedger(file, ledgerFormat)
