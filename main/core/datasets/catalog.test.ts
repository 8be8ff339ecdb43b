import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { datasetNameSchema, parseDatasetRef } from '../../model/dataset'
import { createBadRowCollector } from './bad-rows'
import { createRecordCleaner } from './record-cleaner'
import { recordOfRow } from './stage-text'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'
import { sweep } from '../../testing/deep'
import { Sha256, datasetReference } from '../../model/reference'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

const rejects = async (work: Promise<unknown> | (() => unknown), code: string): Promise<void> => {
  await expect((async () => (typeof work === 'function' ? work() : work))()).rejects.toMatchObject({ code })
}
const nameArbitrary = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
    fc.constantFrom('a"b', "x'; DROP TABLE dataset; --", '"', "''", 'select', '../../etc', 'Ω 東京', '%_*?', '{}', '\\')
  )
  .filter((name) => datasetNameSchema.safeParse(name).success)

describe('names and references', () => {
  it('keeps any legal name apart in catalog, pages and SQL', async () => {
    const path = w.source('n.csv', 'v\n1\n2\n')
    await fc.assert(
      fc.asyncProperty(nameArbitrary, async (raw) => {
        const name = datasetNameSchema.parse(raw)
        const { dataset, version } = await w.datasets.importFile(path, { name: raw })
        expect(dataset.name.toLowerCase()).toBe(name.toLowerCase())
        expect(w.datasets.resolve(datasetReference({ name, sha256: version.sha256 })).sha256).toBe(version.sha256)
        const quoted = name.replaceAll('"', '""')
        expect((await w.datasets.sql(`SELECT sum(v) FROM "${quoted}"`)).rows).toEqual([[3]])
        expect((await w.datasets.sql(`SELECT sum(v) FROM "${quoted}@${version.sha256.slice(0, 8)}"`)).rows).toEqual([[3]])
      }),
      sweep(10, 250)
    )
  })
  it('round-trips references', () => {
    fc.assert(
      fc.property(
        nameArbitrary,
        fc.stringMatching(/^[0-9a-f]{64}$/).map((text) => Sha256.parse(text)),
        (raw, sha256) => {
          const name = datasetNameSchema.parse(raw)
          expect(parseDatasetRef(datasetReference({ name, sha256 }))).toEqual({ name, sha256 })
        }
      )
    )
    expect(['', 'a@b', 'a@1234567', 'x'.repeat(65), 'a\nb'].map(parseDatasetRef)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined
    ])
  })
})

describe('catalog', () => {
  it('renames, describes, trashes and restores; a name taken meanwhile is a conflict', async () => {
    const path = w.source('c.csv', 'id,v\n1,2\n')
    const { dataset } = await w.datasets.importFile(path, { name: 'Catalog', metadata: { tags: ['x'], sensitivity: 'restricted' } })
    expect(w.datasets.update('catalog', { rename: 'Übersicht', metadata: { owner: 'Ada' } })).toMatchObject({
      name: 'Übersicht',
      owner: 'Ada',
      tags: ['x'],
      sensitivity: 'restricted'
    })
    w.datasets.trash('übersicht')
    await rejects(() => w.datasets.get('Übersicht'), 'NOT_FOUND')
    expect(w.datasets.list({ trashed: true }).map((d) => d.name)).toContain('Übersicht')
    await w.datasets.importFile(path, { name: 'ÜBERSICHT' })
    await rejects(() => w.datasets.restore(dataset.id), 'CONFLICT')
    w.datasets.update('ÜBERSICHT', { rename: 'other' })
    expect(w.datasets.restore(dataset.id).name).toBe('Übersicht')
    await rejects(() => w.datasets.update('other', { rename: 'übersicht' }), 'CONFLICT')
  })
  it('sets roles, refuses two targets and unknown columns, and hands them to the next version', async () => {
    await w.datasets.importFile(w.source('r.csv', 'x,y\n1,2\n3,4\n'), { name: 'roles' })
    w.datasets.setColumns('roles', [{ name: 'y', role: 'target', knownWhen: 'after', unit: 'USD' }])
    await rejects(() => w.datasets.setColumns('roles', [{ name: 'x', role: 'target' }]), 'INVALID_INPUT')
    await rejects(() => w.datasets.setColumns('roles', [{ name: 'nope', role: 'target' }]), 'INVALID_INPUT')
    const next = await w.datasets.importFile(w.source('r.csv', 'x,y\n1,2\n3,5\n'), { name: 'roles' })
    expect([next.version.number, next.version.columns[0].role, next.version.columns[1]]).toMatchObject([
      2,
      'feature',
      { role: 'target', knownWhen: 'after', unit: 'USD' }
    ])
  })
  it('pages, sorts and searches with row positions', async () => {
    await w.datasets.importFile(
      w.source('p.csv', `n,t\n${Array.from({ length: 300_000 }, (_, i) => `${i},${i % 1000 === 7 ? 'Needle' : 'hay'}`).join('\n')}\n`),
      { name: 'pages' }
    )
    const page = await w.datasets.rows('pages', { offset: 299_995, limit: 200 })
    expect([page.total, page.rows.map((r) => r[0])]).toEqual([300_000, [299_995, 299_996, 299_997, 299_998, 299_999]])
    const found = await w.datasets.rows('pages', { search: 'nEEdle', sort: { column: 'n', descending: true }, limit: 2 })
    expect([found.total, found.rows, found.rowNumbers]).toEqual([
      300,
      [
        [299_007, 'Needle'],
        [298_007, 'Needle']
      ],
      [299_008, 298_008]
    ])
    // File order is kept from source to version: every row number is its value plus one.
    expect((await w.datasets.sql('SELECT count(*) FROM (SELECT n, row_number() OVER () AS r FROM pages) WHERE r <> n + 1')).rows).toEqual([
      [0]
    ])
    await rejects(w.datasets.rows('pages', { limit: 201 }), 'INVALID_INPUT')
    await rejects(w.datasets.rows('pages', { sort: { column: 'zz' } }), 'INVALID_INPUT')
  })
})

