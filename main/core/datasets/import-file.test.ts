import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import { openDatabase } from '../../storage/duckdb/database'
import { sha256File } from '../../storage/objects/durable-files'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

const left = (folder: string): string[] => readdirSync(join(w.context.directory, folder))
const failure = async (work: Promise<unknown>): Promise<WorkbenchError> => {
  try {
    await work
  } catch (error) {
    expect(error).toBeInstanceOf(WorkbenchError)
    return error as WorkbenchError
  }
  throw new Error('expected a failure')
}

const csv =
  'id,name,amount,day,at,ok\n1,Zoë,1.5,2024-02-29,2024-01-01T10:00:00+02:00,true\n2,"a, ""b""",,2023-12-31,2024-01-01 10:00:00,false\n'

describe('text import', () => {
  it('reads types, quotes, gaps and zones, and names the version by its bytes', async () => {
    const { version, created } = await w.datasets.importFile(w.source('t.csv', csv), { name: 'typed' })
    expect(created).toBe(true)
    expect(version.columns.map((c) => `${c.name} ${c.type} ${c.role}`)).toEqual([
      'id BIGINT identifier',
      'name VARCHAR feature',
      'amount DOUBLE feature',
      'day DATE time',
      'at TIMESTAMP feature',
      'ok BOOLEAN feature'
    ])
    const page = await w.datasets.rows('typed', {})
    expect(page.rows.map((r) => r.slice(0, 4))).toEqual([
      [1, 'Zoë', 1.5, '2024-02-29'],
      [2, 'a, "b"', null, '2023-12-31']
    ])
    expect(String(page.rows[0][4])).toContain('08:00:00')
    expect(String(page.rows[1][4])).toContain('10:00:00')
    expect(page.rows.map((r) => r[5])).toEqual([true, false])
    expect(await sha256File(w.datasets.resolve('typed').path)).toBe(version.sha256)
    await w.datasets.verify('typed')
  })
  it('is idempotent for the same bytes and options, and versions the same name otherwise', async () => {
    const path = w.source('same.csv', csv)
    const first = await w.datasets.importFile(path, { name: 'same' })
    const again = await w.datasets.importFile(path, { name: 'SAME' })
    expect([again.created, again.version.sha256, again.dataset.id]).toEqual([false, first.version.sha256, first.dataset.id])
    const other = await w.datasets.importFile(path, { name: 'same', columns: [{ source: 'id', type: 'text' }] })
    expect([other.created, other.version.number, w.datasets.versions('same').length]).toEqual([true, 2, 2])
    expect(w.datasets.resolve(`same@${first.version.sha256.slice(0, 8)}`).sha256).toBe(first.version.sha256)
  })
  it.each([
    ['UTF-8 with mark', Buffer.from('\uFEFFname,n\nZoë,1\n'), 'utf-8'],
    ['UTF-16 LE', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('name,n\nZoë,1\n', 'utf16le')]), 'utf-16le'],
    ['UTF-16 BE', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('name,n\nZoë,1\n', 'utf16le').swap16()]), 'utf-16be'],
    ['Windows-1252', Buffer.from('name,n\nZoë,1\n', 'latin1'), 'windows-1252']
  ])('reads %s', async (label, bytes, encoding) => {
    const path = w.source(`${encoding}-${label.length}.csv`, bytes)
    expect((await w.datasets.previewImport(path)).dialect?.encoding).toBe(encoding)
    const { version } = await w.datasets.importFile(path, { name: label })
    expect((await w.datasets.rows(label, {})).rows).toEqual([['Zoë', 1]])
    expect(version.columns.map((c) => c.name)).toEqual(['name', 'n'])
    expect(version.notices.some((n) => n.title.includes('windows-1252'))).toBe(encoding === 'windows-1252')
  })
  it('finds that a file is not UTF-8 only far behind the head', async () => {
    const bytes = Buffer.concat([Buffer.from(`n,t\n${'1,plain text\n'.repeat(200_000)}`), Buffer.from('2,caf\xe9\n', 'latin1')])
    const { version } = await w.datasets.importFile(w.source('late.csv', bytes), { name: 'late' })
    expect(version.rows).toBe(200_001)
    expect((await w.datasets.rows('late', { offset: 200_000 })).rows).toEqual([[2, 'café']])
  })
  it('detects semicolons with a decimal comma, tabs, and a file without header', async () => {
    await w.datasets.importFile(w.source('eu.csv', 'a;b\n"1,5";x\n"1.234,25";y\n'), { name: 'eu' })
    expect((await w.datasets.rows('eu', {})).rows).toEqual([
      [1.5, 'x'],
      [1234.25, 'y']
    ])
    await w.datasets.importFile(w.source('t.tsv', 'a\tb\n1\tx, y\n'), { name: 'tab' })
    expect((await w.datasets.rows('tab', {})).rows).toEqual([[1, 'x, y']])
    const bare = await w.datasets.importFile(w.source('bare.csv', '1,2\n3,4\n'), { name: 'bare' })
    expect([bare.version.rows, bare.version.columns[0].name]).toEqual([2, 'column_1'])
  })
  it('reads times with and without seconds, zones and blanks, and dates among them', async () => {
    const texts = [
      ['2024-01-01 10:00', '10:00:00'],
      ['2024-01-01T10:00', '10:00:00'],
      ['2024-01-01T10:00Z', '10:00:00'],
      ['2024-01-01 10:00+02:00', '08:00:00'],
      ['2024-01-01 10:00:30 Z', '10:00:30'],
      ['2024-01-01 10:00:30 +0230', '07:30:30'],
      ['2024-1-1 9:05-05', '14:05:00'],
      ['2024-01-01 23:59:59.5', '23:59:59.500'],
      ['2024-01-01', '00:00:00']
    ]
    const { version } = await w.datasets.importFile(
      w.source('times.csv', `n,at\n${texts.map(([text], i) => `${i},${text}`).join('\n')}\n`),
      {
        name: 'times',
        columns: [{ source: 'at', type: 'timestamp' }]
      }
    )
    expect([version.columns[1].type, version.badRows]).toEqual(['TIMESTAMP', 0])
    const { rows } = await w.datasets.rows('times', {})
    expect(rows.map((row) => String(row[1]).slice(11))).toEqual(texts.map(([, time]) => (time.includes('.') ? `${time}Z` : `${time}.000Z`)))
    const found = await w.datasets.importFile(w.source('minutes.csv', 'n,at\n1,2024-01-01 10:00\n2,2024-01-02T11:30\n'), {
      name: 'minutes'
    })
    expect(found.version.columns[1].type).toBe('TIMESTAMP')
  })
  it('takes a type while at most one value in fifty does not fit, and text beyond that', async () => {
    const typeWith = async (name: string, misfits: number, rows: number) => {
      const lines = Array.from({ length: rows }, (_, i) => `${i},${i >= rows - misfits ? 'about nine' : i * 3}`)
      const { version } = await w.datasets.importFile(w.source(`${name}.csv`, `id,v\n${lines.join('\n')}\n`), { name })
      expect([version.rows, version.badRows]).toEqual([rows, 0])
      return [version.columns[1].type, version.misfits!.cells]
    }
    expect(await typeWith('two-in-100', 2, 100)).toEqual(['BIGINT', 2])
    expect(await typeWith('three-in-100', 3, 100)).toEqual(['VARCHAR', 0])
    // Beyond the rows that are looked at first, the whole column decides.
    expect(await typeWith('120-in-6000', 120, 6000)).toEqual(['BIGINT', 120])
    expect(await typeWith('121-in-6000', 121, 6000)).toEqual(['VARCHAR', 0])
  })
  it('keeps codes with leading zeros, "None" and ambiguous dates as text', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `0${i},${i % 2 ? 'None' : 'Minor'},0${(i % 9) + 1}/0${(i % 8) + 1}/2024`).join('\n')
    const { version } = await w.datasets.importFile(w.source('codes.csv', `zip,damage,when\n${rows}\n`), { name: 'codes' })
    expect(version.columns.map((c) => c.type)).toEqual(['VARCHAR', 'VARCHAR', 'VARCHAR'])
    expect((await w.datasets.rows('codes', {})).rows.map((row) => row[1])).toEqual(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? 'None' : 'Minor'))
    )
    expect(version.notices.map((n) => n.title)).toContain('Ambiguous dates')
    const chosen = await w.datasets.importFile(w.source('codes.csv', `zip,damage,when\n${rows}\n`), {
      name: 'codes',
      columns: [{ source: 'when', type: 'date', dateFormat: '%m/%d/%Y' }]
    })
    expect(chosen.version.columns[2].type).toBe('DATE')
    expect((await w.datasets.rows('codes', { limit: 2 })).rows[1][2]).toBe('2024-02-02')
  })
})

