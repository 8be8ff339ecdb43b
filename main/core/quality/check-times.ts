import type { QualityFinding, TableProfile } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { examplesWhere } from './examples'
import { countOf, createFinding, percent } from './finding'
import { pairsOf } from './profile-pairs'

const DAY = 86_400_000
const MAX_PAIRS = 30

/** Dates and times: those that cannot be, those that stand for "missing", an end before its start, and periods without rows. */
export async function checkTimes(table: AnalysisTable, profile: TableProfile, now: Date): Promise<QualityFinding[]> {
  const times = table.columns.filter((c, i) => c.isTime && profile.columns[i]!.count > 0)
  const found: QualityFinding[] = []
  for (const column of times) found.push(...(await checkDates(table, profile, column, now)))
  for (const column of times.slice(0, 3)) found.push(...(await checkRegular(table, profile, column)))
  return [...found, ...(await checkStartAndEnd(table, times)), ...(await checkTimeOrder(table)), ...checkTimeGaps(profile)]
}

/** Dates that forms and programs put where none is known. */
const defaults = [
  '0001-01-01',
  '1753-01-01',
  '1899-12-30',
  '1899-12-31',
  '1900-01-01',
  '1970-01-01',
  '2099-12-31',
  '2999-12-31',
  '9999-12-31'
]

async function checkDates(table: AnalysisTable, profile: TableProfile, column: AnalysisColumn, now: Date): Promise<QualityFinding[]> {
  const t = `${column.id}::TIMESTAMP`
  const standIns = await standInsOf(table, profile, column)
  const others = standIns.map((date) => ` AND strftime(${t}, '%Y-%m-%d') <> '${date}'`).join('')
  const isFuture = `${t} > TIMESTAMP '${now.toISOString().slice(0, 19).replace('T', ' ')}'${others}`
  const planned = /\b(due|plan|planned|expir|valid|end|target|schedul|forecast|next)/i.test(column.name)
  const checks: [string, string, string][] = standIns.map((date) => [
    `strftime(${t}, '%Y-%m-%d') = '${date}'`,
    `are ${date}, which stands apart from all others and probably means "missing"`,
    date
  ])
  checks.push([`${t} < TIMESTAMP '1900-01-01'${others}`, 'are before the year 1900', 'old'])
  if (!planned) checks.push([isFuture, 'lie in the future', 'future'])
  const found: QualityFinding[] = []
  for (const [condition, what, detail] of checks) {
    const [[n]] = await table.query(`SELECT count(*)::DOUBLE FROM ${TABLE} WHERE ${condition}`)
    if (Number(n) === 0) continue
    found.push(
      createFinding({
        kind: 'impossible-values',
        severity: 'error',
        columns: [column.name],
        title: `Impossible values in "${column.name}"`,
        what: `${countOf(Number(n), 'value')} ${what}.`,
        meaning: 'They are errors of entry or conversion, and they pull means and models.',
        next: 'Correct them in the source, or turn them into missing values by a written rule.',
        count: Number(n),
        of: table.rows,
        examples: await examplesWhere(table, condition, column.id),
        detail
      })
    )
  }
  return found
}

/** The first or last day, where it occurs again and again and lies far from all others or is a usual default. */
async function standInsOf(table: AnalysisTable, profile: TableProfile, column: AnalysisColumn): Promise<string[]> {
  const p = profile.columns[table.columns.indexOf(column)]!
  const [row] = await table.query(
    `WITH days AS (SELECT date_trunc('day', ${column.id}::TIMESTAMP) AS d FROM ${TABLE} WHERE ${column.id} IS NOT NULL), ends AS (SELECT min(d) AS low, max(d) AS high FROM days)
     SELECT strftime(any_value(low), '%Y-%m-%d'), strftime(any_value(high), '%Y-%m-%d'), (count(*) FILTER (WHERE d = low))::DOUBLE, (count(*) FILTER (WHERE d = high))::DOUBLE,
       epoch_ms(min(d) FILTER (WHERE d > low))::DOUBLE, epoch_ms(max(d) FILTER (WHERE d < high))::DOUBLE, epoch_ms(any_value(low))::DOUBLE, epoch_ms(any_value(high))::DOUBLE FROM days, ends`
  )
  if (!row || row[4] === null || row[5] === null) return []
  const [second, last, low, high] = [row[4], row[5], row[6], row[7]].map(Number) as [number, number, number, number]
  const isStandIn = (date: string, count: number, gap: number, spread: number): boolean =>
    count >= 3 &&
    ((gap >= 0.5 * spread && gap >= 366 * DAY) || (defaults.includes(date) && count >= (10 * p.count) / Math.max(1, p.distinct)))
  return [
    ...(isStandIn(String(row[0]), Number(row[2]), second - low, high - second) ? [String(row[0])] : []),
    ...(isStandIn(String(row[1]), Number(row[3]), high - last, last - low) ? [String(row[1])] : [])
  ]
}

