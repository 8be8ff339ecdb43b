import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../all-commands'
import { createApplication, type Application, type ApplicationOptions } from '../application'
import type { PipelineRunId } from '../../model/reference'

const root = mkdtempSync(join(tmpdir(), 'drydock-trust-'))
const count = join(root, 'count')
const starts = (): number => (existsSync(count) ? readFileSync(count, 'utf8').length : 0)
const program = (code: string): string =>
  `schema: drydock.pipeline\nversion: 1\nname: ${code.includes('setInterval') ? 'endless' : 'short'}\nsteps:\n  - id: work\n    type: script\n    cache: never\n    parameters:\n      command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(code)}]\n      outputs: { result: File }\n`
const endless = program(`fs.appendFileSync(${JSON.stringify(count)}, 'x'); setInterval(() => {}, 1000)`)
const short = program(`fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, 'done')`)

let app: Application
const as = (user: string, options: Partial<ApplicationOptions> = {}): Application =>
  (app = createApplication({ userDirectory: join(root, user), ...options }))
const made = join(root, 'made')
let runId: PipelineRunId
/** Everything that a run could change of the ledger. */
const standing = () => ({
  run: app.workbench().context.ledger.all('SELECT * FROM pipeline_run'),
  steps: app.workbench().context.ledger.all('SELECT * FROM step_run'),
  attempts: app.workbench().context.ledger.all('SELECT * FROM attempt'),
  jobs: app.workbench().context.ledger.all('SELECT * FROM job'),
  chain: app.audit.chain().length
})
let left: ReturnType<typeof standing>

/** A workspace whose program was closed in the middle of a run. */
beforeAll(async () => {
  // Its program counts its starts in a file outside of its folder.
  process.env.DRYDOCK_CONFINEMENT = 'none'
  as('maker')
  await app.createWorkspace(made, 'Made')
  runId = (await app.do(commands.pipelines.run, { yaml: endless })).runId
  while (starts() < 1) await new Promise((resolve) => setTimeout(resolve, 10))
  await app.close()
  // Looked at once by somebody who starts nothing, to know how it stands.
  as('looker')
  await app.openWorkspace(made)
  left = standing()
  await app.close()
})
afterEach(() => app.close())
afterAll(() => {
  delete process.env.DRYDOCK_CONFINEMENT
  rmSync(root, { recursive: true, force: true })
})

/** A copy that this user trusts, if wanted. */
async function copied(user: string, { trusted }: { trusted: boolean }): Promise<string> {
  const directory = mkdtempSync(join(root, 'copy-'))
  cpSync(made, directory, { recursive: true })
  if (trusted) await createApplication({ userDirectory: join(root, user) }).setTrust(directory, true)
  return directory
}

