import type { ColumnChoice, ImportRule, ImportRuleName, Notice } from '../../model/dataset'
import type { Database } from '../../storage/duckdb/database'
import { cellsOf, preparedBy } from './column-cells'
import { TOLERANCE, type ColumnSample } from './column-sample'
import type { StagedTable } from './stage-text'
import { isTokenSql, readings, valueSql, type Reading, type Writing } from './text-values'
import type { TypedColumn } from './typed-column'

const LOOKED_AT = 200
const isDate = (reading: Writing): boolean => reading.type === 'date' || reading.type === 'timestamp'
const dates = readings.filter((r) => r.type === 'date')
const numbers = readings.filter((r) => r.type === 'number')
const notation = (r: Pick<Writing, 'format'>): string => r.format ?? '%Y-%m-%d'

export interface Offers {
  offers: ImportRule[]
  notices: Notice[]
}

/** Readings that a person could choose for a column: of its misfits, or of all cells where it is text. Each was tried on every row. */
export async function offersOf(
  db: Database,
  staged: StagedTable,
  column: TypedColumn,
  sample: ColumnSample,
  signal?: AbortSignal
): Promise<Offers> {
  const { cells, reading } = column
  const isText = reading.type === 'text'
  if (cells.choice?.type === 'text' || (!isText && column.unparsed === 0)) return { offers: [], notices: [] }
  const texts = isText ? sample.values : await misfitTexts(db, column, signal)
  const found: Offers = { offers: [], notices: [] }
  if (isText || isDate(reading)) {
    const choice = isText ? dateChoice(sample.values) : secondFormat(reading, texts)
    if (choice) {
      const taken = { type: choice.type!, format: notationOf(choice.dateFormat), otherFormats: choice.otherDateFormats }
      const offer = await tryOut(db, staged, column, choice, taken, 'date-format', signal)
      if (offer) found.offers.push(offer)
      if (offer && !isText && isSwapped(choice)) found.notices.push(mixedOrder(column, offer))
    }
  }
  if (isText || reading.type === 'number' || reading.type === 'integer') {
    const choice = numberChoice(texts)
    for (const decimal of choice ? (['.', ','] as const) : []) {
      const taken = { source: column.source, ...choice!.choice, type: 'number' as const, decimal }
      const offer = await tryOut(db, staged, column, taken, { type: 'number', decimal }, choice!.rule, signal)
      if (offer) return { ...found, offers: [...found.offers, offer] }
    }
  }
  return found
}

const notationOf = (format: string | undefined): string | undefined => (format === '%Y-%m-%d' ? undefined : format)

async function misfitTexts(db: Database, { cells, badSql }: TypedColumn, signal?: AbortSignal): Promise<string[]> {
  const { rows } = await db.query(`SELECT left(${cells.raw}, 80) FROM staged WHERE ${badSql} LIMIT ${LOOKED_AT}`, [], { signal })
  return rows.map(([text]) => String(text))
}

/** Not worth asking every row: what the first ones hold does not fit either. */
const seldom = (n: number, texts: readonly string[]): boolean => n < texts.length * (1 - TOLERANCE)
const patterns = new Map(readings.map((r) => [r, new RegExp(`^(?:${r.pattern})$`)]))
const fits = (reading: Reading, text: string): boolean => patterns.get(reading)!.test(text.trim())
const most = (texts: readonly string[], among: readonly Reading[]): { reading: Reading; rest: string[] } | undefined => {
  const counted = among.map((reading) => ({ reading, rest: texts.filter((text) => !fits(reading, text)) }))
  const best = counted.sort((a, b) => a.rest.length - b.rest.length)[0]
  return best && best.rest.length < texts.length ? best : undefined
}

/** A notation for most of the dates of a text column, and a second one for the others. */
function dateChoice(texts: readonly string[]): Omit<ColumnChoice, 'source'> | undefined {
  const first = texts.length > 0 ? most(texts.slice(0, 1_000), dates) : undefined
  if (!first) return undefined
  const second = most(first.rest, dates)
  const looked = texts.slice(0, 1_000)
  if (seldom(looked.length - (second?.rest ?? first.rest).length, looked)) return undefined
  return { type: 'date', dateFormat: notation(first.reading), ...(second && { otherDateFormats: [notation(second.reading)] }) }
}

function secondFormat(reading: Writing, misfits: readonly string[]): Omit<ColumnChoice, 'source'> | undefined {
  const second = most(
    misfits,
    dates.filter((r) => r.format !== reading.format)
  )
  return second && { type: reading.type, dateFormat: notation(reading), otherDateFormats: [notation(second.reading)] }
}

