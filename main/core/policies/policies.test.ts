import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import { GateResultId } from '../../model/reference'
import { createContentStore } from '../../storage/objects/content-store'
import { sha256 } from '../../storage/objects/durable-files'
import { executionIdOf, runIdOf } from '../../testing/sample-runs'
import { publishedRows } from '../../testing/published-view'
import { openWorkspaceLedger } from '../ledger'
import type { WorkspaceContext } from '../workspace'
import { evaluatePolicy, parsePolicy } from './index'
import { createPolicies, type PoliciesWriter } from './policies'
import { policyOf } from './policy-text.fixture'
import type { SavedPolicy } from './policy-store'
import { policy, policyTables, policyVersion } from './tables'

let directory: string
let context: Pick<WorkspaceContext, 'directory' | 'ledger' | 'objects' | 'clock' | 'newId'>
let policies: PoliciesWriter
let who: string
/** A clock that goes back and ids that fall: only the order of recording tells what is newest. */
let [minute, id]: number[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-policies-'))
  mkdirSync(join(directory, 'tmp'))
  ;[minute, id] = [60, 99]
  who = 'Ada'
  context = {
    directory,
    ledger: openWorkspaceLedger(join(directory, 'ledger.sqlite')),
    objects: createContentStore(join(directory, 'objects')),
    clock: () => new Date(Date.UTC(2026, 0, 1, 0, minute--)),
    newId: () => `00000000-0000-4000-8000-0000000000${id--}`
  }
  policies = createPolicies(context, () => who)
})
afterEach(() => {
  context.ledger.close()
  rmSync(directory, { recursive: true, force: true })
})

const strict = policyOf('metrics.auc > 0.9')
const lenient = policyOf('metrics.auc > 0.5')
const named = (name: string, text = strict) => text.replace('name: example', `name: ${name}`)
const save = async (text: string): Promise<SavedPolicy> => {
  let saved: SavedPolicy
  await policies.save(text, (write) => (saved = context.ledger.transaction(write)))
  return saved!
}
const file = (name: string) => join(directory, 'policies', `${name}.yaml`)
const refused = (code: string, words: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(words) })

describe('a policy that is saved', () => {
  it('is in force, kept by its digest, and stands in a file of its name', async () => {
    const tests = `tests:
  - { name: right, given: { metrics: { auc: 0.95 } }, expect: { rule: pass } }
  - { name: wrong, given: { metrics: { auc: 0.95 } }, expect: { rule: fail } }`
    const text = policyOf('metrics.auc > 0.9', { tests })
    const summary = await policies.save(text, (write) => context.ledger.transaction(write))
    expect(summary).toEqual({
      name: 'example',
      title: 'Example',
      sha256: sha256(text),
      rules: 1,
      blocking: 1,
      tests: 2,
      testsPassed: 1,
      updatedAt: '2026-01-01T01:00:00.000Z'
    })
    expect(readFileSync(file('example'), 'utf8')).toBe(text)
    expect((await context.objects.read(summary.sha256)).toString()).toBe(text)
    expect(await policies.get('example')).toMatchObject({
      summary,
      text,
      problems: [{ severity: 'error', path: 'tests.1.expect.rule' }],
      tests: [{ passed: true }, { passed: false }]
    })
    expect(readdirSync(join(directory, 'tmp'))).toEqual([])
  })

  it('comes after the one that was in force, which is told; a text that comes back is no new version', async () => {
    expect(await save(strict)).toEqual({ name: 'example', sha256: sha256(strict), former: null })
    who = 'Maya'
    expect(await save(lenient)).toEqual({ name: 'example', sha256: sha256(lenient), former: sha256(strict) })
    const second = { sha256: sha256(lenient), savedAt: '2026-01-01T00:59:00.000Z', savedBy: 'Maya', current: true, gates: 0 }
    const first = { sha256: sha256(strict), savedAt: '2026-01-01T01:00:00.000Z', savedBy: 'Ada', current: false, gates: 0 }
    expect(policies.versions('example')).toEqual([second, first])
    expect(await save(strict)).toEqual({ name: 'example', sha256: sha256(strict), former: sha256(lenient) })
    expect(policies.versions('example')).toEqual([
      { ...second, current: false },
      { ...first, current: true }
    ])
    expect(await save(strict)).toMatchObject({ former: sha256(strict) })
    expect(readFileSync(file('example'), 'utf8')).toBe(strict)
    expect(await policies.text('example')).toMatchObject({ text: strict })
  })

  it('is listed with the others when its text is lost or was changed, and says so', async () => {
    for (const text of [strict, named('altered'), named('whole')]) await save(text)
    rmSync(context.objects.pathOf(sha256(strict)))
    writeFileSync(context.objects.pathOf(sha256(named('altered'))), 'name: altered')
    expect(await policies.list()).toMatchObject([
      { name: 'altered', rules: 0, lost: expect.stringMatching(/was changed after it was stored/) },
      { name: 'example', rules: 0, blocking: 0, lost: expect.stringMatching(/Restore the folder from a backup/) },
      { name: 'whole', rules: 1 }
    ])
    await expect(policies.get('example')).rejects.toThrowError(refused('NOT_FOUND', /is not in this workspace/))
  })

  it('leaves nothing behind when it cannot be recorded, nor when its text is wrong', async () => {
    await save(strict)
    const refusing = (): never => {
      throw new WorkbenchError('FORBIDDEN', 'Not now.')
    }
    await expect(policies.save(lenient, refusing)).rejects.toThrowError(refused('FORBIDDEN', /^Not now\.$/))
    await expect(save(lenient.replace('version: 1', ''))).rejects.toThrowError(refused('INVALID_INPUT', /cannot be read/))
    expect(readFileSync(file('example'), 'utf8')).toBe(strict)
    expect(policies.versions('example')).toHaveLength(1)
    expect(readdirSync(join(directory, 'tmp'))).toEqual([])
  })

  it('is not recorded when its file cannot be written, and the reason names it', async () => {
    writeFileSync(join(directory, 'policies'), 'in the way')
    await expect(save(strict)).rejects.toThrowError(/saving the policy "example"/)
    rmSync(join(directory, 'policies'))
    rmSync(join(directory, 'tmp'), { recursive: true })
    await expect(save(strict)).rejects.toThrowError(refused('NOT_FOUND', /saving the policy "example"/))
    expect(await policies.list()).toEqual([])
    expect(existsSync(file('example'))).toBe(false)
  })
})