describe('bad rows', () => {
  it('keeps each with line, column, text and reason, and loses no good row', async () => {
    const lines = ['id,v,t', ...Array.from({ length: 400 }, (_, i) => `${i},${i * 2},x`)]
    lines[10] = '9,zz,x'
    lines[20] = '19,38'
    lines[30] = '29,58,x,more'
    lines[40] = '39,78,"open'
    lines[50] = '49,98,"a"b'
    lines[60] = '59,118,"two\nlines"'
    lines[70] = '69,oops,x'
    const { version } = await w.datasets.importFile(w.source('bad.csv', lines.join('\n')), { name: 'bad' })
    const report = await w.datasets.badRows('bad')
    // The quote opened on line 41 meets the next one on line 51, so the refused record is these eleven lines.
    expect(report.rows.map((r) => [r.line, r.column, r.reason])).toEqual([
      [21, null, 'fewer than 3 values'],
      [31, null, 'more than 3 values'],
      [41, null, 'text after the closing quote']
    ])
    expect(report.rows[2].raw.split('\n')).toHaveLength(11)
    expect([report.count, version.badRows, version.rows]).toEqual([3, 3, 400 - 2 - 11])
  })
  it('counts without limit but stores at most 10,000', async () => {
    const text = `id,v\n${Array.from({ length: 40_000 }, (_, i) => (i % 3 === 0 ? `${i}` : `${i},1`)).join('\n')}\n`
    const { version } = await w.datasets.importFile(w.source('many.csv', text), { name: 'many' })
    const report = await w.datasets.badRows('many')
    expect([version.rows, report.count, report.rows.length]).toEqual([26_666, 13_334, 10_000])
    expect(report.rows[9_999].line).toBe(3 * 9_999 + 2)
  })
  it('reads on after a quote that is never closed', async () => {
    const text = `a,b\n${'1,x\n'.repeat(50)}2,"open\n${'3,y\n'.repeat(50)}`
    const { version } = await w.datasets.importFile(w.source('open.csv', text), { name: 'open' })
    expect([version.rows, (await w.datasets.badRows('open')).rows]).toEqual([
      100,
      [{ line: 52, column: null, raw: '2,"open', reason: 'a quote is opened and not closed' }]
    ])
  })
})

