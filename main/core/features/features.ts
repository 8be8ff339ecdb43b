import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { Database } from '../../storage/duckdb/database'
import { assertDigest } from '../../storage/objects/digest-check'
import { quoteName, quoteText } from '../../model/sql-quoting'
import type { Experiments } from '../experiments'
import type { Models } from '../models'
import type { WorkspaceContext } from '../workspace'
import type { Sha256 } from '../../model/reference'
import type { FeatureSetSummary, FeatureStatistics } from '../../model/feature-set'

/** A feature set as the journal knows it. */
export type ProducedFeatureSet = Omit<FeatureSetSummary, 'name' | 'columns'> & { sql: string | null }

/** Feature sets that pipeline steps produced: read-only views over immutable Arrow files. */
export interface Features {
  list(): Promise<FeatureSetSummary[]>
  get(sha256: Sha256): Promise<FeatureSetSummary & { sql: string | null; statistics: FeatureStatistics[] }>
  rows(
    sha256: Sha256,
    offset: number,
    limit: number
  ): Promise<{ columns: { name: string; type: string }[]; rows: unknown[][]; total: number }>
}

export interface FeatureSources {
  produced(): ProducedFeatureSet[]
  /** Ids of the runs that were trained on a set or on what was made from it. */
  trainedOn(sha256: Sha256): ReadonlySet<string>
  models: Models
  experiments: Experiments
}

const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/

/** Opens the feature sets of a workspace. */
export function createFeatures({ duckdb, directory }: WorkspaceContext, sources: FeatureSources): Features {
  const pathOf = (sha256: Sha256): string => join(directory, 'data', `${sha256}.arrow`)
  const scan = (sha256: Sha256): string => `read_arrow(${quoteText(pathOf(sha256))})`
  const find = (sha256: Sha256): ProducedFeatureSet => {
    const found = sources.produced().find((set) => set.sha256 === sha256)
    if (!found) throw new WorkbenchError('NOT_FOUND', `No pipeline step of this workspace produced the feature set ${sha256.slice(0, 8)}.`)
    return found
  }
  const findUnchanged = async (sha256: Sha256): Promise<ProducedFeatureSet> => {
    const set = find(sha256)
    await assertDigest(pathOf(sha256), sha256, `The data file data/${sha256}.arrow of the feature set "${set.pipeline} / ${set.step}"`, {
      next: 'restore it from a backup or run its pipeline again'
    })
    return set
  }
  const toFeatureSet = async ({ sql: _sql, ...set }: ProducedFeatureSet): Promise<FeatureSetSummary> => ({
    ...set,
    name: `${set.pipeline} / ${set.step}`,
    // One damaged file must not hide the sets that are whole.
    columns: await duckdb.describe(`SELECT * FROM ${scan(set.sha256)}`).then(
      (columns) => columns.length,
      () => null
    )
  })
  /** The features that each registered model reads, of models trained on this set or on what was made from it. */
  const readers = async (sha256: Sha256): Promise<{ features: Set<string>; label: string }[]> => {
    const runs = sources.trainedOn(sha256)
    const versions = sources.models.list().flatMap(({ name }) => sources.models.versions(name))
    const found = versions
      .filter((version) => runs.has(version.run))
      .map(async ({ name, version, run }) => {
        const training = await sources.experiments.training(run)
        return { features: new Set(training?.features.map((feature) => feature.name)), label: `${name}@${version}` }
      })
    return Promise.all(found)
  }

  async function statistics(set: ProducedFeatureSet): Promise<FeatureStatistics[]> {
    const columns = await duckdb.describe(`SELECT * FROM ${scan(set.sha256)}`)
    if (columns.length === 0) return []
    const distinctExact = set.rows <= exactRows
    const expressions = columns.flatMap(({ name, type }, i) => {
      const column = quoteName(name)
      return [
        `count(*) - count(${column}) AS m${i}`,
        `${distinctExact ? `count(DISTINCT ${column})` : `approx_count_distinct(${column})`} AS d${i}`,
        `CAST(min(${column}) AS VARCHAR) AS lo${i}`,
        `CAST(max(${column}) AS VARCHAR) AS hi${i}`,
        NUMERIC.test(type) ? `avg(CAST(${column} AS DOUBLE)) AS a${i}` : `NULL AS a${i}`
      ]
    })
    const [row] = await duckdb.all<Record<string, string | number | null>>(`SELECT ${expressions.join(', ')} FROM ${scan(set.sha256)}`)
    // Of few values nobody should read 13 where there are 12, and those take little to count.
    const few = distinctExact ? [] : [...columns.keys()].filter((i) => Number(row[`d${i}`]) <= fewValues)
    const counts = few.map((i) => `count(DISTINCT ${quoteName(columns[i]!.name)}) AS d${i}`)
    if (few.length > 0) Object.assign(row, (await duckdb.all(`SELECT ${counts.join(', ')} FROM ${scan(set.sha256)}`))[0])
    const models = await readers(set.sha256)
    return Promise.all(
      columns.map(async ({ name, type }, i) => ({
        name,
        type,
        missing: Number(row[`m${i}`]),
        distinct: Number(row[`d${i}`]),
        distinctExact: distinctExact || few.includes(i),
        minimum: row[`lo${i}`] === null ? null : String(row[`lo${i}`]),
        maximum: row[`hi${i}`] === null ? null : String(row[`hi${i}`]),
        mean: row[`a${i}`] === null ? null : Number(row[`a${i}`]),
        histogram: await histogram(duckdb, scan(set.sha256), name, type, Number(row[`lo${i}`]), Number(row[`hi${i}`])),
        usedBy: models.filter((model) => model.features.has(name)).map((model) => model.label)
      }))
    )
  }
  return {
    list: () => Promise.all(sources.produced().map(toFeatureSet)),
    async get(sha256) {
      const set = await findUnchanged(sha256)
      return { ...(await toFeatureSet(set)), sql: set.sql, statistics: await statistics(set) }
    },
    async rows(sha256, offset, limit) {
      const set = await findUnchanged(sha256)
      const { columns, rows } = await duckdb.query(`SELECT * FROM ${scan(sha256)} LIMIT ? OFFSET ?`, [limit, offset])
      return { columns, rows, total: set.rows }
    }
  }
}

