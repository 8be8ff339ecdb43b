import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerFormat } from '../ledger'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const run = (n: number): string => String(n).padStart(32, '0')

beforeAll(async () => {
  w = await openTestWorkspace()
  const { version } = await w.datasets.importFile(w.source('a.csv', 'id,v\n1,10\n2,20\n3,30\n'), {
    name: 'strikes',
    metadata: { tags: ['faa', 'a "b", c'], owner: 'Zoë' }
  })
  const { ledger } = w.context
  ledger.run("INSERT INTO experiment VALUES('e1', 'damage', 'Does it?', 'auc', ?)", at(0))
  for (const n of [1, 2, 3]) {
    ledger.run(
      "INSERT INTO run VALUES(?, 'e1', ?, 'finished', 'boosting', ?, ?, 'train', 'p1', 'fit', 7, NULL, '{}', '', NULL, 'Ada', NULL, ?, ?, NULL)",
      run(n),
      `run ${n}`,
      at(n),
      at(n + 90),
      n === 3 ? null : 200,
      n === 1 ? 7 : null
    )
    ledger.run('INSERT INTO run_parameter VALUES(?,?,?)', run(n), 'trees "é\'', String(n * 10))
    ledger.run('INSERT INTO run_metric VALUES(?,?,?,?,?)', run(n), 'auc', n === 3 ? null : n / 3, n === 1 ? 1e308 : null, 0.1 + 0.2)
    ledger.run("INSERT INTO run_input VALUES(?, 'train', ?, 'strikes', ?)", run(n), version.ref, version.sha256)
  }
})
afterAll(() => w.close())

describe('the ledger in SQL', () => {
  it('joins runs, parameters, metrics and datasets with the rows of a dataset in one statement', async () => {
    const { rows, columns } = await w.datasets.sql(
      `SELECT r.name, r.duration_seconds, r.started_at, p.value::INT AS trees, m.value AS auc, v.dataset, v.rows, (SELECT sum(v) FROM strikes) AS total
       FROM ledger.runs r JOIN ledger.run_parameters p USING (run_id) JOIN ledger.run_metrics m USING (run_id)
         JOIN ledger.run_inputs i USING (run_id) JOIN ledger.dataset_versions v ON v.sha256 = i.sha256
       WHERE p.name = 'trees "é''' AND m.name = 'auc' ORDER BY r.started_at`
    )
    expect(rows).toEqual([
      ['run 1', 90, at(1), 10, 1 / 3, 'strikes', 3, 60],
      ['run 2', 90, at(2), 20, 2 / 3, 'strikes', 3, 60],
      ['run 3', 90, at(3), 30, null, 'strikes', 3, 60]
    ])
    expect(columns.map((column) => column.type)).toEqual([
      'VARCHAR',
      'DOUBLE',
      'TIMESTAMP',
      'INTEGER',
      'DOUBLE',
      'VARCHAR',
      'BIGINT',
      'HUGEINT'
    ])
  })
  it('says how many of the judged rows the training had too, and nothing where that is not known', async () => {
    expect((await w.datasets.sql('SELECT rows_judged, rows_shared FROM ledger.runs ORDER BY seq')).rows).toEqual([
      [200, 7],
      [200, null],
      [null, null]
    ])
  })
  it('keeps every digit, and lists', async () => {
    expect((await w.datasets.sql('SELECT low, high FROM LEDGER.Run_Metrics ORDER BY run_id LIMIT 1')).rows).toEqual([[1e308, 0.1 + 0.2]])
    expect(
      (await w.datasets.sql('SELECT tags, owner, versions, sha256 = (SELECT sha256 FROM ledger.dataset_versions) FROM ledger.datasets'))
        .rows
    ).toEqual([[['faa', 'a "b", c'], 'Zoë', 1, true]])
  })
  it.each(ledgerFormat.views.map((table) => table.name))('ledger.%s has the columns it declares', async (name) => {
    const table = ledgerFormat.views.find((each) => each.name === name)!
    const { columns } = await w.datasets.sql(`SELECT * FROM ledger.${name}`)
    expect(columns).toEqual(table.columns.map((column) => ({ name: column.name, type: column.type })))
  })
  it('is fresh at each use, whatever the number of rows', async () => {
    const { ledger } = w.context
    ledger.transaction(() => {
      for (let n = 0; n < 12_345; n++) ledger.run('INSERT INTO run_tag VALUES(?,?,?)', run(1), `tag ${n}`, String(n))
    })
    const counted = 'SELECT count(*), sum(value::BIGINT), count(DISTINCT name) FROM ledger.run_tags'
    expect((await w.datasets.sql(counted)).rows).toEqual([[12_345, (12_345 * 12_344) / 2, 12_345]])
    ledger.run('DELETE FROM run_tag')
    expect((await w.datasets.sql(counted)).rows).toEqual([[0, null, 0]])
  })
  it('is not there unless it is named, cannot be written, and a dataset may be called ledger', async () => {
    await expect(w.datasets.sql('SELECT * FROM ledger.person')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(w.datasets.sql('DELETE FROM ledger.runs')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect((await w.datasets.sql("SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'ledger'")).rows).toEqual([])
    await w.datasets.importFile(w.source('l.csv', 'x\n5\n'), { name: 'ledger' })
    expect((await w.datasets.sql('SELECT x, (SELECT count(*) FROM ledger.runs) FROM ledger')).rows).toEqual([[5, 3]])
  })
  it('does not keep a writer waiting, and leaves the ledger writable', async () => {
    const { ledger } = w.context
    const reading = w.datasets.sql('SELECT count(*) FROM ledger.runs')
    for (let n = 0; n < 20; n++) {
      ledger.run('INSERT INTO run_tag VALUES(?,?,?)', run(2), `t${n}`, 'x')
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await reading).rows).toEqual([[3]])
    expect(ledger.get<{ n: number }>('SELECT count(*) AS n FROM run_tag')).toEqual({ n: 20 })
  })
})