/** Two times of which one is nearly always the earlier, and not in some rows. Times of different rows tell what chance would make of it. */
async function checkStartAndEnd(table: AnalysisTable, times: readonly AnalysisColumn[]): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  for (const [a, b] of pairsOf([...times]).slice(0, MAX_PAIRS)) {
    const [[before, after, mixedBefore, mixedAfter]] = await table.query(
      `SELECT ${['b > a', 'b < a', 'b > other', 'b < other'].map((c) => `(count(*) FILTER (WHERE ${c}))::DOUBLE`).join(', ')} FROM
       (SELECT ${a.id}::TIMESTAMP AS a, ${b.id}::TIMESTAMP AS b, lag(${a.id}::TIMESTAMP, 7) OVER (ORDER BY hash(rowid)) AS other FROM ${TABLE})`
    )
    const isForward = Number(before) >= Number(after)
    const [right, wrong] = isForward ? [Number(before), Number(after)] : [Number(after), Number(before)]
    const chance = Math.min(Number(mixedBefore), Number(mixedAfter)) / Math.max(1, Number(mixedBefore) + Number(mixedAfter))
    const share = wrong / Math.max(1, right + wrong)
    if (wrong === 0 || right < 20 || share > 0.1 || share > 0.4 * chance) continue
    const [start, end] = isForward ? [a, b] : [b, a]
    found.push(
      createFinding({
        kind: 'date-order',
        severity: 'warning',
        columns: [start.name, end.name],
        title: `"${end.name}" is before "${start.name}" in ${countOf(wrong, 'row')}`,
        what: `In the other ${countOf(right, 'row')} with both, "${start.name}" is the earlier one.`,
        meaning: 'One of the two dates is wrong, or they were exchanged; durations become negative.',
        next: 'Correct these rows in the source, or make both dates missing by a written rule.',
        count: wrong,
        of: table.rows,
        examples: await examplesWhere(
          table,
          `${end.id}::TIMESTAMP < ${start.id}::TIMESTAMP`,
          `${start.id}::VARCHAR || ' to ' || ${end.id}::VARCHAR`
        )
      })
    )
  }
  return found
}

