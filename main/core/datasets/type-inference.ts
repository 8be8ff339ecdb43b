import type { ColumnChoice, ImportRule, Notice } from '../../model/dataset'
import type { Database } from '../../storage/duckdb/database'
import { assertDateFormat, cellsOf, type ColumnCells } from './column-cells'
import { sampleColumns, TOLERANCE, withFallbacks, type ColumnSample } from './column-sample'
import { surveyColumns, type ColumnSurvey } from './column-survey'
import { decimalDigits, findLostDigits, type LostDigits } from './exact-numbers'
import { codesOf } from './code-columns'
import { offersOf } from './import-offers'
import { rulesOf } from './import-rules'
import { judgeWords } from './missing-words'
import { unsurePoints } from './unsure-points'
import { textReading, typed, type TypedColumn } from './typed-column'
import type { StagedTable } from './stage-text'
import { readings, regularSql, type Reading, type Writing } from './text-values'

export interface InferenceOptions {
  /** Decimal mark where a column does not say by itself. */
  decimal: '.' | ','
  /** Texts that mean "no value" in every column, if a person gave them. */
  nullTokens?: readonly string[]
  choices: readonly ColumnChoice[]
  signal?: AbortSignal
}

export interface InferredColumns {
  columns: TypedColumn[]
  notices: Notice[]
  rules: ImportRule[]
  offers: ImportRule[]
  /** What the first rows hold, by column; for offers. */
  samples: ColumnSample[]
}

/**
 * Types of the staged columns. What the person chose is taken as it is; for the others candidates come from the first rows and are
 * then checked against every row, so a column never gets a type that only its beginning has. How a number is written is told for each
 * column by its own cells, and only where they leave it open by the other columns.
 */
export async function inferColumns(db: Database, staged: StagedTable, options: InferenceOptions): Promise<InferredColumns> {
  const { signal } = options
  const chosen = new Map(options.choices.map((c) => [c.source, c]))
  const cells = staged.sources.map((source, i) => cellsOf(i, source, chosen.get(source), options.nullTokens))
  const samples = await sampleColumns(db, staged, cells, signal)
  const considered = cells.map(({ choice }, i) =>
    choice?.type ? chosenReadings(choice, samples[i].candidates) : automatic(choice, samples[i].candidates)
  )
  const surveys = await surveyColumns(db, cells, considered, options.decimal === ',', signal)
  const fileDecimal = surveys.some(({ evidence: e }) => e && e.commaSure > 0 && e.pointSure === 0) ? ',' : options.decimal
  const result: InferredColumns = { columns: [], notices: [], rules: [], offers: [], samples }
  for (const [i, column] of cells.entries()) {
    const decision = await decide(db, column, considered[i], surveys[i], fileDecimal, signal)
    result.columns.push(decision.column)
    result.notices.push(...decision.notices)
    result.rules.push(...(await rulesOf(db, staged, decision.column, surveys[i], decision.lost, signal)))
    const tried = { db, staged, column: decision.column, signal }
    const mayBeCodes = decision.hasCodes || (samples[i].hasCodes && decision.column.reading.type === 'text')
    const codes = mayBeCodes && !column.choice?.type ? await codesOf(tried, surveys[i]) : undefined
    const unsure = await unsurePoints(tried, samples[i])
    if (unsure) {
      result.offers.push(...unsure.offers)
      result.notices.push(...unsure.notices)
    }
    const offered = codes ? { offers: [codes.offer], notices: [codes.notice] } : await offersOf(tried, samples[i])
    result.offers.push(...offered.offers)
    result.notices.push(...offered.notices)
  }
  const words = await judgeWords(db, staged, result.columns, surveys, signal)
  result.rules.push(...words.rules)
  result.offers.push(...words.offers)
  return result
}

function chosenReadings(choice: ColumnChoice, found: readonly Reading[]): Reading[] {
  const { type, dateFormat, otherDateFormats = [], decimal } = choice
  if (type === 'text') return []
  for (const format of [dateFormat, ...otherDateFormats]) if (format) assertDateFormat(format)
  if (dateFormat && (type === 'date' || type === 'timestamp'))
    return [{ type, format: dateFormat === '%Y-%m-%d' ? undefined : dateFormat, otherFormats: otherDateFormats, pattern: '' }]
  const known = readings.filter((r) => r.type === type)
  if (type === 'number' || type === 'decimal') return decimal ? known.filter((r) => (r.decimal ?? '.') === decimal) : known
  const reading = found.find((r) => r.type === type) ?? known[0]
  return [otherDateFormats.length > 0 ? { ...reading, otherFormats: otherDateFormats } : reading]
}

/** Readings that come into question without a chosen type. */
function automatic(choice: ColumnChoice | undefined, found: readonly Reading[]): Reading[] {
  if (choice?.dateFormat) return chosenReadings({ ...choice, type: /%[HIMTX]/.test(choice.dateFormat) ? 'timestamp' : 'date' }, found)
  const all = withFallbacks(found).map((r) =>
    choice?.otherDateFormats && (r.type === 'date' || r.type === 'timestamp') ? { ...r, otherFormats: choice.otherDateFormats } : r
  )
  return choice?.decimal ? all.filter((r) => r.type !== 'number' || (r.decimal ?? '.') === choice.decimal) : all
}