describe('columnar files and JSON', () => {
  it('round-trips Parquet, Arrow, JSON lines and a JSON array', async () => {
    await w.datasets.importFile(w.source('o.csv', csv), { name: 'original' })
    const original = await w.datasets.rows('original', {})
    const arrow = w.source('copy.arrow', readFileSync(w.datasets.resolve('original').path))
    await w.datasets.importFile(arrow, { name: 'from arrow' })
    expect(await w.datasets.rows('from arrow', {})).toEqual(original)
    const parquet = w.source('o.parquet', '')
    execFileSync(process.execPath, [
      '-e',
      `const { DuckDBInstance } = require('@duckdb/node-api'); (async () => { const c = await (await DuckDBInstance.create()).connect(); await c.run("COPY (SELECT *, [1, 2] AS list, TIMESTAMPTZ '2024-01-01 00:00:00+01' AS zoned FROM read_csv('" + process.argv[1] + "')) TO '" + process.argv[2] + "' (FORMAT parquet)") })()`,
      w.source('o.csv', csv),
      parquet
    ])
    const fromParquet = await w.datasets.importFile(parquet, { name: 'from parquet' })
    expect(fromParquet.version.columns.map((c) => c.type).slice(-2)).toEqual(['VARCHAR', 'TIMESTAMP'])
    const rows = (await w.datasets.rows('from parquet', {})).rows
    expect(rows.map((r) => r.slice(0, 3))).toEqual(original.rows.map((r) => r.slice(0, 3)))
    expect([rows[0][6], String(rows[0][7]).slice(0, 10)]).toEqual(['[1,2]', '2023-12-31'])
    const objects = [
      { 'a/b': 1, 'c~"d': 'x', n: { deep: [1] } },
      { 'a/b': 2.5, extra: true, 'c~"d': '7' }
    ]
    await w.datasets.importFile(w.source('o.jsonl', objects.map((o) => JSON.stringify(o)).join('\n') + '\n'), { name: 'lines' })
    await w.datasets.importFile(w.source('o.json', JSON.stringify(objects)), { name: 'array' })
    const expected = [
      [1, 'x', '{"deep":[1]}', null],
      [2.5, '7', null, true]
    ]
    expect((await w.datasets.rows('lines', {})).rows).toEqual(expected)
    expect((await w.datasets.rows('array', {})).rows).toEqual(expected)
    const mixed = await w.datasets.importFile(w.source('m.jsonl', '{"a":1}\n{"a":\n\n[1]\n{"a":2}\n{"a":3}\n'), { name: 'mixed lines' })
    expect(mixed.version.rows).toBe(3)
    expect((await w.datasets.badRows('mixed lines')).rows.map((r) => [r.line, r.reason])).toEqual([
      [2, 'not well-formed JSON'],
      [4, 'not a JSON object']
    ])
  })
})