/** What stands around the numbers of a column, and the choice that leaves it away. */
function numberChoice(texts: readonly string[]): { rule: ImportRuleName; choice: Omit<ColumnChoice, 'source'> } | undefined {
  const units = new Set<string>()
  const marks = new Set<string>()
  for (const text of texts) {
    const unit = /^\s*(\p{Sc}|[A-Z]{3})?\s*[+-]?\d[\d.,'’ \u00a0\u202f]*?\s*([^\d\s.,+<>≤≥-]{1,8})?\s*$/u.exec(text)
    for (const part of [unit?.[1], unit?.[2]]) if (part) units.add(part)
    const mark = /^[^\d]*\d{1,3}([ '’\u00a0\u202f])\d{3}(?!\d)/u.exec(text)
    if (mark) marks.add(mark[1])
  }
  const hasMinus = texts.some((text) => /^\s*\d[\d.,]*\s?-\s*$/.test(text))
  const hasLimit = texts.some((text) => /^\s*[<>≤≥]=?\s*[\d.,]+\s*$/.test(text))
  const strip = [...(units.size <= 2 ? units : []), ...marks]
  const choice = {
    ...(strip.length > 0 && { strip }),
    ...(hasMinus && { trailingMinus: true }),
    ...(hasLimit && { detectionLimit: 'limit' as const })
  }
  if (Object.keys(choice).length === 0) return undefined
  // A person who sees a currency or a unit expects a number; "room 12" is a name.
  const bare = (text: string): string =>
    strip
      .reduce((rest, part) => rest.replaceAll(part, ''), text)
      .replace(/^\s*[<>≤≥]=?/u, '')
      .replace(/-\s*$/, '')
      .trim()
  if (seldom(texts.filter((text) => numbers.some((reading) => fits(reading, bare(text)))).length, texts)) return undefined
  return { rule: hasLimit ? 'detection-limit' : hasMinus ? 'trailing-minus' : 'strip', choice }
}

/** Reads every cell as the choice would have it; an offer only if it fits the column and brings cells that are lost without it. */
async function tryOut(
  db: Database,
  staged: StagedTable,
  column: TypedColumn,
  choice: Omit<ColumnChoice, 'source'>,
  taken: Writing,
  rule: ImportRuleName,
  signal?: AbortSignal
): Promise<ImportRule | undefined> {
  const { source, cells } = column
  const full: ColumnChoice = { source, ...choice }
  const tried = cellsOf(cells.index, source, { ...cells.choice, ...full }, cells.given)
  const value = valueSql(tried.cell, taken)
  const isChanged =
    rule === 'date-format'
      ? 'true'
      : `CASE ${preparedBy(tried)
          .map(({ when }) => `WHEN ${when} THEN true`)
          .join(' ')} ELSE false END`
  const gains = column.reading.type === 'text' ? isChanged : column.badSql
  const [[present, fitting, gained, some]] = (
    await db.query(
      `SELECT count(r)::DOUBLE, count(v)::DOUBLE, (count(*) FILTER (WHERE v IS NOT NULL AND g))::DOUBLE, to_json(arg_min({'id': id, 'from': left(r, 80), 'to': left(v::VARCHAR, 80)}, id, 3) FILTER (WHERE v IS NOT NULL AND g))::VARCHAR
       FROM (SELECT rowid AS id, CASE WHEN NOT ${isTokenSql(tried.raw, tried.tokens)} THEN ${tried.raw} END AS r, ${value} AS v, ${gains} AS g FROM staged)`,
      [],
      { signal }
    )
  ).rows
  if (Number(gained) === 0 || Number(fitting) < Number(present) * (1 - TOLERANCE)) return undefined
  const examples = (JSON.parse(String(some)) as { id: number; from: string; to: string }[]).map(({ id, from, to }) => ({
    line: staged.lineOf(id),
    from,
    to
  }))
  return {
    column: source,
    rule,
    cells: Number(gained),
    examples,
    detail: `${Number(gained).toLocaleString('en')} ${Number(gained) === 1 ? 'cell' : 'cells'} of "${source}" could be read too, such as ${JSON.stringify(examples[0].from)} as ${examples[0].to}.`,
    choice: { columns: [full] }
  }
}

const isSwapped = ({ dateFormat = '', otherDateFormats = [] }: Omit<ColumnChoice, 'source'>): boolean =>
  otherDateFormats.some((other) => other.replace('%d', '%x').replace('%m', '%d').replace('%x', '%m') === dateFormat)

const mixedOrder = ({ source, reading }: TypedColumn, { cells, examples }: ImportRule): Notice => ({
  severity: 'warning',
  title: 'Mixed order of day and month',
  detail: `"${source}" is read as ${notation(reading)}, but ${cells} ${cells === 1 ? 'value has' : 'values have'} day and month the other way around (${examples.map((e) => `line ${e.line}: ${e.from}`).join(', ')}). Values that can be read both ways may be wrong as well. Look at where the file comes from.`,
  column: source,
  line: examples[0]?.line ?? null
})
