import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ledger } from '../../storage/ledger/ledger'
import { openWorkspaceLedger } from '../ledger'
import { gatesOfRuns } from './gate-of-run'
import { gateResult } from './tables'
import { GateResultId, RunId } from '../../model/reference'
import { uuidOf } from '../../testing/sample-runs'
import { sha256 } from '../../storage/objects/durable-files'

let directory: string
let ledger: Ledger
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-gates-'))
  ledger = openWorkspaceLedger(join(directory, 'ledger.sqlite'))
})
afterEach(() => {
  ledger.close()
  rmSync(directory, { recursive: true, force: true })
})

const idOf = (name: string): RunId => RunId.parse(Buffer.from(name).toString('hex').padStart(32, '0'))

const gateIdOf = (run: string, n: number): GateResultId => GateResultId.parse(uuidOf(`${run}${n}`))

/** Ids fall and the clock goes back with each result, so only the order of recording can tell what is newest. */
function held(run: string, ...results: [policy: string, outcome: 'pass' | 'fail'][]): void {
  results.forEach(([policy, outcome], index) =>
    ledger.insert(gateResult, {
      id: gateIdOf(run, 9 - index),
      run_id: idOf(run),
      policy,
      policy_sha256: sha256(policy),
      outcome,
      report_sha256: sha256(policy),
      at: `2026-01-0${9 - index}T00:00:00.000Z`,
      pipeline_run: null
    })
  )
}
const gateOf = (run: string) => gatesOfRuns(ledger, idOf(run)).get(idOf(run))

describe('the gate of a run', () => {
  it('is absent where no policy was applied', () => {
    held('other', ['strict', 'pass'])
    expect(gateOf('run')).toBeUndefined()
  })
  it('fails for one policy, whatever another said later', () => {
    held('run', ['strict', 'fail'], ['lenient', 'pass'])
    expect(gateOf('run')).toEqual({ decisive: { id: gateIdOf('run', 9), policy: 'strict', outcome: 'fail' }, failed: ['strict'] })
  })
  it('takes the newest result of each policy by the order of recording, not by the clock or the id', () => {
    held('run', ['strict', 'fail'], ['lenient', 'pass'], ['strict', 'pass'])
    expect(gateOf('run')).toEqual({ decisive: { id: gateIdOf('run', 7), policy: 'strict', outcome: 'pass' }, failed: [] })
    held('again', ['strict', 'pass'], ['strict', 'fail'])
    expect(gateOf('again')?.decisive).toEqual({ id: gateIdOf('again', 8), policy: 'strict', outcome: 'fail' })
  })
  it('names every policy that failed, and decides by the newest of them', () => {
    held('run', ['fair', 'fail'], ['strict', 'fail'], ['lenient', 'pass'])
    expect(gateOf('run')).toMatchObject({ decisive: { policy: 'strict' }, failed: ['strict', 'fair'] })
  })
  it('is told of all runs at once as of each alone', () => {
    held('one', ['strict', 'fail'], ['lenient', 'pass'])
    held('two', ['strict', 'pass'])
    const all = gatesOfRuns(ledger)
    expect([...all.keys()].sort()).toEqual([idOf('one'), idOf('two')].sort())
    for (const [run, gate] of all) expect(gatesOfRuns(ledger, run).get(run)).toEqual(gate)
  })
})