describe('SQL', () => {
  it.each([
    ["COPY (SELECT 1) TO 'x.csv'", 'INVALID_INPUT'],
    ['SELECT 1; SELECT 2', 'INVALID_INPUT'],
    ["ATTACH 'x.db'", 'INVALID_INPUT'],
    ['CREATE TABLE t AS SELECT 1', 'INVALID_INPUT'],
    ['SET threads = 1', 'INVALID_INPUT'],
    ['SELEC 1', 'INVALID_INPUT'],
    ["SELECT * FROM read_text('/etc/hostname')", 'FORBIDDEN'],
    ["SELECT * FROM read_csv('/etc/passwd')", 'FORBIDDEN'],
    ["SELECT * FROM read_arrow('/etc/passwd')", 'FORBIDDEN']
  ])('refuses %s', async (text, code) => {
    await expect(w.datasets.sql(text)).rejects.toMatchObject({ code })
  })
  it('limits, says so, and answers WITH, VALUES and DESCRIBE', async () => {
    const limited = await w.datasets.sql('SELECT * FROM range(10)', { limit: 3 })
    expect([limited.rows.length, limited.truncated]).toEqual([3, true])
    expect((await w.datasets.sql('WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION ALL VALUES (2)')).rows).toEqual([[1], [2]])
  })
})

describe('record cleaner', () => {
  it('splits like RFC 4180 whatever the chunks, and knows every line', () => {
    const field = fc.oneof(
      fc.constantFrom('', 'a', ' b ', '1'),
      fc.string({ maxLength: 6, unit: fc.constantFrom('a', '"', ',', '\n', 'é', ' ') })
    )
    const quoteField = (f: string): string => (/[",\n]/.test(f) ? `"${f.replaceAll('"', '""')}"` : f)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.constantFrom('\n', '\r\n'),
        (rows, cuts, end) => {
          const records = rows.map((r) => r.map(quoteField).join(','))
          const bytes = Buffer.from(records.join(end) + end)
          const bad = createBadRowCollector()
          const cleaner = createRecordCleaner({ delimiter: 44, quote: 34, skipRecords: 0, header: false, bad })
          const out: Buffer[] = []
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = cuts[i % cuts.length]
            out.push(...cleaner.push(bytes.subarray(at, at + size)).map((b) => Buffer.from(b)))
            at += size
          }
          out.push(...cleaner.end())
          expect(Buffer.concat(out).toString()).toBe(records.map((r) => `${r}\n`).join(''))
          expect([bad.count, cleaner.records]).toEqual([0, records.length])
          let line = 1
          records.forEach((r, i) => {
            expect(cleaner.lineOf(i + 1)).toBe(line)
            line += r.split('\n').length
          })
        }
      )
    )
  })
  it('maps accepted rows to records past the refused ones', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 40 })), (refused) => {
        const sorted = refused.sort((a, b) => a - b)
        const accepted = Array.from({ length: 60 }, (_, i) => i + 1).filter((r) => !sorted.includes(r))
        accepted.slice(0, 20).forEach((record, row) => expect(recordOfRow(row, sorted)).toBe(record))
      })
    )
  })
})
