import { openLedger, type Ledger, type LedgerFormat, type Migration } from '../../storage/ledger/ledger'
import type { FeatureTables } from '../../storage/ledger/feature-tables'
import { auditTables } from '../audit/tables'
import { datasetTables } from '../datasets/tables'
import { experimentTables } from '../experiments/tables'
import { bundleTables } from '../bundles/tables'
import { policyTables } from '../policies/tables'
import { jobTables } from '../jobs/tables'
import { modelTables } from '../models/tables'
import { peopleTables } from '../people/tables'
import { pipelineTables } from '../pipelines/tables'
import { qualityTables } from '../quality/tables'

/** What each feature keeps in the ledger; in this order their parts make up a format, and a table may refer to one above it. */
export const ledgerFeatures: Readonly<Record<string, FeatureTables>> = {
  people: peopleTables,
  audit: auditTables,
  datasets: datasetTables,
  quality: qualityTables,
  jobs: jobTables,
  pipelines: pipelineTables,
  experiments: experimentTables,
  models: modelTables,
  bundles: bundleTables,
  policies: policyTables
}
const features = Object.values(ledgerFeatures)

/** The formats that ledgers went through. Append only. */
const formats = ['workspace', 'datasets', 'journal', 'experiments', 'models', 'governance', 'entry order', 'evidence', 'policy order']

const migrations = formats.map((name, index): Migration => {
  const version = index + 1
  return { version, name, sql: features.map((feature) => feature.migrations[version] ?? '').join('') }
})

/** The ledger of a workspace: its formats, and the views that features publish for each other and for SQL. */
export const ledgerFormat: LedgerFormat = { migrations, views: features.flatMap((feature) => feature.published) }

/** Opens or creates a workspace's ledger. Throws as `openLedger` does. */
export const openWorkspaceLedger = (file: string): Ledger => openLedger(file, ledgerFormat)
