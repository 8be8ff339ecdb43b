import { isUtf8 } from 'node:buffer'
import { createReadStream, promises as fs } from 'node:fs'
import { createInterface } from 'node:readline'
import type { BadRow } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { countOf } from '../../model/count-of'
import type { Database } from '../../storage/duckdb/database'
import { createBadRowCollector } from './bad-rows'
import { parseRecords } from './dialect'
import { decimalDigits, findLostDigits } from './exact-numbers'
import { createRecordCleaner, type RecordCleaner } from './record-cleaner'
import { withoutCutCharacter } from './source-format'
import { MAX_COLUMNS, stageDelimited, stagedColumn } from './stage-text'
import { regularSql } from './text-values'

const dialect = { delimiter: ',', quote: '"' }
const COMMA = 44
const QUOTE = 34
const MARK = Buffer.from('\uFEFF')
const MAX_SHOWN = 120

/** What keeps a file from being a CSV of the one dialect; the message begins with the line. */
export class CsvFault extends Error {
  constructor(
    readonly line: number,
    what: string
  ) {
    super(`line ${line} ${what}`)
  }
}

const shown = (text: string): string => JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}\u2026` : text)

/**
 * Reads a CSV that a program wrote, of which nothing is guessed: RFC 4180 with commas and double quotes, UTF-8, the names of the columns in
 * the first line. Its texts become the columns c0, c1, ... of a table `staged`, NULL for an empty field; a quoted empty one is an empty
 * text. Blank lines count as rows of a table of one column only. `copy` is a path for a file of its own that `db` may read, which is
 * removed. Returns the names. Throws CsvFault for whatever is written otherwise, CANCELLED
 */
export async function stageStrictCsv(db: Database, path: string, copy: string, signal?: AbortSignal): Promise<string[]> {
  const bad = createBadRowCollector()
  const write = async (isOneColumn: boolean): Promise<RecordCleaner> => {
    bad.reset()
    const cleaner = createRecordCleaner({ delimiter: COMMA, quote: QUOTE, skipRecords: 0, header: true, keepBlank: isOneColumn, bad })
    await copyRecords(path, copy, cleaner, signal)
    return cleaner
  }
  try {
    let cleaner = await write(false)
    // Without the header line nothing else can be told to be wrong.
    const first = bad.report().rows.at(0)
    if (first?.line === 1) throw faultOf(first, 0, bad.count)
    const names = fieldsOf(cleaner.headerRecord ?? '')
    assertNames(names)
    if (names.length === 1) cleaner = await write(true)
    await stageDelimited(db, copy, cleaner, names, { ...dialect, keepsEmptyTexts: true }, bad, signal)
    if (bad.count > 0) throw faultOf(bad.report().rows[0], names.length, bad.count)
    return names
  } finally {
    await fs.rm(copy, { force: true })
  }
}

const fieldsOf = (record: string): string[] => parseRecords(record, dialect, 1, true)[0] ?? []

function faultOf({ line, raw, reason }: BadRow, width: number, count: number): CsvFault {
  const fields = fieldsOf(raw).length
  const isRagged = reason.endsWith(' values') && !raw.endsWith('\u2026')
  const what = isRagged ? `${countOf(fields, 'value')}, and the header line names ${countOf(width, 'column')}` : reason
  return new CsvFault(line, `has ${what}: ${shown(raw)}${count > 1 ? `, and ${countOf(count - 1, 'more line')} cannot be read` : ''}`)
}

function assertNames(names: readonly string[]): void {
  if (names.length === 0) throw nameless()
  if (names.length > MAX_COLUMNS) throw new CsvFault(1, `names ${names.length} columns, and a table has at most ${MAX_COLUMNS}`)
  const taken = new Map<string, number>()
  for (const [index, name] of names.entries()) {
    if (name.trim() === '') throw new CsvFault(1, `has no name for column ${index + 1} of ${names.length}: every column needs one`)
    const before = taken.get(name.toLowerCase())
    if (before !== undefined)
      throw new CsvFault(
        1,
        `names the columns ${before + 1} and ${index + 1} both ${shown(name)}: names must differ, also without regard to capitals`
      )
    taken.set(name.toLowerCase(), index)
  }
}

const nameless = (): CsvFault => new CsvFault(1, 'is blank: the names of the columns must stand in it')

/** Writes the records of a file anew, each in a line feed. Throws CsvFault where a byte is no UTF-8. */
async function copyRecords(path: string, copy: string, cleaner: RecordCleaner, signal?: AbortSignal): Promise<void> {
  const output = await fs.open(copy, 'w')
  try {
    let isFirst = true
    let carry: Buffer = Buffer.alloc(0)
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The step was cancelled.')
      const all = Buffer.concat([carry, chunk])
      const whole = withoutCutCharacter(all)
      carry = all.subarray(whole.length)
      await take(whole)
    }
    await take(carry)
    await writeAll(cleaner.end())

    async function take(bytes: Buffer): Promise<void> {
      if (!isUtf8(bytes)) {
        const { line, text } = await firstNoUtf8(path)
        throw new CsvFault(line, `is not UTF-8: ${shown(text)}`)
      }
      const text = isFirst && bytes.subarray(0, 3).equals(MARK) ? bytes.subarray(3) : bytes
      if (isFirst && /^[\r\n]/.test(text.toString('latin1', 0, 1))) throw nameless()
      isFirst &&= text.length === 0
      await writeAll(cleaner.push(text))
    }
    async function writeAll(parts: Buffer[]): Promise<void> {
      if (parts.length > 0) await output.appendFile(Buffer.concat(parts))
    }
  } finally {
    await output.close()
  }
}

/** The first line that is no UTF-8, its number from 1 and its text. */
async function firstNoUtf8(path: string): Promise<{ line: number; text: string }> {
  const stream = createReadStream(path, 'latin1')
  try {
    let line = 0
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      line++
      const bytes = Buffer.from(text, 'latin1')
      if (!isUtf8(bytes)) return { line, text: bytes.toString('utf8') }
    }
    return { line, text: '' }
  } finally {
    stream.destroy()
  }
}

/**
 * How a staged column of numbers keeps all its digits: `number` where a 64-bit number holds each as it is printed, digits in all and behind
 * the point where a decimal does, and `text` where neither does or where whole numbers beyond 2^53, which name things, are among them.
 */
export async function exactHolding(
  db: Database,
  index: number,
  signal?: AbortSignal
): Promise<'number' | 'text' | readonly [number, number]> {
  const cell = stagedColumn(index)
  const column = { index, cell, raw: cell, isToken: 'false' }
  const isName = `regexp_full_match(${cell}, '-?[0-9]{16,}') AND coalesce(abs(try_cast(${cell} AS HUGEINT)) > 9007199254740992, true)`
  const names = await db.query(`SELECT count_if(${isName}) > 0 FROM staged`, [], { signal })
  if (names.rows[0][0] === true) return 'text'
  const lost = await findLostDigits(db, column, '.', regularSql(cell, { type: 'number' }), signal)
  if (lost.cells === 0) return 'number'
  const found = await decimalDigits(db, column, '.', signal)
  if (!found?.hasFraction) return 'text'
  const held = await db.query(`SELECT count(try_cast(${cell} AS DECIMAL(${found.digits.join(', ')}))) = count(${cell}) FROM staged`, [], {
    signal
  })
  return held.rows[0][0] === true ? found.digits : 'text'
}
