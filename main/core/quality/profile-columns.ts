import type { ColumnProfile, Histogram } from '../../model/quality'
import { quoteText } from '../../model/sql-quoting'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { finite } from './column-numbers'
import { binsOf, frequentNumbers, histogramOf, numericFigures, QUANTILES } from './numeric-profile'
import { dateText, numberText, placeholderText } from './text-patterns'

const EXACT_DISTINCT_ROWS = 200_000
/** Up to so many different values an estimate is replaced by the count: nobody should read 13 where there are 12. */
const FEW = 10_000
/** Beyond, a numeric column is not held in memory: its figures are asked for in SQL. */
const ROWS_IN_MEMORY = 10_000_000
const TOP = 20
/** Columns of one statement: its planning takes longer with the square of its expressions. */
const BATCH = 20

/** A number of a row of figures; null for missing and for "NaN" or "Infinity". */
export const figure = (value: unknown): number | null => {
  if (value === null || value === undefined) return null
  const n = Number(value)
  return Number.isFinite(n) ? n : null
}
const whole = (value: unknown): number => Math.round(figure(value) ?? 0)

/** The database refuses the whole statement where a square is beyond the range of numbers. */
const MODEST = 1e150
const isModest = (v: string): string => `abs(${v}) < ${MODEST}::DOUBLE`

/** One aggregate for each: values, different ones, smallest and largest as text, and more by the kind of the column. */
function figuresSql(c: AnalysisColumn, exact: boolean, isCounted: boolean): string[] {
  const list = [
    `count(${c.id})::DOUBLE`,
    `${!isCounted ? '0' : exact ? `count(DISTINCT ${c.id})` : `approx_count_distinct(${c.id})`}::DOUBLE`,
    `min(${c.id})::VARCHAR`,
    `max(${c.id})::VARCHAR`
  ]
  if (c.isNumeric && isCounted) {
    const v = finite(c)
    list.push(
      `min(${v})`,
      `max(${v})`,
      `avg(${v}) FILTER (WHERE ${isModest(v)})`,
      `stddev_samp(${v}) FILTER (WHERE ${isModest(v)})`,
      `quantile_cont(${v}, [${QUANTILES.join(', ')}])`
    )
    list.push(
      `(count(*) FILTER (WHERE ${v} = 0))::DOUBLE`,
      `(count(*) FILTER (WHERE ${v} < 0))::DOUBLE`,
      `(count(${c.id}) - count(${v}))::DOUBLE`
    )
  }
  return list
}

/** The figures of a text column. Each different value is looked at once, however often it occurs. */
function textFiguresSql({ id }: AnalysisColumn): string {
  const rowsWhere = (condition: string): string => `coalesce(sum(n) FILTER (WHERE ${condition}), 0)::DOUBLE`
  const matches = (pattern: string): string => rowsWhere(`regexp_full_match(trim(v), ${quoteText(pattern)})`)
  const figures = ['coalesce(sum(n), 0)::DOUBLE', 'count(*)::DOUBLE', 'min(v)', 'max(v)', 'min(length(v))', 'max(length(v))']
  figures.push('sum(n * length(v)) / sum(n)', rowsWhere(`trim(v) = ''`), rowsWhere(`v <> trim(v) OR contains(trim(v), '  ')`))
  figures.push(matches(numberText), matches(dateText), matches(placeholderText))
  return `SELECT ${figures.join(', ')} FROM (SELECT ${id} AS v, count(*) AS n FROM ${TABLE} WHERE ${id} IS NOT NULL GROUP BY v)`
}

/** Profiles of all columns. Numbers are read once into memory, where sorting answers most; what is text is grouped first. */
export async function profileColumns(
  table: AnalysisTable,
  onProgress: (fraction: number) => void,
  rowsInMemory = ROWS_IN_MEMORY
): Promise<ColumnProfile[]> {
  const exact = table.rows <= EXACT_DISTINCT_ROWS
  const inMemory = (c: AnalysisColumn): boolean => c.isNumeric && table.rows <= rowsInMemory
  const profiles = new Map<AnalysisColumn, ColumnProfile>()
  const plain = table.columns.filter((c) => !c.isText)
  for (let from = 0; from < plain.length; from += BATCH) {
    const part = plain.slice(from, from + BATCH)
    const lists = part.map((c) => figuresSql(c, exact, !inMemory(c)))
    const [row] = await table.query(`SELECT ${lists.flat().join(', ')} FROM ${TABLE}`)
    let at = 0
    for (const [k, c] of part.entries()) {
      profiles.set(c, toProfile(c, row.slice(at, at + lists[k].length), table.rows, exact))
      at += lists[k].length
    }
    onProgress((0.3 * Math.min(plain.length, from + BATCH)) / plain.length)
  }
  if (!exact)
    await countFew(
      table,
      plain.filter((c) => !inMemory(c)),
      profiles
    )
  for (const [i, c] of table.columns.entries()) {
    if (c.isText) profiles.set(c, toProfile(c, (await table.query(textFiguresSql(c)))[0], table.rows, true))
    const p = profiles.get(c)!
    if (inMemory(c)) await addNumbers(table, c, p)
    else p.histogram = await histogramBySql(table, c, p)
    if (!inMemory(c) || !isHeldExactly(p)) p.top = await topValues(table, c)
    if (i % 20 === 19) onProgress(0.3 + (0.7 * i) / table.columns.length)
  }
  await spell(table, table.columns.filter(inMemory), profiles)
  return table.columns.map((c) => profiles.get(c)!)
}

