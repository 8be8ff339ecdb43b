import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isJudgedOnTrainingRows } from '../../model/run'
import type { Ledger } from '../../storage/ledger/ledger'
import { openWorkspaceLedger } from '../ledger'
import { queryRuns } from './run-queries'
import { createRunReader, listExperiments, runDetail } from './run-snapshot'
import { RunId } from '../../model/reference'
import { uuidOf } from '../../testing/sample-runs'

const id = (n: number): RunId => RunId.parse(n.toString(16).padStart(32, '0'))
let directory: string
let ledger: Ledger

function addRun(n: number, metrics: Record<string, number> = {}, trashed = false): void {
  const at = `2026-01-01T00:00:${String(n).padStart(2, '0')}.000Z`
  ledger.run('INSERT OR IGNORE INTO experiment VALUES(?,?,?,?,?)', '1', 'sweep', '', 'auc', at)
  ledger.run(
    'INSERT INTO run VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)',
    ...[
      id(n),
      '1',
      `run ${n}`,
      'finished',
      'a',
      at,
      at,
      null,
      null,
      null,
      null,
      null,
      '{}',
      '',
      null,
      'somebody',
      trashed ? at : null,
      null,
      null,
      null
    ]
  )
  ledger.run('INSERT INTO run_parameter VALUES(?,?,?)', id(n), 'trees "\u00e9\'', String(n * 10))
  for (const [key, value] of Object.entries(metrics)) ledger.run('INSERT INTO run_metric VALUES(?,?,?,?,?)', id(n), key, value, null, null)
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-runs-'))
  ledger = openWorkspaceLedger(join(directory, 'ledger.sqlite'))
})
afterEach(() => {
  ledger.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('the runs of a workspace', () => {
  it('gives every double back exactly, and odd names too', () => {
    addRun(1)
    const read = createRunReader(ledger)
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        ledger.run('INSERT OR REPLACE INTO run_metric VALUES(?,?,?,?,?)', id(1), 'auc', value, value, null)
        const [run] = read().kept
        expect(run.metrics['auc']).toEqual({ value: value + 0, low: value + 0, high: null })
        expect(run.parameters).toEqual({ 'trees "\u00e9\'': '10' })
      }),
      { examples: [[0.1 + 0.2], [5e-324], [1.7976931348623157e308]] }
    )
  })

  it('gives NaN and infinity back, of ledgers too that a program wrote that left them out, and sorts them behind all numbers', () => {
    addRun(1, { auc: 0.5, loss: Infinity })
    addRun(2, { loss: NaN })
    addRun(3, { loss: 1e308 })
    addRun(4, { loss: -Infinity })
    addRun(5)
    const snapshot = createRunReader(ledger)()
    const values = (descending: boolean) =>
      queryRuns(snapshot, { sort: 'metrics.loss', descending }).runs.map(({ metrics }) => metrics['loss']?.value)
    expect(values(true)).toEqual([1e308, -Infinity, NaN, Infinity, undefined])
    expect(values(false)).toEqual([1e308, -Infinity, NaN, Infinity, undefined])
    expect(runDetail(ledger, id(1)).metrics).toEqual({
      auc: { value: 0.5, low: null, high: null },
      loss: { value: Infinity, low: null, high: null }
    })
  })

  it('reads again after a change and only then', () => {
    addRun(1)
    const read = createRunReader(ledger)
    const before = read()
    expect(read()).toBe(before)
    addRun(2)
    expect(read().kept.map((run) => run.name)).toEqual(['run 2', 'run 1'])
    ledger.run('INSERT INTO run_tag VALUES(?,?,?)', id(1), 'team', 'credit')
    expect(read().kept[1].tags).toEqual({ team: 'credit' })
  })

  it('says which rows a run was judged on and which it learned from, in the list and alone', () => {
    addRun(1)
    addRun(2)
    addRun(3)
    const read = (run: number, role: string, letter: string) =>
      ledger.run(
        'INSERT INTO run_input VALUES(?,?,?,?,?)',
        ...[id(run), role, `table:${role}@sha256:${letter.repeat(64)}`, role, letter.repeat(64)]
      )
    for (const [run, role, letter] of [
      [1, 'dataset', 'd'],
      [1, 'train', 'a'],
      [1, 'test', 'a'],
      [2, 'train', 'a'],
      [2, 'test', 'b']
    ] as const)
      read(run, role, letter)
    const all = createRunReader(ledger)().kept
    expect(all.map(({ testData, trainingData }) => [testData?.[0], trainingData?.[0]])).toEqual([
      [undefined, undefined],
      ['b', 'a'],
      ['a', 'a']
    ])
    expect(all.map(isJudgedOnTrainingRows)).toEqual([false, false, true])
    expect(isJudgedOnTrainingRows(runDetail(ledger, id(1)))).toBe(true)
  })

  it('says which metric or parameter of a filter no run has, and what was perhaps meant', () => {
    addRun(1, { auc: 0.9 })
    const snapshot = createRunReader(ledger)()
    const notes = (filter: string) => queryRuns(snapshot, { filter }).notes
    expect(notes('metrics.acu > 0.5 or not params.depth = 3')).toEqual([
      'No run here has the metric "acu". Did you mean "auc"?',
      'No run here has the parameter "depth".'
    ])
    expect(notes('metrics.auc > 0.5')).toEqual([])
  })

  it('tells a gate that was left undecided from one that failed', () => {
    const held = (n: number, outcome: string): unknown =>
      ledger.run(
        'INSERT INTO gate_result (id, run_id, policy, policy_sha256, outcome, report_sha256, at) VALUES(?,?,?,?,?,?,?)',
        ...[uuidOf(`gate ${n}`), id(n), 'floor', 'a'.repeat(64), outcome, 'b'.repeat(64), '2026-01-01T00:00:00.000Z']
      )
    for (const [n, outcome] of [
      [1, 'fail'],
      [2, 'undecided']
    ] as const) {
      addRun(n)
      held(n, outcome)
    }
    expect(runDetail(ledger, id(1))).toMatchObject({ gate: 'fail' })
    expect(runDetail(ledger, id(1))).not.toHaveProperty('gateShortfall')
    expect(runDetail(ledger, id(2))).toMatchObject({ gate: 'fail', gateShortfall: 'undecided' })
  })

  it('keeps the trash apart but counts its trials', () => {
    addRun(1, { auc: 0.9 }, true)
    addRun(2, { auc: 0.8 })
    const snapshot = createRunReader(ledger)()
    expect(queryRuns(snapshot, {}).runs.map((run) => run.name)).toEqual(['run 2'])
    expect(queryRuns(snapshot, { trashed: true }).runs.map((run) => run.name)).toEqual(['run 1'])
    expect(listExperiments(ledger)[0]).toMatchObject({ runs: 1, trials: 2 })
    expect(runDetail(ledger, id(1)).trashedAt).not.toBeNull()
  })

  it('filters, sorts with missing values last, pages, and measures the ranges over all matches', () => {
    for (let n = 1; n <= 9; n++) addRun(n, n === 5 ? {} : { auc: n / 10 })
    const snapshot = createRunReader(ledger)()
    const page = queryRuns(snapshot, { sort: 'metrics.auc', descending: false, filter: "name != 'run 9'", offset: 0, limit: 3 })
    expect(page.runs.map((run) => run.name)).toEqual(['run 1', 'run 2', 'run 3'])
    expect([page.total, page.all, page.ranges['auc']]).toEqual([8, 9, { low: 0.1, high: 0.8 }])
    for (const descending of [true, false])
      expect(queryRuns(snapshot, { sort: 'metrics.auc', descending, offset: 8, limit: 3 }).runs.map((run) => run.name)).toEqual(['run 5'])
    expect(() => queryRuns(snapshot, { filter: 'metrics.auc >' })).toThrow(/cannot be read/)
    expect(() => queryRuns(snapshot, { sort: 'nonsense' })).toThrow(/cannot be sorted/)
  })
})
