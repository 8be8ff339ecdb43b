import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../../../storage/duckdb/database'
import { temporaryFolder } from '../../fixtures/pipeline-workspace'
import type { ColumnType } from './column-types'
import { readCsv } from './read-csv'

let folder: ReturnType<typeof temporaryFolder>
let db: Database
beforeAll(async () => {
  folder = temporaryFolder()
  mkdirSync(join(folder.path, 'work'))
  db = await openDatabase({ readDirectories: [folder.path], threads: 1, temporaryDirectory: join(folder.path, 'spill') })
})
afterAll(async () => {
  await db.close()
  folder.remove()
})

/** The table that a CSV becomes: columns with their types, and rows; or why it becomes none. */
async function read(text: string | Buffer, schema: Record<string, ColumnType> = {}) {
  const path = join(folder.path, 'work', 'out')
  const arrow = join(folder.path, 'work', 'out.arrow')
  writeFileSync(path, text)
  try {
    await readCsv(db, { port: 't', path, schema }, arrow, new AbortController().signal)
  } catch (error) {
    return (error as Error).message
  } finally {
    // Neither tables nor copies are left to the next output.
    expect(readdirSync(join(folder.path, 'work')).filter((name) => name.endsWith('.txt'))).toEqual([])
  }
  const { columns, rows } = await db.query(`SELECT * FROM read_arrow('${arrow}')`, [], { limit: 10_000 })
  return { columns: columns.map(({ name, type }) => `${name} ${type}`), rows }
}

