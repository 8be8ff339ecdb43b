import type { ImportRule, Notice } from '../../model/dataset'
import type { ColumnSample } from './column-sample'
import { offeredDates } from './offered-dates'
import { offeredNumbers } from './offered-numbers'
import { offeredTokens } from './offered-tokens'
import type { TriedColumn } from './try-reading'

const LOOKED_AT = 200
const asDate = /^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$/

export interface Offers {
  offers: ImportRule[]
  notices: Notice[]
}

/** Readings that a person could choose for a column: of its misfits, or of all cells where it is text. Each was tried on every row. */
export async function offersOf(tried: TriedColumn, sample: ColumnSample): Promise<Offers> {
  const { cells, reading, unparsed } = tried.column
  const { values } = sample
  if (cells.choice?.type === 'text') return { offers: [], notices: [] }
  const texts = reading.type === 'text' ? values : unparsed > 0 ? await misfitTexts(tried) : []
  const isNumeric = reading.type === 'number' || reading.type === 'integer'
  const isDay = reading.type === 'integer' && values.length >= 5 && values.every((text) => asDate.test(text.trim()))
  const canBeDate = ['text', 'date', 'timestamp'].includes(reading.type) || isDay
  const dates = canBeDate ? await offeredDates(tried, texts, values) : { offers: [], notices: [] }
  const numbers = texts.length > 0 && (reading.type === 'text' || isNumeric) ? await offeredNumbers(tried, texts) : []
  const tokens = cells.choice?.type === undefined || unparsed > 0 ? await offeredTokens(tried, texts, sample) : []
  return { offers: [...dates.offers, ...numbers, ...tokens], notices: dates.notices }
}

async function misfitTexts({ db, column: { cells, badSql }, signal }: TriedColumn): Promise<string[]> {
  const { rows } = await db.query(`SELECT left(${cells.raw}, 80) FROM staged WHERE ${badSql} LIMIT ${LOOKED_AT}`, [], { signal })
  return rows.map(([text]) => String(text))
}
