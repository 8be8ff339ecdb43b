import type { PairFigure, TableProfile } from '../../model/quality'
import { saysBirth, type WorkProgress } from '../../model/dataset'
import { TABLE, type AnalysisTable } from './analysis-table'
import { missingTogether, pairsOfTable, strongestOf } from './profile-pairs'
import { profileColumns } from './profile-columns'

const DAY = 86_400_000
const MAX_GROUPED_COLUMNS = 200

/** SQL expression that is equal for rows that are equal in every column. */
export const rowKey = (table: AnalysisTable, prefix = ''): string => {
  const ids = table.columns.map((c) => prefix + c.id)
  return ids.length <= MAX_GROUPED_COLUMNS ? `row(${ids.join(', ')})` : `md5(row(${ids.join(', ')})::VARCHAR)`
}

/** A profile with all pairwise figures, of which the profile itself shows the strongest. */
export interface ProfiledTable {
  profile: TableProfile
  pairs: PairFigure[]
}

/** Full profile of a loaded table; every row is read, only pairwise figures use a sample of a large one. */
export async function profileTable(table: AnalysisTable, onProgress: (progress: WorkProgress) => void = () => {}): Promise<ProfiledTable> {
  const columns = await profileColumns(table, (fraction) => onProgress({ fraction: fraction * 0.6, message: 'Profiling the columns' }))
  onProgress({ fraction: 0.6, message: 'Looking for repeated rows' })
  const duplicates = await table.query(
    `SELECT coalesce(sum(n - 1), 0)::DOUBLE FROM (SELECT count(*) AS n FROM ${TABLE} GROUP BY ${rowKey(table)} HAVING n > 1)`
  )
  onProgress({ fraction: 0.7, message: 'Comparing the columns with each other' })
  const pairs = await pairsOfTable(table, columns)
  const profile = {
    rows: table.rows,
    columns,
    duplicateRows: Number(duplicates[0][0]),
    associations: strongestOf(pairs),
    missingTogether: await missingTogether(table, columns),
    timeline: await timelineOf(table),
    pairwiseRows: table.sampleRows
  }
  return { profile, pairs }
}

async function timelineOf(table: AnalysisTable): Promise<TableProfile['timeline']> {
  const times = table.columns.filter((c) => c.isTime)
  const time = times.find(({ role }) => role === 'time') ?? times.find(({ role, name }) => role !== 'ignored' && !saysBirth(name))
  if (!time) return null
  const [[low, high]] = await table.query(
    `SELECT epoch_ms(min(${time.id})::TIMESTAMP)::DOUBLE, epoch_ms(max(${time.id})::TIMESTAMP)::DOUBLE FROM ${TABLE}`
  )
  if (low === null || high === null) return null
  const days = (Number(high) - Number(low)) / DAY
  const unit = days <= 120 ? 'day' : days <= 366 * 30 ? 'month' : 'year'
  if (days > 366 * 1_000) return null
  const found = await table.query(
    `SELECT strftime(p, '%Y-%m-%d'), coalesce(n, 0)::DOUBLE FROM (SELECT unnest(generate_series(date_trunc('${unit}', (SELECT min(${time.id})::TIMESTAMP FROM ${TABLE})), (SELECT max(${time.id})::TIMESTAMP FROM ${TABLE}), INTERVAL 1 ${unit})) AS p) LEFT JOIN (SELECT date_trunc('${unit}', ${time.id}::TIMESTAMP) AS q, count(*) AS n FROM ${TABLE} WHERE ${time.id} IS NOT NULL GROUP BY q) ON p = q ORDER BY p`
  )
  return { column: time.name, unit, periods: found.map(([start, n]) => ({ start: String(start), count: Number(n) })) }
}