/** Counts the different values of the columns that by their estimate have few: those take little to count. */
async function countFew(table: AnalysisTable, columns: readonly AnalysisColumn[], profiles: ReadonlyMap<AnalysisColumn, ColumnProfile>) {
  const few = columns.filter((c) => profiles.get(c)!.distinct <= FEW)
  for (let from = 0; from < few.length; from += BATCH) {
    const part = few.slice(from, from + BATCH)
    const [row] = await table.query(`SELECT ${part.map((c) => `count(DISTINCT ${c.id})::DOUBLE`).join(', ')} FROM ${TABLE}`)
    for (const [k, c] of part.entries()) Object.assign(profiles.get(c)!, { distinct: whole(row[k]), distinctExact: true })
  }
}

/** Whether memory holds every value of a column as what it is: none is NaN or infinite, and no two of them are one double. */
function isHeldExactly({ type, min, max, numeric }: ColumnProfile): boolean {
  if (numeric && numeric.nonFinite > 0) return false
  if (/^(FLOAT|DOUBLE)/.test(type)) return true
  const digits = /^DECIMAL\((\d+)/.exec(type)
  if (digits) return Number(digits[1]) <= 15
  return [min, max].every((text) => text === null || Number.isSafeInteger(Number(text)))
}

async function addNumbers(table: AnalysisTable, c: AnalysisColumn, p: ColumnProfile): Promise<void> {
  const { sorted } = await table.numbers(c)
  p.numeric = numericFigures(sorted, p.count)
  p.histogram = histogramOf(sorted, c.kind === 'integer')
  if (!isHeldExactly(p)) {
    const [[distinct]] = await table.query(`SELECT count(DISTINCT ${c.id})::DOUBLE FROM ${TABLE}`)
    p.distinct = whole(distinct)
  } else {
    const { distinct, top } = frequentNumbers(sorted, TOP)
    p.distinct = distinct
    p.top = top.map(({ value, count }) => ({ value: String(value), count }))
  }
  p.distinctExact = true
}

/** Most frequent numbers as the database writes them in their type, such as 1.0 and 0.10. */
async function spell(
  table: AnalysisTable,
  columns: readonly AnalysisColumn[],
  profiles: ReadonlyMap<AnalysisColumn, ColumnProfile>
): Promise<void> {
  const odd = columns.filter((c) => c.kind !== 'integer' && isHeldExactly(profiles.get(c)!) && profiles.get(c)!.top.length > 0)
  for (let from = 0; from < odd.length; from += BATCH) {
    const part = odd.slice(from, from + BATCH)
    const lists = part.map(
      (c) =>
        `[${profiles
          .get(c)!
          .top.map(({ value }) => `${value}::DOUBLE`)
          .join(', ')}]::${c.type}[]::VARCHAR[]`
    )
    const [row] = await table.query(`SELECT ${lists.join(', ')}`)
    for (const [k, c] of part.entries()) {
      const texts = row[k] as string[]
      const p = profiles.get(c)!
      p.top = p.top.map(({ count }, i) => ({ value: texts[i]!.slice(0, 200), count }))
    }
  }
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
  if (c.isNumeric && f.length > 4) {
    const q = (f[8] as unknown[] | null) ?? []
    const [p01, p05, p25, p50, p75, p95, p99] = QUANTILES.map((_, i) => figure(q[i]))
    const [min, max] = [figure(f[4]), figure(f[5])]
    const isVast = Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0)) >= MODEST
    profile.numeric = {
      min,
      max,
      mean: isVast ? null : figure(f[6]),
      std: isVast ? null : figure(f[7]),
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

async function histogramBySql(table: AnalysisTable, c: AnalysisColumn, p: ColumnProfile): Promise<Histogram | null> {
  if ((!c.isNumeric && !c.isTime) || p.count === 0) return null
  const v = c.isTime ? `epoch_ms(${c.id}::TIMESTAMP)::DOUBLE` : finite(c)
  const [[low, high]] = await table.query(`SELECT min(${v}), max(${v}) FROM ${TABLE}`)
  const min = figure(low)
  const max = figure(high)
  if (min === null || max === null) return null
  if (min === max) return { edges: [min, max], counts: [p.count] }
  const bins = binsOf(min, max, c.kind === 'integer')
  if (!bins) return null
  const steps = bins.edges.length - 1
  const width = ((bins.edges[steps] as number) - min) / steps
  const found = await table.query(
    `SELECT least(${steps - 1}, greatest(0, floor((${v} - ${min}::DOUBLE) / ${width}::DOUBLE)))::INTEGER AS bin, count(*)::DOUBLE FROM ${TABLE} WHERE ${v} IS NOT NULL GROUP BY bin`
  )
  const counts = new Array<number>(steps).fill(0)
  for (const [bin, n] of found) counts[Number(bin)] = whole(n)
  return { edges: bins.edges, counts }
}

async function topValues(table: AnalysisTable, c: AnalysisColumn): Promise<{ value: string; count: number }[]> {
  const rows = await table.query(
    `SELECT left(v::VARCHAR, 200), n::DOUBLE FROM (SELECT ${c.id} AS v, count(*) AS n FROM ${TABLE} WHERE ${c.id} IS NOT NULL GROUP BY v ORDER BY n DESC, v::VARCHAR LIMIT ${TOP})`
  )
  return rows.map(([value, n]) => ({ value: String(value), count: whole(n) }))
}
