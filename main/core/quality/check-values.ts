import type { ColumnProfile, QualityFinding, TableProfile } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { examplesWhere } from './examples'
import { countOf, createFinding, percent, rounded } from './finding'
import { finite } from './column-numbers'

/** Numbers and dates that cannot be or hardly are: negative amounts, wrong ranges, stand-ins for "missing", outliers. */
export async function checkValues(table: AnalysisTable, profile: TableProfile, now: Date): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  for (const [i, column] of table.columns.entries()) {
    const p = profile.columns[i]
    if (p.count === 0) continue
    if (column.isNumeric && column.role !== 'identifier') {
      found.push(...(await checkRange(table, column, p)), ...(await checkZeros(table, column, p)))
      found.push(...(await checkSentinels(table, column, p)), ...(await checkOutliers(table, column, p)))
    }
    if (column.isTime) found.push(...(await checkDates(table, column, now)))
  }
  return found
}

const words = (column: AnalysisColumn): string => `${column.name} ${column.unit ?? ''}`.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
const ranges: [RegExp, number, number, string][] = [
  [/\b(lat|latitude)\b/, -90, 90, 'a latitude lies between -90 and 90 degrees'],
  [/\b(lon|lng|longitude)\b/, -180, 180, 'a longitude lies between -180 and 180 degrees'],
  [/\bage\b|\balter\b/, 0, 130, 'an age lies between 0 and 130 years'],
  [/\b(probability|likelihood)\b/, 0, 1, 'a probability lies between 0 and 1'],
  [
    /\b(cost|costs|price|count|number of|quantity|qty|speed|distance|length|height|width|weight|mass|duration|area|volume|population|frequency|knots|kg|km|km\/h|mph)\b/,
    0,
    Infinity,
    'such an amount is never negative'
  ]
]

async function checkRange(table: AnalysisTable, column: AnalysisColumn, p: ColumnProfile): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  const rule = ranges.find(([pattern]) => pattern.test(words(column)))
  const v = finite(column)
  if (rule) {
    const [, low, high, why] = rule
    const condition = `(${v} < ${low}${high === Infinity ? '' : ` OR ${v} > ${high}`})`
    const [[n]] = await table.query(`SELECT count(*)::DOUBLE FROM ${TABLE} WHERE ${condition}`)
    if (Number(n) > 0)
      found.push(
        impossible(table, column, Number(n), `are outside of what is possible: ${why}`, await examplesWhere(table, condition, column.id))
      )
  }
  if (p.numeric!.nonFinite > 0)
    found.push(
      impossible(
        table,
        column,
        p.numeric!.nonFinite,
        'are not finite (NaN or infinity)',
        await examplesWhere(table, `${column.id} IS NOT NULL AND ${v} IS NULL`, column.id),
        'non-finite'
      )
    )
  return found
}

const impossible = (
  table: AnalysisTable,
  column: AnalysisColumn,
  count: number,
  what: string,
  examples: QualityFinding['examples'],
  detail?: string
): QualityFinding =>
  createFinding({
    kind: 'impossible-values',
    severity: 'error',
    columns: [column.name],
    title: `Impossible values in "${column.name}"`,
    what: `${countOf(count, 'value')} ${what}.`,
    meaning: 'They are errors of entry or conversion, and they pull means and models.',
    next: 'Correct them in the source, or turn them into missing values by a written rule.',
    count,
    of: table.rows,
    examples,
    detail
  })

/** Many zeros in an amount, or a spike of zeros away from all other values: zero may stand for "not recorded". */
async function checkZeros(table: AnalysisTable, column: AnalysisColumn, p: ColumnProfile): Promise<QualityFinding[]> {
  const { zeros, min, max } = p.numeric!
  if (zeros < 5 || min === null || max === null || min < 0 || max <= 1 || p.distinct <= 10) return []
  const share = zeros / p.count
  const v = finite(column)
  const [[near]] = await table.query(`SELECT count(*)::DOUBLE FROM ${TABLE} WHERE ${v} > 0 AND ${v} <= ${max * 0.05}::DOUBLE`)
  const isMass = share >= 0.5
  if (!isMass && !(share < 0.5 && zeros >= 3 * Number(near))) return []
  return [
    createFinding({
      kind: 'zero-inflated',
      severity: isMass ? 'warning' : 'info',
      columns: [p.name],
      title: isMass ? `"${p.name}" is zero in ${percent(share)} of the rows` : `A spike of zeros in "${p.name}"`,
      what: isMass
        ? `${countOf(zeros, 'value')} are zero and ${countOf(p.count - zeros, 'value')} are not, up to ${rounded(max)}.`
        : `${countOf(zeros, 'value')} are exactly zero, but only ${Number(near)} lie between zero and ${rounded(max * 0.05)}.`,
      meaning:
        'Zero may mean "nothing", or "not recorded". If it is the second, means are far too low and "above zero" only tells who filled in the form.',
      next: 'Ask how the field is filled in. If zero means not recorded, make it a missing value.',
      count: zeros,
      of: table.rows,
      examples: await examplesWhere(table, isMass ? `${v} > 0` : `${v} = 0`, column.id),
      evidence: { zeros, nonZeros: p.count - zeros, nearZero: Number(near) }
    })
  ]
}