describe('reading policies', () => {
  it('lists them by name', async () => {
    for (const name of ['waves', 'example', 'tides']) await save(named(name))
    expect((await policies.list()).map(({ name, rules, tests }) => [name, rules, tests])).toEqual([
      ['example', 1, 0],
      ['tides', 1, 0],
      ['waves', 1, 0]
    ])
  })

  it('takes the name for the text in force and a digest for that very version', async () => {
    await save(strict)
    await save(lenient)
    await save(named('other'))
    const [old, now] = [sha256(strict), sha256(lenient)]
    expect(await policies.text('example')).toEqual({ name: 'example', sha256: now, text: lenient })
    for (const reference of [`example@sha256:${old}`, `example@${old}`, `policy:example@sha256:${old}`])
      expect(await policies.text(reference)).toEqual({ name: 'example', sha256: old, text: strict })
    for (const reference of ['', '@', `@sha256:${old}`, 'example@', 'example@1', 'example@sha256:12', `example@md5:${old}`])
      await expect(policies.text(reference), reference).rejects.toThrowError(
        refused('INVALID_INPUT', /is not a policy reference.*name@sha256:digest/)
      )
    // A version of another policy is none of this one.
    await expect(policies.text(`other@sha256:${old}`)).rejects.toThrowError(
      refused('NOT_FOUND', new RegExp(`"other" has no version ${old.slice(0, 8)}\\.`))
    )
    await expect(policies.text('nothing')).rejects.toThrowError(refused('NOT_FOUND', /no policy "nothing" in this workspace/))
    expect(() => policies.versions('nothing')).toThrowError(refused('NOT_FOUND', /no policy "nothing"/))
    expect(() => policies.get('nothing')).toThrowError(refused('NOT_FOUND', /no policy "nothing"/))
  })

  it('checks a text that is not saved, whatever is wrong with it', () => {
    expect(policies.check(policyOf('metrics.auc > 0.5'))).toEqual({
      problems: [expect.objectContaining({ severity: 'warning' })],
      tests: []
    })
    expect(policies.check('name: [').problems[0]).toMatchObject({ severity: 'error', line: 1 })
    const newer = policies.check(strict.replace('version: 1', 'version: 2'))
    expect(newer).toEqual({ problems: [{ severity: 'error', path: '', message: expect.stringContaining('newer Drydock') }], tests: [] })
    expect(newer).not.toHaveProperty('policy')
  })

  it('shows one that a newer program saved by its name and by what is wrong', async () => {
    const text = named('newer').replace('version: 1', 'version: 2')
    const { sha256: digest } = await context.objects.putBytes(text)
    context.ledger.insert(policyVersion, { name: 'newer', sha256: digest, saved_at: '2026-01-01', saved_by: 'Ada' })
    context.ledger.insert(policy, { name: 'newer', sha256: digest, updated_at: '2026-01-01' })
    await save(strict)
    expect(await policies.list()).toMatchObject([
      { name: 'example' },
      { name: 'newer', title: 'newer', rules: 0, tests: 0, testsPassed: 0 }
    ])
    expect(await policies.get('newer')).toMatchObject({ text, problems: [{ message: expect.stringContaining('newer Drydock') }] })
  })
})