describe('hostile files', () => {
  const refused: [string, string, string | Uint8Array][] = [
    ['empty', 'e.csv', ''],
    ['binary garbage', 'g.csv', Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 256)],
    ['a workbook', 'x.csv', Buffer.from([0x50, 0x4b, 3, 4, 1, 2, 3])],
    ['a truncated Parquet file', 'p.parquet', Buffer.from('PAR1 and then nothing of use')],
    ['a truncated Arrow file', 'a.arrow', Buffer.from('ARROW1\0\0 and then nothing of use')],
    ['a broken JSON array', 'j.json', '[{"a":1},{"a":'],
    ['mostly bad rows', 'm.csv', 'a,b\n1,2\n1,"x"y\n1,"x"y\n'],
    ['a header without rows', 'h.csv', 'a,b\n'],
    ['a line of prose', 'prose.txt', 'This is a letter and no table, whatever its commas say.\n'],
    ['four random bytes', 'four.csv', Uint8Array.of(0x8f, 0xe1, 0x63, 0xc2)],
    ['four others, of which one ends a line', 'four.csv', Uint8Array.of(0x8f, 0x0a, 0x1a, 0x33)]
  ]
  it.each(refused)('refuses %s and leaves no trace', async (_label, name, content) => {
    const before = [left('data'), left('objects')]
    const error = await failure(w.datasets.importFile(w.source(name, content), { name: 'refused' }))
    expect(['INVALID_INPUT', 'STORAGE_CORRUPT']).toContain(error.code)
    expect(error.message.length).toBeGreaterThan(40)
    expect([left('data'), left('objects')]).toEqual(before)
    expect(left('tmp')).toEqual([])
    expect(w.datasets.list().some((d) => d.name === 'refused')).toBe(false)
  })
  it('takes NUL bytes, a line of a million characters, twin names, strange file names', async () => {
    const nul = await w.datasets.importFile(w.source('nul.csv', 'a,b\n1,x\0y\n2,z\n'), { name: 'nul' })
    expect([(await w.datasets.rows('nul', {})).rows[0][1], nul.version.notices[0].title]).toEqual(['x\uFFFDy', 'NUL bytes in the text'])
    await w.datasets.importFile(w.source('long.csv', `a,b\n1,${'x'.repeat(1_000_000)}\n2,y\n`), { name: 'long' })
    expect((await w.datasets.sql('SELECT max(length(b)), count(*) FROM long')).rows).toEqual([[1_000_000, 2]])
    const twins = await w.datasets.importFile(w.source('twins.csv', 'a,A,,a\n1,2,3,4\n'), { name: 'twins' })
    expect(twins.version.columns.map((c) => c.name)).toEqual(['a', 'A_2', 'column_3', 'a_3'])
    const glob = await w.datasets.importFile(w.source("it's [1]*?.csv", 'a,b\n1,2\n'), { name: 'glob' })
    expect(glob.version.rows).toBe(1)
  })
  it('says before the import that there are no rows', async () => {
    const { problems } = await w.datasets.previewImport(w.source('h.csv', 'a,b\n'))
    expect(problems.map((p) => [p.severity, p.title])).toEqual([['error', 'No rows']])
  })
  it('takes 2,000 columns', async () => {
    const wide = `${Array.from({ length: 2_000 }, (_, i) => `c${i}`).join(',')}\n${`${Array.from({ length: 2_000 }, (_, i) => i).join(',')}\n`.repeat(3)}`
    const { version } = await w.datasets.importFile(w.source('wide.csv', wide), { name: 'wide' })
    expect([version.columns.length, version.rows, version.columns[1_999].type]).toEqual([2_000, 3, 'BIGINT'])
  })
  it('changes nothing when cancelled or when the disk is full', async () => {
    const path = w.source('cancel.csv', `a,b\n${'1,2\n'.repeat(300_000)}`)
    const controller = new AbortController()
    const cancelled = await failure(
      w.datasets.importFile(
        path,
        { name: 'cancelled' },
        { signal: controller.signal, onProgress: (p) => (p.fraction ?? 0) >= 0.4 && controller.abort() }
      )
    )
    expect(cancelled.code).toBe('CANCELLED')
    const full = await openTestWorkspace({
      openDatabase: async (options) => ({
        ...(await openDatabase(options)),
        exportArrow: () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }))
      })
    })
    const error = await failure(full.datasets.importFile(path, { name: 'full' }))
    expect(error.code).toBe('DISK_FULL')
    expect(full.datasets.list()).toEqual([])
    expect(readdirSync(join(full.context.directory, 'data'))).toEqual([])
    expect(readdirSync(join(full.context.directory, 'tmp'))).toEqual([])
    await full.close()
    expect(w.datasets.list().some((d) => d.name === 'cancelled')).toBe(false)
    expect(left('tmp')).toEqual([])
    expect(statSync(path).size).toBeGreaterThan(0)
  })
})