/** A series with one fixed step, but for a few places where several steps are missing. */
async function checkRegular(table: AnalysisTable, profile: TableProfile, column: AnalysisColumn): Promise<QualityFinding[]> {
  if (profile.columns[table.columns.indexOf(column)]!.distinct < 50 || column.role === 'ignored') return []
  const steps = await table.query(
    `SELECT step::DOUBLE, count(*)::DOUBLE, strftime(min(d), '%Y-%m-%d') FROM (SELECT d, epoch_ms(d) - epoch_ms(lag(d) OVER (ORDER BY d)) AS step FROM (SELECT DISTINCT ${column.id}::TIMESTAMP AS d FROM ${TABLE} WHERE ${column.id} IS NOT NULL)) WHERE step IS NOT NULL GROUP BY step ORDER BY 2 DESC LIMIT 20`
  )
  const all = steps.reduce((sum, [, n]) => sum + Number(n), 0)
  const usual = Number(steps[0]?.[0])
  const gaps = steps.filter(([step]) => Number(step) >= 3 * usual)
  const count = gaps.reduce((sum, [, n]) => sum + Number(n), 0)
  if (steps.length >= 20 || Number(steps[0]?.[1]) < 0.9 * all || count === 0 || count > Math.max(1, 0.02 * all)) return []
  const lacking = gaps.reduce((sum, [step, n]) => sum + (Number(step) / usual - 1) * Number(n), 0)
  return [
    createFinding({
      kind: 'time-gaps',
      severity: 'warning',
      columns: [column.name],
      title: `${countOf(count, 'gap')} in the series of "${column.name}"`,
      what: `The times follow each other at one fixed step, but ${countOf(Math.round(lacking), 'step')} are missing in ${countOf(count, 'place')}.`,
      meaning: 'Either nothing was recorded or the data is incomplete; trends and seasons computed across the gap are wrong.',
      next: 'Ask the source whether the export is complete for these periods.',
      count: Math.round(lacking),
      of: all + Math.round(lacking),
      examples: gaps.slice(0, 10).map(([, , at]) => ({ row: null, value: `before ${String(at)}` }))
    })
  ]
}

async function checkTimeOrder(table: AnalysisTable): Promise<QualityFinding[]> {
  const time = table.columns.find((c) => c.isTime && c.role === 'time')
  if (!time || table.rows < 50) return []
  const [[backward, changes, missing]] = await table.query(
    `SELECT (count(*) FILTER (WHERE t < p))::DOUBLE, (count(*) FILTER (WHERE t <> p))::DOUBLE, (count(*) FILTER (WHERE t IS NULL))::DOUBLE FROM (SELECT ${time.id} AS t, lag(${time.id}) OVER (ORDER BY rowid) AS p FROM ${TABLE})`
  )
  if (Number(backward) > 0 || Number(changes) < 10) return []
  return [
    createFinding({
      kind: 'time-order',
      severity: 'info',
      columns: [time.name],
      title: `The rows are sorted by "${time.name}"`,
      what: `No row lies before the row above it${Number(missing) > 0 ? `; ${countOf(Number(missing), 'row')} have no time` : ''}.`,
      meaning: 'A split by position is a split by time; a random split lets the model see the future of its test rows.',
      next: 'For a forecast of later events split by time. Shuffle with a seed before any random sampling.',
      count: table.rows,
      of: table.rows
    })
  ]
}

/** Empty periods inside the covered time, and a last period that is cut off. */
function checkTimeGaps(profile: TableProfile): QualityFinding[] {
  const timeline = profile.timeline
  if (!timeline || timeline.periods.length < 6) return []
  const empty = unlikelyGaps(timeline.periods)
  if (empty.length === 0 || empty.length > timeline.periods.length / 2) return []
  return [
    createFinding({
      kind: 'time-gaps',
      severity: 'warning',
      columns: [timeline.column],
      title: `${countOf(empty.length, timeline.unit)} without any row`,
      what: `"${timeline.column}" runs from ${timeline.periods[0].start} to ${timeline.periods.at(-1)!.start}, with ${percent(empty.length / timeline.periods.length)} of the ${timeline.unit}s empty.`,
      meaning: 'Either nothing happened or the data is incomplete; trends and seasons computed across the gap are wrong.',
      next: 'Ask the source whether the export is complete for these periods.',
      count: empty.length,
      of: timeline.periods.length,
      examples: empty.slice(0, 10).map((p) => ({ row: null, value: p.start }))
    })
  ]
}

/** Empty periods, but for those that chance leaves between rows so few (Poisson, with the usual number of rows of a period). */
function unlikelyGaps<T extends { count: number }>(periods: readonly T[]): T[] {
  const usual = [...periods].sort((a, b) => a.count - b.count)[periods.length >> 1]!.count
  const gaps: T[] = []
  let run: T[] = []
  for (const period of [...periods, undefined]) {
    if (period?.count === 0) {
      run.push(period)
      continue
    }
    if (run.length > 0 && periods.length * Math.exp(-usual * run.length) < 0.001) gaps.push(...run)
    run = []
  }
  return gaps
}