describe('CSV is read in one way', () => {
  it.each<[string, string, unknown[], string[]?]>([
    ['a semicolon in a value', 'name\nSmith; John\nDoe; Jane\n', [['Smith; John'], ['Doe; Jane']], ['name VARCHAR']],
    ['semicolons', 'a;b\n1;2\n', [['1;2']], ['a;b VARCHAR']],
    ['a tab in a value', 'name\nx\ty\n', [['x\ty']]],
    [
      'single quotes',
      "a,b\n'z',2\n'y',3\n",
      [
        ["'z'", 2],
        ["'y'", 3]
      ]
    ],
    ['a first line of numbers', '1,2\n3,4\n', [[3, 4]], ['1 BIGINT', '2 BIGINT']],
    ['a first line like all others', 'x,y\nx,y\n', [['x', 'y']], ['x VARCHAR', 'y VARCHAR']],
    ['a number sign before a name', '#id,n\n1,2\n', [[1, 2]], ['#id BIGINT', 'n BIGINT']],
    [
      'quotes, line breaks and commas',
      '"a,1","b\n2"\n"x ""y""\nz",2\n"",\n',
      [
        ['x "y"\nz', 2],
        ['', null]
      ],
      ['a,1 VARCHAR', 'b\n2 BIGINT']
    ],
    ['quotes within a value', 'a,b\nhe said "hi",1\n', [['he said "hi"', 1]]],
    ['blanks', 'a, b\n 1, x\n', [[' 1', ' x']], ['a VARCHAR', ' b VARCHAR']],
    [
      'a byte order mark and line ends of three kinds',
      '\ufeffa,b\r\n1,2\r3,4\n5,6',
      [
        [1, 2],
        [3, 4],
        [5, 6]
      ],
      ['a BIGINT', 'b BIGINT']
    ],
    [
      'blank lines between rows',
      'a,b\n1,2\n\n3,4\n\n',
      [
        [1, 2],
        [3, 4]
      ]
    ],
    ['blank lines of one column, which are missing values', 'a\n1\n\n3\n\n', [[1], [null], [3], [null]]],
    ['an empty text of one column', 'a\n""\n\nx\n', [[''], [null], ['x']]],
    ['no row', 'a,b\n', [], ['a VARCHAR', 'b VARCHAR']],
    ['other writing systems', 'größe,名\nü,值\n', [['ü', '值']], ['größe VARCHAR', '名 VARCHAR']]
  ])('%s', async (_what, text, rows, columns) => {
    const found = await read(text)
    expect(found).toMatchObject({ rows, ...(columns && { columns }) })
  })

  const even = Array.from({ length: 3000 }, (_, i) => `${i},${i * 2},n${i}`)
  const withLine = (at: number, text: string): string => ['a,b,c', ...even.slice(0, at), text, ...even.slice(at)].join('\n')
  it.each<[string, string | Buffer, RegExp]>([
    [
      'a value too many',
      'a,b\n1,2,3\n',
      /line 2 has 3 values, and the header line names 2 columns: "1,2,3"\. Let the script write RFC 4180/
    ],
    ['a value too few', 'a,b\n1,2\n3\n', /line 3 has 1 value, and the header line names 2 columns: "3"/],
    [
      'one column and two values',
      'text\na,b\nc,d\n',
      /line 2 has 2 values, and the header line names 1 column: "a,b", and 1 more line cannot/
    ],
    ['a late short row', withLine(2900, '5,6'), /line 2902 has 2 values/],
    ['a late long row', withLine(2900, '5,6,x,9'), /line 2902 has 4 values/],
    ['a row behind a line break in quotes', 'a,b\n"1\n2",3\n4\n', /line 4 has 1 value/],
    ['a quote that is not closed', withLine(2900, '5,6,"oops'), /line 2902 has a quote is opened/],
    ['text behind a closing quote', 'a,b\n"x"y,2\n', /line 2 has text after the closing quote/],
    ['a header whose quote is not closed', 'a,"b\n1,2\n', /line 1 has/],
    ['a comma in single quotes', "a,b\n'x,y',2\n", /line 2 has 3 values/],
    ['a line of the tool above the names', '# made by tool\na,b\n1,2\n', /line 2 has 2 values, and the header line names 1 column/],
    ['a name twice', 'a,b,a\n1,2,3\n', /line 1 names the columns 1 and 3 both "a"/],
    ['a name twice but for capitals', 'a,A\n1,2\n', /line 1 names the columns 1 and 2 both "A"/],
    ['a column without a name', 'a,\n1,2\n', /line 1 has no name for column 2 of 2/],
    ['a blank first line', '\na,b\n1,2\n', /line 1 is blank/],
    ['another encoding', Buffer.from('a,b\nx,1\nMüller,1\n', 'latin1'), /line 3 is not UTF-8: "M/],
    ['half a character at the end', Buffer.from('a\nü', 'utf8').subarray(0, 3), /line 2 is not UTF-8/]
  ])('%s fails', async (_what, text, message) => {
    expect(await read(text)).toMatch(message)
  })

  it('a character across the pieces in which a file is read is whole', async () => {
    const found = await read(`a\n${'x'.repeat((1 << 20) - 3)}ü\n`)
    expect(found).toMatchObject({ columns: ['a VARCHAR'] })
    expect(String((found as { rows: unknown[][] }).rows[0][0]).endsWith('xü')).toBe(true)
  })
})

describe('numbers of a CSV keep every digit', () => {
  it.each<[string, string, string, unknown[]]>([
    ['cents of large sums', '1234567890123456.78\n1.5\n', 'DECIMAL(18,2)', ['1234567890123456.78', 1.5]],
    ['more digits than a number has', '0.1234567890123456789\n-2\n', 'DECIMAL(20,19)', ['0.1234567890123456789', -2]],
    ['a number as it is printed', '0.30000000000000004\n1.5\n', 'DOUBLE', [0.30000000000000004, 1.5]],
    ['a number printed with 17 digits', '0.10000000000000001\n1.5\n', 'DOUBLE', [0.1, 1.5]],
    ['digits beside a word of no number', '0.1234567890123456789\nnan\n', 'VARCHAR', ['0.1234567890123456789', 'nan']],
    ['digits beside an exponent', '0.1234567890123456789\n1e-05\n', 'VARCHAR', ['0.1234567890123456789', '1e-05']],
    ['whole numbers that name things', '9007199254740993\n0.5\n', 'VARCHAR', ['9007199254740993', '0.5']],
    ['whole numbers of more than 64 bits', '9223372036854775808\n1\n', 'VARCHAR', ['9223372036854775808', '1']]
  ])('%s', async (_what, cells, type, values) => {
    expect(await read(`x\n${cells}`)).toEqual({ columns: [`x ${type}`], rows: values.map((value) => [value]) })
  })

  it('unless the step says that they are numbers', async () => {
    expect(await read('x\n0.1234567890123456789\n', { x: 'number' })).toEqual({ columns: ['x DOUBLE'], rows: [[0.12345678901234568]] })
  })
})
