import { promises as fs } from 'node:fs'
import type { Notice } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { quotePath } from '../../model/sql-quoting'
import type { Database } from '../../storage/duckdb/database'
import type { BadRowCollector } from './bad-rows'
import { uniqueColumnNames } from './column-names'
import { type JsonRow, shapeOf } from './json-shapes'
import { cellText, kindAt, NotJson, readList, readObject, skipBlank, valueEnd } from './json-text'
import { jsonLines, type JsonValueText, jsonValues } from './json-values'
import { MAX_COLUMNS, stagedColumn, type StagedTable } from './stage-text'

interface JsonSource {
  /** The decoded copy of the file. */
  file: string
  /** `jsonl`: an object in each line, and a line that is none costs only itself; `json`: any other form. */
  format: 'jsonl' | 'json'
  fileName: string
  /** 1-based line of the file of a line of the copy. */
  lineOf(line: number): number
}

/**
 * Loads a JSON file: objects, a list of them, or a table in one of the forms that programs give it. Every key of any object becomes a column; a
 * number keeps its digits, a nested value becomes JSON text. What is no object goes to `bad`. Throws INVALID_INPUT for a file that holds no table.
 */
export async function stageJson(db: Database, source: JsonSource, bad: BadRowCollector, signal?: AbortSignal): Promise<StagedTable> {
  const { file, fileName, lineOf } = source
  const rows = await createRowFile(`${file}.rows`)
  let notes: Notice[]
  try {
    notes = source.format === 'jsonl' ? await readLines(source, rows, bad, signal) : await readValues(source, rows, bad, signal)
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
    throw refusal(
      fileName,
      `is not well-formed JSON: ${error.message}. Save it as JSON lines (one object per line), which survives a broken record`,
      error
    )
  } finally {
    await rows.close()
  }
  const { keys, order } = rows
  const { names, notices } = uniqueColumnNames(order.map((at) => keys[at].name))
  const read = `read_csv(${quotePath(rows.path)}, columns={${['row', ...keys.map((_, at) => `k${at}`)].map((name) => `'${name}': 'VARCHAR'`).join(', ')}}, auto_detect=false, header=false, delim=',', quote='"', escape='"', new_line='\\n', nullstr='', allow_quoted_nulls=false, null_padding=true, parallel=false, strict_mode=true${rows.longest > 1_900_000 ? `, max_line_size=${rows.longest + 1024}` : ''})`
  const cells = order.map((at, i) => `k${at} AS ${stagedColumn(i)}`)
  if (rows.count > 0) await db.run(`CREATE TABLE staged AS SELECT ${cells.join(', ') || 'NULL AS c0'} FROM ${read}`, [], { signal })
  else
    await db.run(
      `CREATE TABLE staged AS SELECT ${order.map((_, i) => `''::VARCHAR AS ${stagedColumn(i)}`).join(', ') || 'NULL AS c0'} LIMIT 0`
    )
  const nested = order.flatMap((at, i) => (keys[at].isNested ? [nestedNotice(names[i])] : []))
  return {
    sources: names,
    rows: rows.count,
    textColumns: new Set(order.flatMap((at, i) => (keys[at].isText ? [i] : []))),
    lineOf: (rowId) => lineOf(rows.lineOf(rowId)),
    notices: [...notices, ...notes, ...rows.twiceNotice(lineOf), ...nested]
  }
}

const refusal = (fileName: string, what: string, cause?: unknown): WorkbenchError =>
  new WorkbenchError('INVALID_INPUT', `"${fileName}" ${what}. Nothing was imported.`, { cause })

const notice = (title: string, detail: string, column: string | null = null): Notice => ({
  severity: 'info',
  title,
  detail,
  column,
  line: null
})

const nestedNotice = (column: string): Notice =>
  notice(
    'Nested values',
    `Column "${column}" holds objects or lists; they are kept as JSON text. Take them apart with SQL (json_extract) if you need their parts.`,
    column
  )

const assertRunning = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The import was cancelled. Nothing was changed.')
}

/** An object in each line. */
async function readLines({ file, lineOf }: JsonSource, rows: RowFile, bad: BadRowCollector, signal?: AbortSignal): Promise<Notice[]> {
  for await (const { text, line } of jsonLines(file)) {
    const start = skipBlank(text, 0)
    if (start === text.length) continue
    const reason = addObject(rows, text, start, line)
    if (reason) bad.add({ line: lineOf(line), column: null, raw: text.slice(0, 4000), reason })
    if (rows.isFull) {
      assertRunning(signal)
      await rows.flush()
    }
  }
  return []
}

/** Adds the object that a text is as a row; else says what the text is. */
function addObject(rows: RowFile, text: string, start: number, line: number): string | undefined {
  let end: number
  try {
    if (kindAt(text, start) === 'object') {
      const object = readObject(text, start)
      end = valueEnd(text, start)
      if (skipBlank(text, end) < text.length) return 'not well-formed JSON'
      rows.add(text, object, line)
      return undefined
    }
    end = valueEnd(text, start)
  } catch (error) {
    if (error instanceof NotJson) return 'not well-formed JSON'
    throw error
  }
  return skipBlank(text, end) < text.length ? 'not well-formed JSON' : 'not a JSON object'
}

