import type { ColumnProfile, Histogram } from '../../model/quality'
import { quoteText } from '../../model/sql-quoting'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { dateText, numberText, placeholderText } from './text-patterns'

const EXACT_DISTINCT_ROWS = 200_000
const BINS = 40
const TOP = 20
const BATCH = 60
const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

/** A number of a row of figures; null for missing and for "NaN" or "Infinity". */
export const figure = (value: unknown): number | null => {
  if (value === null || value === undefined) return null
  const n = Number(value)
  return Number.isFinite(n) ? n : null
}
const whole = (value: unknown): number => Math.round(figure(value) ?? 0)
/** SQL of a numeric column with NaN and infinities left out. */
export const finite = (c: Pick<AnalysisColumn, 'id' | 'type'>): string =>
  /^(FLOAT|DOUBLE)/.test(c.type) ? `(CASE WHEN isfinite(${c.id}) THEN ${c.id} END)` : `${c.id}::DOUBLE`

function figuresSql(c: AnalysisColumn, exact: boolean): string[] {
  const list = [
    `count(${c.id})::DOUBLE`,
    `${exact ? `count(DISTINCT ${c.id})` : `approx_count_distinct(${c.id})`}::DOUBLE`,
    `min(${c.id})::VARCHAR`,
    `max(${c.id})::VARCHAR`
  ]
  if (c.isNumeric) {
    const v = finite(c)
    list.push(`min(${v})`, `max(${v})`, `avg(${v})`, `stddev_samp(${v})`, `quantile_cont(${v}, [${QUANTILES.join(', ')}])`)
    list.push(
      `(count(*) FILTER (WHERE ${v} = 0))::DOUBLE`,
      `(count(*) FILTER (WHERE ${v} < 0))::DOUBLE`,
      `(count(${c.id}) - count(${v}))::DOUBLE`
    )
  }
  if (c.isText) {
    const matches = (p: string): string => `(count(*) FILTER (WHERE regexp_full_match(trim(${c.id}), ${quoteText(p)})))::DOUBLE`
    list.push(
      `min(length(${c.id}))`,
      `max(length(${c.id}))`,
      `avg(length(${c.id}))`,
      `(count(*) FILTER (WHERE trim(${c.id}) = ''))::DOUBLE`
    )
    list.push(
      `(count(*) FILTER (WHERE ${c.id} <> trim(${c.id}) OR contains(trim(${c.id}), '  ')))::DOUBLE`,
      matches(numberText),
      matches(dateText),
      matches(placeholderText)
    )
  }
  return list
}

/** Profiles of all columns from one aggregate query per 60 columns, then histograms and most frequent values. */
export async function profileColumns(table: AnalysisTable, onProgress: (fraction: number) => void): Promise<ColumnProfile[]> {
  const exact = table.rows <= EXACT_DISTINCT_ROWS
  const profiles: ColumnProfile[] = []
  for (let from = 0; from < table.columns.length; from += BATCH) {
    const part = table.columns.slice(from, from + BATCH)
    const lists = part.map((c) => figuresSql(c, exact))
    const [row] = await table.query(`SELECT ${lists.flat().join(', ')} FROM ${TABLE}`)
    let at = 0
    for (const [k, c] of part.entries()) {
      profiles.push(toProfile(c, row.slice(at, at + lists[k].length), table.rows, exact))
      at += lists[k].length
    }
    onProgress((0.5 * Math.min(table.columns.length, from + BATCH)) / table.columns.length)
  }
  for (const [i, c] of table.columns.entries()) {
    const p = profiles[i]
    p.histogram = await histogramOf(table, c, p)
    p.top = await topValues(table, c)
    if (i % 20 === 19) onProgress(0.5 + (0.5 * i) / table.columns.length)
  }
  return profiles
}

function toProfile(c: AnalysisColumn, f: unknown[], rows: number, exact: boolean): ColumnProfile {
  const count = whole(f[0])
  const profile: ColumnProfile = {
    name: c.name,
    type: c.type,
    kind: c.kind,
    role: c.role,
    knownWhen: c.knownWhen,
    unit: c.unit,
    count,
    missing: rows - count,
    distinct: Math.min(whole(f[1]), count),
    distinctExact: exact,
    min: f[2] === null ? null : String(f[2]).slice(0, 200),
    max: f[3] === null ? null : String(f[3]).slice(0, 200),
    numeric: null,
    text: null,
    histogram: null,
    top: []
  }
  if (c.isNumeric) {
    const q = (f[8] as unknown[] | null) ?? []
    const [p01, p05, p25, p50, p75, p95, p99] = QUANTILES.map((_, i) => figure(q[i]))
    profile.numeric = {
      min: figure(f[4]),
      max: figure(f[5]),
      mean: figure(f[6]),
      std: figure(f[7]),
      quantiles: { p01, p05, p25, p50, p75, p95, p99 },
      zeros: whole(f[9]),
      negatives: whole(f[10]),
      nonFinite: whole(f[11])
    }
  }
  if (c.isText)
    profile.text = {
      minLength: whole(f[4]),
      maxLength: whole(f[5]),
      meanLength: figure(f[6]) ?? 0,
      empty: whole(f[7]),
      padded: whole(f[8]),
      numeric: whole(f[9]),
      dates: whole(f[10]),
      placeholders: whole(f[11])
    }
  return profile
}

async function histogramOf(table: AnalysisTable, c: AnalysisColumn, p: ColumnProfile): Promise<Histogram | null> {
  if ((!c.isNumeric && !c.isTime) || p.count === 0) return null
  const v = c.isTime ? `epoch_ms(${c.id}::TIMESTAMP)::DOUBLE` : finite(c)
  const [[low, high]] = await table.query(`SELECT min(${v}), max(${v}) FROM ${TABLE}`)
  const min = figure(low)
  const max = figure(high)
  if (min === null || max === null) return null
  if (min === max) return { edges: [min, max], counts: [p.count] }
  const steps = c.kind === 'integer' ? Math.min(BINS, max - min + 1) : BINS
  const top = c.kind === 'integer' && max - min + 1 <= BINS ? max + 1 : max
  const width = (top - min) / steps
  if (!Number.isFinite(width) || width <= 0) return null
  const found = await table.query(
    `SELECT least(${steps - 1}, greatest(0, floor((${v} - ${min}::DOUBLE) / ${width}::DOUBLE)))::INTEGER AS bin, count(*)::DOUBLE FROM ${TABLE} WHERE ${v} IS NOT NULL GROUP BY bin`
  )
  const counts = new Array<number>(steps).fill(0)
  for (const [bin, n] of found) counts[Number(bin)] = whole(n)
  return { edges: Array.from({ length: steps + 1 }, (_, i) => (i === steps ? top : min + i * width)), counts }
}

async function topValues(table: AnalysisTable, c: AnalysisColumn): Promise<{ value: string; count: number }[]> {
  const rows = await table.query(
    `SELECT left(v::VARCHAR, 200), n::DOUBLE FROM (SELECT ${c.id} AS v, count(*) AS n FROM ${TABLE} WHERE ${c.id} IS NOT NULL GROUP BY v ORDER BY n DESC, v::VARCHAR LIMIT ${TOP})`
  )
  return rows.map(([value, n]) => ({ value: String(value), count: whole(n) }))
}