/** 9999, -1 and the like: a repeated extreme value far from every other. */
async function checkSentinels(table: AnalysisTable, column: AnalysisColumn, p: ColumnProfile): Promise<QualityFinding[]> {
  const candidates = [-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999].filter((s) => s === p.numeric!.min || s === p.numeric!.max)
  const found: QualityFinding[] = []
  for (const s of candidates) {
    const v = finite(column)
    const [[n, low, high, count]] = await table.query(
      `SELECT (count(*) FILTER (WHERE ${v} = ${s}))::DOUBLE, min(${v}) FILTER (WHERE ${v} <> ${s}), max(${v}) FILTER (WHERE ${v} <> ${s}), (count(DISTINCT ${v}))::DOUBLE FROM ${TABLE}`
    )
    if (Number(n) < 3 || low === null || Number(count) < 5) continue
    const span = Number(high) - Number(low)
    const gap = s > Number(high) ? s - Number(high) : Number(low) - s
    const oddSign = s < 0 && Number(low) >= 0
    if (!oddSign && gap <= span * 0.5) continue
    found.push(
      impossible(
        table,
        column,
        Number(n),
        `are ${s}, which stands apart from all others (${rounded(Number(low))} to ${rounded(Number(high))}) and probably means "missing"`,
        await examplesWhere(table, `${v} = ${s}`, column.id),
        String(s)
      )
    )
  }
  return found
}

/**
 * Robust outliers: modified z-score above 6 (Iglewicz and Hoaglin 1993), on the logarithm for amounts that are positive and
 * skewed, zeros left out there.
 */
async function checkOutliers(table: AnalysisTable, column: AnalysisColumn, p: ColumnProfile): Promise<QualityFinding[]> {
  const { min, mean, quantiles, negatives } = p.numeric!
  if (p.count < 30 || p.distinct < 10 || min === null) return []
  const v = finite(column)
  const skewed =
    negatives === 0 && (quantiles.p50 === 0 || (mean ?? 0) > 1.5 * (quantiles.p50 ?? 0) || (quantiles.p99 ?? 0) > 10 * (quantiles.p50 ?? 0))
  const x = skewed ? `CASE WHEN ${v} > 0 THEN ln(${v}) END` : v
  const [[median, spread]] = await table.query(`SELECT median(x), mad(x) FROM (SELECT ${x} AS x FROM ${TABLE})`)
  const scale = Number(spread) * 1.4826
  if (median === null || !(scale > 0)) return []
  const condition = `abs((${x}) - ${Number(median)}::DOUBLE) / ${scale}::DOUBLE > 6`
  const [[n]] = await table.query(`SELECT count(*)::DOUBLE FROM ${TABLE} WHERE ${condition}`)
  const count = Number(n)
  if (count === 0) return []
  return [
    createFinding({
      kind: 'outliers',
      severity: count / p.count <= 0.01 ? 'warning' : 'info',
      columns: [p.name],
      title: `${countOf(count, 'outlier')} in "${p.name}"`,
      what: `${countOf(count, 'value')} lie more than six robust standard deviations from the median${skewed ? ', on a logarithmic scale' : ''}.`,
      meaning: 'They are either errors or the most interesting rows; linear models and means follow them.',
      next: 'Look at the examples. Correct errors; for true extremes use a robust scale or a tree model.',
      count,
      of: table.rows,
      examples: await examplesWhere(table, condition, column.id),
      evidence: { median: rounded(skewed ? Math.exp(Number(median)) : Number(median)), logarithmic: skewed, limit: 6 }
    })
  ]
}

async function checkDates(table: AnalysisTable, column: AnalysisColumn, now: Date): Promise<QualityFinding[]> {
  const t = `${column.id}::TIMESTAMP`
  const isFuture = `${t} > TIMESTAMP '${now.toISOString().slice(0, 19).replace('T', ' ')}'`
  const planned = /\b(due|plan|planned|expir|valid|end|target|schedul|forecast|next)/i.test(column.name)
  const checks: [string, string, string][] = [[`${t} < TIMESTAMP '1900-01-01'`, 'are before the year 1900', 'old']]
  if (!planned) checks.push([isFuture, 'lie in the future', 'future'])
  const found: QualityFinding[] = []
  for (const [condition, what, detail] of checks) {
    const [[n]] = await table.query(`SELECT count(*)::DOUBLE FROM ${TABLE} WHERE ${condition}`)
    if (Number(n) > 0) found.push(impossible(table, column, Number(n), what, await examplesWhere(table, condition, column.id), detail))
  }
  return found
}
