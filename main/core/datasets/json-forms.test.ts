import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cellText, NotJson, skipBlank, valueEnd } from './json-text'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'
import fc from 'fast-check'
import { sweep } from '../../testing/deep'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

let count = 0
async function read(text: string | Buffer, ending = 'json') {
  const name = `j${count++}`
  const { version } = await w.datasets.importFile(w.source(`${name}.${ending}`, text), { name })
  const { rows } = await w.datasets.rows(name, {})
  return { name, version, columns: version.columns.map((c) => c.name), rows, notices: version.notices }
}
const refused = (text: string, ending = 'json'): Promise<string> =>
  read(text, ending).then(
    ({ rows }) => `imported ${rows.length} rows`,
    (error: Error) => error.message
  )

describe('JSON in the forms that programs give it', () => {
  const table = {
    columns: ['a', 'b'],
    rows: [
      [1, 'x'],
      [2, null]
    ]
  }
  it.each<[string, string]>([
    ['records', '[{"a":1,"b":"x"},{"a":2,"b":null}]'],
    ['lines', '{"a":1,"b":"x"}\n{"a":2,"b":null}\n'],
    ['pretty objects one after the other', '{\n  "a": 1,\n  "b": "x"\n}\n{\n  "a": 2,\n  "b": null\n}\n'],
    ['split', '{"columns":["a","b"],"index":[0,1],"data":[[1,"x"],[2,null]]}'],
    ['index', '{"0":{"a":1,"b":"x"},"1":{"a":2,"b":null}}'],
    ['columns', '{"a":{"0":1,"1":2},"b":{"0":"x","1":null}}'],
    ['lists', '{"a":[1,2],"b":["x",null]}'],
    ['an object around the rows', '{"meta":{"n":2},"data":[{"a":1,"b":"x"},{"a":2,"b":null}],"next":null}'],
    ['the same over lines', '{\n "data": [\n  {"a": 1, "b": "x"},\n  {"a": 2, "b": null}\n ]\n}\n']
  ])('%s', async (_name, text) => {
    const { columns, rows } = await read(text)
    expect({ columns, rows }).toEqual(table)
  })

  it('a table as pandas writes it with its schema, and values without names', async () => {
    const schema = '{"fields":[{"name":"index","type":"integer"},{"name":"a","type":"integer"}],"primaryKey":["index"]}'
    const { columns, rows } = await read(`{"schema":${schema},"data":[{"index":0,"a":5},{"index":1,"a":6}]}`)
    expect([columns, rows]).toEqual([
      ['a', 'index'],
      [
        [5, 0],
        [6, 1]
      ]
    ])
    const values = await read('[[1,"x"],[2,null]]')
    expect([values.columns, values.rows]).toEqual([['column_1', 'column_2'], table.rows])
    expect(values.notices.map((n) => n.title)).toEqual(['Rows without names'])
  })

  it('keeps labels of rows that are more than their numbers', async () => {
    expect(await read('{"columns":["a"],"index":["p","q"],"data":[[1],[2]]}')).toMatchObject({
      columns: ['a', 'index'],
      rows: [
        [1, 'p'],
        [2, 'q']
      ]
    })
    expect(await read('{"7":{"a":1},"12":{"a":2}}')).toMatchObject({
      columns: ['a', 'index'],
      rows: [
        [1, 7],
        [2, 12]
      ]
    })
  })

  it('one object is one row, whatever its lines', async () => {
    expect(await read('{\n "a": 1,\n "b": 2\n}\n')).toMatchObject({ columns: ['a', 'b'], rows: [[1, 2]] })
    expect(await read('{"a":1,"c":{"d":[1, 2]}}')).toMatchObject({ columns: ['a', 'c'], rows: [[1, '{"d":[1,2]}']] })
    expect(await read('{"a":[1,2]}\n', 'jsonl')).toMatchObject({ columns: ['a'], rows: [['[1,2]']] })
  })

  it('says what holds no table, and what to do', async () => {
    expect(await refused('[]')).toMatch(/empty list.*no row.*Check/)
    expect(await refused('[1,2]')).toMatch(/plain values.*no table.*Write a list of objects/)
    expect(await refused('"text"')).toMatch(/plain values.*no table/)
    expect(await refused('{"a":[{"x":1}],"b":[{"y":1}]}')).toMatch(/2 lists of rows \("a", "b"\).*file of its own/)
    expect(await refused('{"ann":{"age":1},"bob":{"age":2}}')).toMatch(/rows by their names or columns by theirs.*Write it as a list/)
    expect(await refused('{"columns":["a","b"],"data":[[1,2],[3]]}')).toMatch(/names 2 columns, but row 2 of its data has 1 values/)
    expect(await refused('{"a":1,\n"b":')).toMatch(/not well-formed JSON: it breaks off.*line 1/)
    expect(await refused('[{"a":1},\n{"a":')).toMatch(/not well-formed JSON: it breaks off in line 2/)
    expect(await refused('[{"a":1},{"a" 2}]')).toMatch(/not well-formed JSON: a colon is expected, in value 2/)
    for (const text of ['[]', '[1,2]', '{"a":1,\n"b":', '[{"a":1}] x'])
      expect(await refused(text)).not.toMatch(/SQL|memory|cache|imported \d/)
  })

  it('a key that stands twice has its last value, and that is said with the line', async () => {
    const { rows, notices } = await read('{"a":1,"b":0}\n{"a":1,"a":2,"b":{"k":1,"k":2}}\n', 'jsonl')
    expect(rows).toEqual([
      [1, '0'],
      [2, '{"k":1,"k":2}']
    ])
    expect(notices.filter((n) => n.title === 'A key stands twice')).toMatchObject([
      { severity: 'warning', column: 'a', line: 2, detail: expect.stringMatching(/^1 object has a key twice, the first "a" in line 2/) }
    ])
    expect((await read('[\n{"a":1},\n{"a":1,"a":3}]')).notices).toMatchObject([{ title: 'A key stands twice', line: 3 }])
  })

  it('keeps every digit of a number, also within nested values', async () => {
    const { name } = await read('{"id":1,"m":{"x":[9007199254740993.75,1.10]}}\n{"id":2,"m":{"x":[18446744073709551616]}}\n', 'jsonl')
    expect((await w.datasets.rows(name, {})).rows.map((row) => row[1])).toEqual([
      '{"x":[9007199254740993.75,1.10]}',
      '{"x":[18446744073709551616]}'
    ])
    const texts = ['9007199254740993.75', '1E3', '-1.5e-7', '12.5e1', '1e400', '0.1000000000000000055', '-0', 'NaN']
    const written = texts.map((text) => cellText(text, [0, text.length]))
    expect(written).toEqual(['9007199254740993.75', '1000', '-0.00000015', '125', '1e400', '0.1000000000000000055', '-0', 'NaN'])
  })

  it('names the lines of what is no object, in lists too, and takes a list of many megabytes in one line', async () => {
    const { name } = await read('[{"a":1},\n7,\n{"a":2},\n\n{"a":3}]')
    expect((await w.datasets.badRows(name)).rows.map((r) => [r.line, r.raw, r.reason])).toEqual([[2, '7', 'not a JSON object']])
    const many = Array.from({ length: 9_000 }, (_, i) => ({
      id: i,
      text: `a text with "quotes", commas\nand lines ${i} ${'x'.repeat(1_000)}`,
      n: i / 4
    }))
    const long = JSON.stringify(many)
    expect(long.length).toBeGreaterThan(9_000_000)
    const { version, name: wide } = await read(long)
    expect(version.rows).toBe(9_000)
    expect((await w.datasets.rows(wide, { offset: 8_999 })).rows).toEqual([[8_999, 2_249.75, many[8_999].text]])
    const head = await w.datasets.previewImport(w.source('many.json', long))
    expect([head.format, head.columns.map((c) => c.name)]).toEqual(['json', ['id', 'n', 'text']])
  })

  it('finds the end of each value that JSON can write, and takes nothing else for one', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', ' ', ',', ']', '}', '\n'), (json, behind) => {
        expect(valueEnd(json + behind, 0) === json.length || /^[0-9.eE+-]/.test(behind)).toBe(true)
      }),
      sweep(300, 5000)
    )
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('"', '{', '}', ']', ',', ':', '\\', 'x', ''), (json, at, put) => {
        const broken = json.slice(0, at % json.length) + put + json.slice((at % json.length) + 1)
        let isJson = true
        try {
          JSON.parse(broken)
        } catch {
          isJson = false
        }
        try {
          const end = valueEnd(broken, skipBlank(broken, 0))
          expect(end).toBeLessThanOrEqual(broken.length)
        } catch (error) {
          expect(error).toBeInstanceOf(NotJson)
          expect(isJson).toBe(false)
        }
      }),
      sweep(500, 10_000)
    )
    expect(() => valueEnd('['.repeat(5000), 0)).toThrow(/nests deeper/)
  })
})