describe('a workspace that this person has not trusted on this machine', () => {
  it('opens restricted for everybody but its maker: nothing goes on, nothing is started, reading works', async () => {
    as('other')
    expect(await app.openWorkspace(made)).toMatchObject({ restricted: true })
    expect(left.run).toMatchObject([{ state: 'running' }])
    expect(standing()).toEqual(left)
    expect(() => app.do(commands.pipelines.run, { yaml: short })).toThrowError(
      expect.objectContaining({ code: 'RESTRICTED', message: expect.stringContaining(`drydock workspace trust -w ${made}`) })
    )
    expect((await app.datasets.sql('SELECT count(*)::INTEGER FROM ledger.events')).rows).toEqual([[left.chain]])
    expect(await app.do(commands.workspace.rename, { name: 'Made' })).toMatchObject({ restricted: true })
    expect(standing()).toEqual(left)
    expect(starts()).toBe(1)
  })

  it('is trusted per folder and person: not as a copy, not as another folder in its place, not after that was taken back', async () => {
    as('maker')
    const copy = await copied('other', { trusted: false })
    expect(await app.openWorkspace(copy)).toMatchObject({ restricted: true })
    expect(await app.setTrust(copy, true)).toMatchObject({ restricted: false })
    expect(app.workspace).toMatchObject({ restricted: false })
    const list = join(root, 'maker', 'trusted-workspaces.json')
    expect(statSync(list).mode & 0o077).toBe(0)
    await app.close()
    renameSync(copy, `${copy}-away`)
    cpSync(made, copy, { recursive: true })
    expect(await app.openWorkspace(copy)).toMatchObject({ restricted: true })
    rmSync(copy, { recursive: true })
    renameSync(`${copy}-away`, copy)
    await app.close()
    expect(await app.openWorkspace(copy)).toMatchObject({ restricted: false })
    expect(await app.setTrust(copy, false)).toMatchObject({ restricted: true })
    expect(app.workspace).toMatchObject({ restricted: true })
    expect(readFileSync(list, 'utf8')).not.toContain(copy)
  })

  it('starts nothing from the moment another program takes the trust back; what runs already ends by itself', async () => {
    as('holder')
    const directory = join(root, 'held')
    await app.createWorkspace(directory, 'Held')
    const other = createApplication({ userDirectory: join(root, 'holder') })
    expect(app.heedTrust()).toBe('already')
    const begun = await app.do(commands.pipelines.run, { yaml: short })
    await other.setTrust(directory, false)
    const refusal = expect.objectContaining({ code: 'RESTRICTED' })
    expect(() => app.do(commands.pipelines.run, { yaml: short })).toThrowError(refusal)
    expect(() => app.do(commands.pipelines.run, { name: 'short' })).toThrowError(refusal)
    expect(app.workspace).toMatchObject({ restricted: true })
    expect(app.heedTrust()).toBe('later')
    expect(await app.do(commands.workspace.rename, { name: 'Held still' })).toMatchObject({ name: 'Held still', restricted: true })
    expect((await app.pipelines.finished(begun.runId)).state).toBe('succeeded')
    await other.setTrust(directory, true)
    expect(app.workspace).toMatchObject({ name: 'Held still', restricted: false })
    expect(app.heedTrust()).toBe('already')
    expect((await app.do(commands.pipelines.run, { yaml: short })).runId).toBeTruthy()
    rmSync(join(root, 'holder', 'trusted-workspaces.json'))
    expect(() => app.do(commands.pipelines.run, { yaml: short }), 'a list that is gone trusts nobody').toThrowError(refusal)
  })

  it('goes on with its unfinished runs in the moment it is trusted, and not with one that was cancelled before', async () => {
    as('other')
    const [one, other] = [await copied('other', { trusted: false }), await copied('other', { trusted: false })]
    await app.openWorkspace(one)
    const before = starts()
    await app.setTrust(one, true)
    await expect.poll(starts, { timeout: 60_000 }).toBe(before + 1)
    await app.openWorkspace(other)
    await app.do(commands.pipelines.cancel, { runId })
    expect((await app.pipelines.getRun(runId)).steps.map(({ state }) => state)).toEqual(['cancelled'])
    await app.setTrust(other, true)
    expect(app.pipelines.runs().runs).toMatchObject([{ state: 'cancelled' }])
    expect(app.jobs.get(runId)).toMatchObject({ state: 'cancelled' })
    expect(starts()).toBe(before + 1)
  })
})

describe('a command', () => {
  it('that reads leaves an unfinished run as it stands; one that runs something closes it first', async () => {
    const directory = await copied('commander', { trusted: true })
    as('commander', { unfinishedRuns: 'mark' })
    const before = starts()
    expect(await app.openWorkspace(directory)).toMatchObject({ restricted: false })
    await app.datasets.sql('SELECT * FROM ledger.runs')
    app.jobs.list()
    expect(standing()).toEqual(left)
    await app.close()
    as('commander', { unfinishedRuns: 'mark' })
    await app.openWorkspace(directory)
    expect(standing()).toEqual(left)
    const started = await app.do(commands.pipelines.run, { yaml: short })
    expect((await app.pipelines.finished(started.runId)).state).toBe('succeeded')
    expect((await app.pipelines.getRun(runId)).state).toBe('interrupted')
    expect(app.jobs.get(runId)).toMatchObject({ state: 'interrupted' })
    expect(starts()).toBe(before)
  })
})