/** A list, several values, or one value that is a table. */
async function readValues(
  { file, fileName, lineOf }: JsonSource,
  rows: RowFile,
  bad: BadRowCollector,
  signal?: AbortSignal
): Promise<Notice[]> {
  let isList = false
  let first: JsonValueText | undefined
  let values = 0
  let lists = 0
  const add = ({ text, line }: JsonValueText): void => {
    const end = valueEnd(text, 0)
    if (skipBlank(text, end) < text.length) throw new NotJson(end, `something follows the value that begins in line ${line}`)
    const kind = kindAt(text, 0)
    if (kind === 'object') rows.add(text, readObject(text, 0), line)
    else if (kind === 'list' && isList && lists === rows.count) {
      lists++
      rows.add(text, { members: new Map(readList(text, 0).map((span, at) => [`column_${at + 1}`, span])) }, line)
    } else bad.add({ line: lineOf(line), column: null, raw: text.slice(0, 4000), reason: 'not a JSON object' })
  }
  try {
    for await (const value of jsonValues(file, (list) => (isList = list))) {
      values++
      if (!isList && values === 1) first = value
      else {
        if (first) add(first)
        first = undefined
        add(value)
      }
      if (rows.isFull) {
        assertRunning(signal)
        await rows.flush()
      }
    }
  } catch (error) {
    if (error instanceof NotJson && values > 0 && !/line \d/.test(error.message))
      throw new NotJson(error.at, `${error.message}, in value ${values}`)
    throw error
  }
  if (first && kindAt(first.text, 0) === 'object') return addShape(fileName, rows, first)
  if (first) valueEnd(first.text, 0)
  if (rows.count > 0)
    return lists > 0 ? [notice('Rows without names', 'The rows of the file are lists without names, so the columns are numbered.')] : []
  throw refusal(
    fileName,
    values === 0
      ? 'holds an empty list, so there is no row to import. Check that it is the right file and was written whole'
      : `holds plain values (such as ${(first?.text ?? '').slice(0, 20) || 'numbers or texts'}) and no table. Write a list of objects, one for each row, such as [{"name": 1}, {"name": 2}]`
  )
}

/** One object that is the whole file. */
function addShape(fileName: string, rows: RowFile, { text, line }: JsonValueText): Notice[] {
  const end = valueEnd(text, 0)
  if (skipBlank(text, end) < text.length) throw new NotJson(end, 'something follows the object')
  const object = readObject(text, 0)
  const shape = shapeOf(text, object)
  if ('refusal' in shape) throw refusal(fileName, shape.refusal.replace(/\.$/, ''))
  for (const row of shape.rows) rows.add(text, row, line)
  return shape.note ? [notice('How the file is laid out', shape.note)] : []
}

interface Key {
  name: string
  firstRow: number
  isText: boolean
  isNested: boolean
}

/** The rows as a file of texts that the engine loads; columns are added as they turn up. */
interface RowFile {
  readonly path: string
  readonly keys: readonly Key[]
  /** Numbers of the keys in the order of the columns: by the row that they turn up in, then by name. */
  readonly order: number[]
  readonly count: number
  /** Bytes, at most. */
  readonly longest: number
  /** True when it is time for `flush`. */
  readonly isFull: boolean
  add(text: string, row: JsonRow, line: number): void
  flush(): Promise<void>
  close(): Promise<void>
  lineOf(row: number): number
  /** Says how many rows have a key twice, if any. */
  twiceNotice(lineOf: (line: number) => number): Notice[]
}

async function createRowFile(path: string): Promise<RowFile> {
  const output = await fs.open(path, 'w')
  const numbers = new Map<string, number>()
  const keys: Key[] = []
  let lines = new Uint32Array(1024)
  let count = 0
  let longest = 0
  let pending: string[] = []
  let size = 0
  const twice: { key: string; line: number; rows: number } = { key: '', line: 0, rows: 0 }
  const numberOf = (name: string): number => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    if (keys.length >= MAX_COLUMNS)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The objects have more than ${MAX_COLUMNS} different keys, so this is no table. Nothing was imported. Write one key per property.`
      )
    numbers.set(name, keys.length)
    return keys.push({ name, firstRow: count, isText: false, isNested: false }) - 1
  }
  const flush = async (): Promise<void> => {
    const text = pending.join('')
    pending = []
    size = 0
    await output.appendFile(text)
  }
  return {
    path,
    keys,
    get order() {
      const bytes = keys.map(({ name }) => Buffer.from(name))
      return keys.map((_, at) => at).sort((a, b) => keys[a].firstRow - keys[b].firstRow || Buffer.compare(bytes[a], bytes[b]))
    },
    get count() {
      return count
    },
    get longest() {
      return longest
    },
    get isFull() {
      return size > 1 << 20
    },
    add(text, { members, twice: doubled }, line) {
      const cells: string[] = []
      for (const [name, span] of members) {
        const at = numberOf(name)
        const kind = kindAt(text, span[0])
        if (kind === 'text') keys[at].isText = true
        else if (kind === 'object' || kind === 'list') keys[at].isNested = true
        const cell = cellText(text, span)
        if (cell !== null) cells[at] = `"${cell.replaceAll('"', '""')}"`
      }
      let record = '1'
      for (let at = 0; at < cells.length; at++) record += `,${cells[at] ?? ''}`
      pending.push(`${record}\n`)
      size += record.length
      longest = Math.max(longest, record.length * 3)
      if (count === lines.length) {
        const grown = new Uint32Array(count * 2)
        grown.set(lines)
        lines = grown
      }
      lines[count++] = line
      if (doubled === undefined) return
      if (twice.rows++ === 0) Object.assign(twice, { key: doubled, line })
    },
    flush,
    async close() {
      await flush()
      await output.close()
    },
    lineOf: (row) => lines[row] ?? 0,
    twiceNotice: (lineOf) =>
      twice.rows === 0
        ? []
        : [
            {
              severity: 'warning',
              title: 'A key stands twice',
              detail: `${twice.rows === 1 ? '1 object has' : `${twice.rows} objects have`} a key twice, the first "${twice.key}" in line ${lineOf(twice.line)}. The last of its values is kept, as most programs read it; the others are not in the dataset.`,
              column: twice.key,
              line: lineOf(twice.line)
            }
          ]
  }
}
