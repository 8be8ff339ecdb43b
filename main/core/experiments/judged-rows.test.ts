import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Sha256 } from '../../model/reference'
import { openLedger } from '../../storage/ledger/ledger'
import { createContentStore, type ContentStore } from '../../storage/objects/content-store'
import { runIdOf } from '../../testing/sample-runs'
import { ledgerFormat, openWorkspaceLedger } from '../ledger'
import { fillJudgedRows } from './judged-rows'
import { createRunReader } from './run-snapshot'

let directory: string
let file: string
let objects: ContentStore
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-judged-'))
  file = join(directory, 'ledger.sqlite')
  objects = createContentStore(join(directory, 'objects'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** A ledger of the format before, with a run for each digest: one of an evaluation, or none. */
function ledgerOfFormat10(runs: Readonly<Record<string, Sha256 | null>>): void {
  const old = openLedger(file, { migrations: ledgerFormat.migrations.slice(0, 10), views: [] })
  old.run("INSERT INTO experiment(id, name, question, primary_metric, created_at) VALUES('1', 'e', '', 'auc', '')")
  for (const [name, sha256] of Object.entries(runs)) {
    old.run(
      "INSERT INTO run(id, experiment_id, name, status, algorithm, started_at, environment, note, created_by) VALUES(?, '1', ?, 'finished', 'a', '', '{}', '', '')",
      runIdOf(name),
      name
    )
    if (sha256)
      old.run(
        "INSERT INTO run_artifact(run_id, name, kind, sha256, size) VALUES(?, 'evaluation.json', 'evaluation', ?, 1)",
        runIdOf(name),
        sha256
      )
  }
  old.close()
}
const stored = async (document: unknown): Promise<Sha256> => (await objects.putBytes(JSON.stringify(document))).sha256
async function filled(): Promise<Record<string, (number | null)[]>> {
  const ledger = openWorkspaceLedger(file)
  await fillJudgedRows({ ledger, objects })
  const { kept } = createRunReader(ledger)()
  ledger.close()
  return Object.fromEntries(kept.map((run) => [run.name, [run.rowsJudged, run.rowsShared]]))
}

it('runs of an earlier format have the counts of their evaluation, and none where it does not say or cannot be read', async () => {
  const damaged = await stored({ rows: { judged: 7 }, rowsShared: 7 })
  writeFileSync(objects.pathOf(damaged), '{"rows":{"judged":9},"rowsShared":9}')
  ledgerOfFormat10({
    shared: await stored({ version: 2, rows: { judged: 200 }, rowsShared: 3 }),
    'the same again': await stored({ version: 2, rows: { judged: 200 }, rowsShared: 3 }),
    unknown: await stored({ version: 2, rows: { judged: 300 }, rowsShared: null }),
    'version one': await stored({ version: 1, rows: { judged: 100 } }),
    damaged,
    'no json': (await objects.putBytes('not JSON')).sha256,
    gone: Sha256.parse('a'.repeat(64)),
    'not judged': null
  })
  const expected = {
    shared: [200, 3],
    'the same again': [200, 3],
    unknown: [300, null],
    'version one': [100, null],
    damaged: [null, null],
    'no json': [null, null],
    gone: [null, null],
    'not judged': [null, null]
  }
  expect(await filled()).toEqual(expected)
})

it('runs have what ties the sides of their split, told apart from that nobody has looked', async () => {
  const splitCheck = { judgedRows: 9, groups: [{ column: 'patient', role: 'group', shared: 1, of: 2, rows: 4 }], times: [] }
  ledgerOfFormat10({ tied: await stored({ rows: { judged: 9 }, splitCheck }), silent: await stored({ rows: { judged: 9 } }), none: null })
  await filled()
  const ledger = openWorkspaceLedger(file)
  const { kept } = createRunReader(ledger)()
  expect(Object.fromEntries(kept.map((run) => [run.name, run.splitCheck]))).toEqual({ tied: splitCheck, silent: null, none: null })
  expect(ledger.all('SELECT name, split_check FROM run ORDER BY rowid').map(({ split_check }) => split_check)).toEqual([
    JSON.stringify(splitCheck),
    'null',
    null
  ])
  ledger.close()
})

it('what is in the ledger stays, though its document says otherwise', async () => {
  ledgerOfFormat10({ run: await stored({ rows: { judged: 200 }, rowsShared: 3 }) })
  await filled()
  const ledger = openWorkspaceLedger(file)
  ledger.run('UPDATE run SET rows_shared = 4')
  ledger.close()
  expect(await filled()).toEqual({ run: [200, 4] })
})