interface Decision {
  column: TypedColumn
  notices: Notice[]
  lost?: LostDigits
  /** It is text because of values that a number would change. */
  hasCodes?: boolean
}

async function decide(
  db: Database,
  cells: ColumnCells,
  options: readonly Reading[],
  survey: ColumnSurvey,
  fileDecimal: '.' | ',',
  signal?: AbortSignal
): Promise<Decision> {
  const isChosen = cells.choice?.type !== undefined
  const decimal = decimalOf(cells.choice, survey, fileDecimal)
  const allowed = options.map((r, i) => {
    const isOtherMark = (r.type === 'number' || r.type === 'decimal') && (r.decimal ?? '.') !== decimal
    return isOtherMark && !cells.choice?.decimal ? Infinity : survey.misfits[i]
  })
  const pick = isChosen ? allowed.findIndex((n) => n !== Infinity) : choose(options, survey.present, allowed)
  const notices: Notice[] = []
  const asText = (notice?: Notice): Decision => ({
    column: typed(cells, textReading, survey, 0),
    notices: [...notices, ...(notice ? [notice] : [])]
  })
  if (pick === 'ambiguous') return asText(ambiguousDates(cells.source))
  if (pick < 0) return asText()
  const reading: Writing = { ...options[pick], regular: survey.regular }
  const unparsed = allowed[pick]
  const isNumeric = reading.type === 'integer' || reading.type === 'number' || reading.type === 'decimal'
  const { evidence } = survey
  if (!isNumeric || !evidence) return { column: typed(cells, reading, survey, unparsed), notices }
  if (!isChosen && evidence.codes > 0) return { ...asText(), hasCodes: true }
  if (reading.type === 'integer') return { column: typed(cells, reading, survey, unparsed), notices }
  if (reading.type === 'decimal') {
    const digits = (await decimalDigits(db, cells, decimal, signal))?.digits ?? ([38, 9] as const)
    return { column: await recounted(db, typed(cells, { ...reading, digits }, survey, unparsed), signal), notices }
  }
  if (evidence.long === 0 && evidence.longWhole === 0) return { column: typed(cells, reading, survey, unparsed), notices }
  const lost = await findLostDigits(db, cells, decimal, regularSql(cells.cell, options[0]), signal)
  if (!isChosen && (lost.cells > 0 || evidence.longWhole > 0)) {
    const exact = lost.cells > 0 ? await decimalDigits(db, cells, decimal, signal) : undefined
    if (exact?.hasFraction && !cells.choice?.detectionLimit)
      return {
        column: typed(cells, { type: 'decimal', decimal, digits: exact.digits }, survey, unparsed),
        notices: [exactDecimal(cells.source, lost.cells)]
      }
    if (evidence.longWhole > 0) return asText(longNumbers(cells.source))
  }
  return { column: typed(cells, reading, survey, unparsed), notices, lost }
}

/** The decimal mark of a column by its own cells, else that of the others. */
function decimalOf(choice: ColumnChoice | undefined, { evidence }: ColumnSurvey, fileDecimal: '.' | ','): '.' | ',' {
  if (choice?.decimal) return choice.decimal
  if (!evidence) return '.'
  if (evidence.commaSure !== evidence.pointSure) return evidence.commaSure > evidence.pointSure ? ',' : '.'
  return evidence.commaUnsure + evidence.pointUnsure > 0 ? fileDecimal : '.'
}

/** The same with its misfits counted by its own SQL, for a reading that was not among those that were asked of every row. */
async function recounted(db: Database, column: TypedColumn, signal?: AbortSignal): Promise<TypedColumn> {
  const [[unparsed]] = (await db.query(`SELECT (count(*) FILTER (WHERE ${column.badSql}))::DOUBLE FROM staged`, [], { signal })).rows
  return { ...column, unparsed: Number(unparsed) }
}

function choose(options: readonly Reading[], present: number, misfits: number[]): number | 'ambiguous' {
  if (present === 0 || options.length === 0) return -1
  let best = -1
  for (let i = 0; i < options.length; i++) if (misfits[i] <= present * TOLERANCE && (best < 0 || misfits[i] < misfits[best])) best = i
  if (best < 0) return -1
  const rival = options.findIndex(
    (r, i) => i !== best && misfits[i] === misfits[best] && r.type === options[best].type && r.format && r.format !== options[best].format
  )
  return rival >= 0 && options[best].format ? 'ambiguous' : best
}

const notice = (severity: Notice['severity'], title: string, detail: string, column: string): Notice => ({
  severity,
  title,
  detail,
  column,
  line: null
})
const ambiguousDates = (source: string): Notice =>
  notice(
    'warning',
    'Ambiguous dates',
    `Every value of "${source}" reads as day/month and as month/day, so it is kept as text. Choose the type date and its format.`,
    source
  )
const longNumbers = (source: string): Notice =>
  notice(
    'warning',
    'Long whole numbers',
    `"${source}" holds whole numbers of 16 or more digits next to others that are no 64-bit integers. A number would round them and make different ones equal, so the column is kept as text. Choose the type number if rounding is right.`,
    source
  )
const exactDecimal = (source: string, count: number): Notice =>
  notice(
    'info',
    'Exact decimals',
    `"${source}" has ${count} ${count === 1 ? 'value' : 'values'} with more digits than a number holds, so the column is kept as exact decimals. Choose the type number if rounding is right.`,
    source
  )