/** Up to so many rows, different values are counted one by one; beyond, a sketch of them is. */
const exactRows = 200_000
const fewValues = 10_000

/** Ten equal bins of a number, else the ten most frequent values. */
async function histogram(
  duckdb: Database,
  table: string,
  name: string,
  type: string,
  low: number,
  high: number
): Promise<{ label: string; count: number }[]> {
  const column = quoteName(name)
  if (NUMERIC.test(type) && Number.isFinite(low) && Number.isFinite(high) && high > low) {
    const width = (high - low) / 10
    const bins = await duckdb.all<{ bin: number; n: number }>(
      `SELECT least(9, CAST(floor((CAST(${column} AS DOUBLE) - ?) / ?) AS INTEGER)) AS bin, count(*) AS n FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1`,
      [low, width]
    )
    const counts = new Map(bins.map((b) => [Number(b.bin), Number(b.n)]))
    return Array.from({ length: 10 }, (_, i) => ({
      label: `${(low + i * width).toPrecision(3)} to ${(low + (i + 1) * width).toPrecision(3)}`,
      count: counts.get(i) ?? 0
    }))
  }
  const top = await duckdb.all<{ label: string; n: number }>(
    `SELECT coalesce(CAST(${column} AS VARCHAR), '(missing)') AS label, count(*) AS n FROM ${table} GROUP BY 1 ORDER BY n DESC, label LIMIT 10`
  )
  return top.map(({ label, n }) => ({ label, count: Number(n) }))
}