describe('the results of gates', () => {
  const [one, two] = [runIdOf('one'), runIdOf('two')]
  const [p1, p2, p3, p4] = ['p1', 'p2', 'p3', 'p4'].map(executionIdOf)
  const reportOf = async (text: string) => {
    const report = evaluatePolicy(parsePolicy(text), { metrics: { auc: 0.8 } })
    return { report, digest: (await context.objects.putBytes(JSON.stringify(report))).sha256 }
  }

  it('are listed by run or all, the newest first, and lead to their report', async () => {
    const [hard, soft] = [await reportOf(strict), await reportOf(lenient)]
    const first = policies.record(one, hard.report, hard.digest, p1)
    const second = policies.record(two, soft.report, soft.digest, p2)
    const third = policies.record(one, soft.report, soft.digest, p3)
    expect(policies.gates().map(({ id }) => id)).toEqual([third, second, first])
    expect(policies.gates(one).map(({ id }) => id)).toEqual([third, first])
    expect(policies.gates(two)).toEqual([
      {
        id: second,
        run: two,
        policy: 'example',
        policySha256: sha256(lenient),
        outcome: 'pass',
        at: expect.stringMatching(/^2026-01-01T00:/),
        pipelineRun: p2
      }
    ])
    expect(await policies.gate(first)).toEqual(JSON.parse(JSON.stringify(hard.report)))
    await expect(policies.gate(GateResultId.parse('00000000-0000-4000-8000-000000000000'))).rejects.toThrowError(
      refused('NOT_FOUND', /no gate result "0000/)
    )
  })

  it('are counted for the version that decided', async () => {
    for (const text of [strict, lenient, named('other')]) await save(text)
    for (const [run, text] of [
      [one, strict],
      [one, lenient],
      [two, lenient],
      [two, named('other')]
    ] as const) {
      const { report, digest } = await reportOf(text)
      policies.record(run, report, digest, p1)
    }
    expect(policies.versions('example').map(({ sha256: digest, gates }) => [digest, gates])).toEqual([
      [sha256(lenient), 2],
      [sha256(strict), 1]
    ])
  })

  it('count again only where another one of their policy came between in that run', async () => {
    const [hard, soft, other] = [await reportOf(strict), await reportOf(lenient), await reportOf(named('other'))]
    const first = policies.record(one, hard.report, hard.digest, p1)
    policies.record(one, other.report, other.digest, p1)
    policies.record(two, soft.report, soft.digest, p1)
    expect(policies.recordAgain(one, hard.digest, p2)).toBeNull()
    expect(policies.recordAgain(two, hard.digest, p2)).toBeNull()
    expect(policies.gates()).toHaveLength(3)
    const between = policies.record(one, soft.report, soft.digest, p3)
    const made = policies.recordAgain(one, hard.digest, p4)
    expect(made).toMatchObject({ former: { id: between }, again: { policy: 'example', outcome: 'fail', pipeline_run: p4 } })
    const [newest] = policies.gates(one)
    expect(newest).toMatchObject({ id: made!.again.id, outcome: 'fail', policySha256: sha256(strict), pipelineRun: p4 })
    expect([first, between]).not.toContain(newest.id)
    expect(await policies.gate(newest.id)).toMatchObject({ outcome: 'fail' })
    expect(policies.recordAgain(one, hard.digest, p4)).toBeNull()
  })

  it('are there for other features and for SQL, under names that stay', async () => {
    const { report, digest } = await reportOf(strict)
    const ids = [one, two].map((run) => policies.record(run, report, digest, p1))
    const [view] = policyTables.published
    expect(view.name).toBe('gate_results')
    expect(publishedRows(context.ledger, view)).toEqual(
      [one, two].map((run, index) => ({
        gate_id: ids[index],
        run_id: run,
        policy: 'example',
        outcome: 'fail',
        created_at: policies.gates(run)[0].at,
        pipeline_run_id: p1,
        seq: index + 1,
        shortfall: null,
        report_sha256: digest
      }))
    )
  })
})
