import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ledger } from '../../storage/ledger/ledger'
import { createAudit } from '../audit/audit'
import { openWorkspaceLedger } from '../ledger'
import { runArtifact } from '../experiments/tables'
import type { WorkspaceContext } from '../workspace'
import { gatesOfRuns } from './gate-of-run'
import { gateResult, policy as policyTable, type GateResultRow } from './tables'
import { contentReference, GateResultId, RunId } from '../../model/reference'
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
function held(run: string, ...results: (readonly [policy: string, outcome: GateResultRow['outcome'], version?: string])[]): void {
  results.forEach(([policy, outcome, version = policy], index) =>
    ledger.insert(gateResult, {
      id: gateIdOf(run, 9 - index),
      run_id: idOf(run),
      policy,
      policy_sha256: sha256(version),
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
    expect(gateOf('run')).toEqual({
      decisive: { id: gateIdOf('run', 9), policy: 'strict', outcome: 'fail' },
      failed: ['strict'],
      counted: [gateIdOf('run', 8), gateIdOf('run', 9)]
    })
  })
  it('takes the newest result of each policy by the order of recording, not by the clock or the id', () => {
    held('run', ['strict', 'fail'], ['lenient', 'pass'], ['strict', 'pass'])
    expect(gateOf('run')).toEqual({
      decisive: { id: gateIdOf('run', 7), policy: 'strict', outcome: 'pass' },
      failed: [],
      counted: [gateIdOf('run', 7), gateIdOf('run', 8)]
    })
    held('again', ['strict', 'pass'], ['strict', 'fail'])
    expect(gateOf('again')?.decisive).toEqual({ id: gateIdOf('again', 8), policy: 'strict', outcome: 'fail' })
  })
  it('names every policy that failed, and decides by the newest of them', () => {
    held('run', ['fair', 'fail'], ['strict', 'fail'], ['lenient', 'pass'])
    expect(gateOf('run')).toMatchObject({ decisive: { policy: 'strict' }, failed: ['strict', 'fair'] })
  })
  it('takes of each policy the version in force, whatever a version before says later', () => {
    ledger.insert(policyTable, { name: 'ranks', sha256: sha256('strict text'), updated_at: '2026-01-01T00:00:00.000Z' })
    held('run', ['ranks', 'pass', 'lenient text'], ['ranks', 'fail', 'strict text'], ['fair', 'pass'], ['ranks', 'pass', 'lenient text'])
    expect(gateOf('run')).toMatchObject({
      decisive: { id: gateIdOf('run', 8), outcome: 'fail' },
      failed: ['ranks'],
      counted: [gateIdOf('run', 7), gateIdOf('run', 8)]
    })
    expect(gateOf('run')!.decisive).not.toHaveProperty('superseded')
    held('old', ['ranks', 'fail', 'first text'], ['ranks', 'pass', 'lenient text'])
    expect(gateOf('old')).toMatchObject({ decisive: { outcome: 'fail', superseded: true }, failed: ['ranks'] })
    held('once', ['ranks', 'pass', 'lenient text'], ['ranks', 'pass', 'strict text'], ['fair', 'pass'])
    expect(gateOf('once')!.decisive).toEqual({ id: gateIdOf('once', 7), policy: 'fair', outcome: 'pass' })
  })
  it('is not cured by another text of the policy, whichever came first, and says who changed it', () => {
    const audit = createAudit({ ledger, clock: () => new Date(0) } as WorkspaceContext, () => 'Ada')
    const textOf = (version: string) => contentReference('policy', 'strict', sha256(version))
    audit.append({ by: 'Ada', command: 'policies.save', action: 'policy.saved', subject: textOf('lenient') })
    ledger.insert(policyTable, { name: 'strict', sha256: sha256('lenient'), updated_at: '2026-01-01T00:00:00.000Z' })
    const change = { was: 'failed', before: sha256('first'), after: sha256('lenient'), by: 'Ada', at: '1970-01-01T00:00:00.000Z' }
    for (const [run, order] of [
      ['cured', ['first', 'lenient']],
      ['again', ['lenient', 'first']]
    ] as const) {
      held(run, ...order.map((version) => ['strict', version === 'first' ? 'fail' : 'pass', version] as const), ['other', 'pass'])
      const failed = gateIdOf(run, run === 'cured' ? 9 : 8)
      expect(gateOf(run)).toMatchObject({
        decisive: { id: failed, policy: 'strict', outcome: 'fail', superseded: true, changed: change },
        failed: ['strict']
      })
      expect(gateOf(run)!.counted).toContain(failed)
    }
    // The same text may pass on better evidence; what was undecided may be mended, and says so; what was no gate refused nothing.
    held('mend', ['strict', 'fail', 'first'], ['strict', 'pass', 'first'], ['strict', 'pass', 'lenient'])
    expect(gateOf('mend')!.decisive).toEqual({ id: gateIdOf('mend', 7), policy: 'strict', outcome: 'pass' })
    held('typo', ['strict', 'undecided', 'first'], ['strict', 'pass', 'lenient'])
    expect(gateOf('typo')).toMatchObject({
      decisive: { id: gateIdOf('typo', 8), outcome: 'pass', changed: { ...change, was: 'undecided' } },
      failed: []
    })
    held('none', ['strict', 'no gate', 'first'], ['strict', 'pass', 'lenient'])
    expect(gateOf('none')!.decisive).not.toHaveProperty('changed')
    held('still', ['strict', 'undecided', 'lenient'])
    expect(gateOf('still')!.decisive).toMatchObject({ outcome: 'fail', shortfall: 'undecided' })
  })
  it('is that of its model: the same bytes trained once more bring along what they failed under another text', () => {
    const model = (run: string, content: string) =>
      ledger.insert(runArtifact, { run_id: idOf(run), name: 'model.onnx', kind: 'model', sha256: sha256(content), size: 1 })
    ledger.db.exec('PRAGMA foreign_keys = OFF')
    for (const [run, content] of [
      ['first', 'same'],
      ['again', 'same'],
      ['other', 'another']
    ] as const)
      model(run, content)
    held('first', ['strict', 'fail', 'text'])
    held('again', ['strict', 'pass', 'weaker'])
    held('other', ['strict', 'pass', 'weaker'])
    const failed = { id: gateIdOf('first', 9), policy: 'strict', outcome: 'fail', changed: { was: 'failed', after: sha256('weaker') } }
    expect(gateOf('again')).toMatchObject({ decisive: failed, failed: ['strict'] })
    expect(gatesOfRuns(ledger).get(idOf('again'))).toEqual(gateOf('again'))
    expect(gateOf('other')!.decisive).toEqual({ id: gateIdOf('other', 9), policy: 'strict', outcome: 'pass' })
  })
  it('is told of all runs at once as of each alone', () => {
    held('one', ['strict', 'fail'], ['lenient', 'pass'])
    held('two', ['strict', 'pass'])
    const all = gatesOfRuns(ledger)
    expect([...all.keys()].sort()).toEqual([idOf('one'), idOf('two')].sort())
    for (const [run, gate] of all) expect(gatesOfRuns(ledger, run).get(run)).toEqual(gate)
  })
})
