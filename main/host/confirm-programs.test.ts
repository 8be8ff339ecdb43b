import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contract } from '../../preload/contract'
import { createClient, createMemoryTransport, type Server } from '../../preload/wire'
import { createProgramConfirmation, describePrograms, ProgramsToStart } from '../app/confirmed-programs'
import { commands } from '../core/all-commands'
import { createApplication, type Application } from '../core/application'
import { Sha256 } from '../model/reference'
import type { StartedPrograms } from '../model/commands/pipelines'
import { serveContract } from './serve-contract'

const root = mkdtempSync(join(tmpdir(), 'drydock-confirm-'))
const kept = join(root, 'user', 'confirmed-programs.json')
const asked: ProgramsToStart[] = []
let answer = true
const servers: Server[] = []
let app: Application
beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'W')
  mkdirSync(join(root, 'w', 'code'), { recursive: true })
  writeFileSync(join(root, 't.csv'), 'a\n1\n')
  await app.do(commands.datasets.import, { path: join(root, 't.csv'), options: { name: 't' } })
  writeFileSync(join(root, 'w', 'code', 'a.sh'), 'echo "{}" > "$DRYDOCK_OUTPUT_R"\n')
})
afterAll(async () => {
  for (const server of servers) await server.close()
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

/** A window, as it is when the program was started again: only what it wrote down is known. */
function connect(options: Parameters<typeof serveContract>[2] = {}) {
  const mayStart = createProgramConfirmation(kept, async (what) => {
    asked.push(ProgramsToStart.parse(what))
    return answer
  })
  const transport = createMemoryTransport()
  const take = () => Promise.reject(new Error('nothing was chosen'))
  const shell = { take, mayStart: (what: StartedPrograms) => mayStart(what), mayTrust: () => Promise.resolve(answer) }
  servers.push(serveContract(app, transport.server, { shell, ...options }))
  return createClient(contract, transport.client)
}
const ended = (call: Promise<{ runId: string }>) => call.then(() => 'started').catch((error: { code: string }) => error.code)
const questions = async (work: () => Promise<unknown>): Promise<number> => {
  const before = asked.length
  await work()
  return asked.length - before
}
const script = (command: string) => `schema: drydock.pipeline
version: 1
name: shell
parameters:
  - { name: who, type: string, default: me }
  - { name: depth, type: integer, default: 1 }
steps:
  - id: one
    type: script
    parameters: { command: ${command}, code: [a.sh], outputs: { r: Report } }
`
const plain = script('[sh, a.sh]')

it('a window starts programs after a person saw them, once for each version of them', async () => {
  const page = connect()
  answer = false
  expect(await ended(page.pipelines.run({ yaml: plain }))).toBe('CANCELLED')
  expect((await page.pipelines.runs({})).total).toBe(0)
  expect(existsSync(kept)).toBe(false)
  expect(describePrograms(asked[0])).toBe('one: sh a.sh (with a.sh)')
  answer = true
  expect(await questions(async () => expect(await ended(page.pipelines.run({ yaml: plain }))).toBe('started'))).toBe(1)
  expect(await questions(() => page.pipelines.run({ name: 'shell' }))).toBe(0)
  expect(await questions(() => connect().pipelines.run({ yaml: `# as a comment\n${plain}` })), 'after a new start').toBe(0)
  writeFileSync(join(root, 'w', 'code', 'a.sh'), '# changed\necho "{}" > "$DRYDOCK_OUTPUT_R"\n')
  expect(await questions(() => page.pipelines.run({ name: 'shell' })), 'other code').toBe(1)
  expect(await questions(() => page.pipelines.run({ yaml: script('[sh, ./a.sh]') })), 'another command').toBe(1)
})

it('what a parameter puts into a command is seen too; a number cannot make another program of it', async () => {
  const page = connect()
  const yaml = script('[sh, -c, "${{ parameters.who }}", "${{ parameters.depth }}"]')
  const run = (parameters: Record<string, string | number>) => questions(() => page.pipelines.run({ yaml, parameters }))
  expect([await run({ who: 'true' }), await run({ who: 'true', depth: 7 }), await run({ who: 'rm -r /' })]).toEqual([1, 0, 1])
  expect(describePrograms(asked.at(-1)!)).toContain('rm -r /')
})

it('a pipeline that starts no program asks nothing, and neither does the own program of a person', async () => {
  const yaml = `schema: drydock.pipeline
version: 1
name: quiet
steps:
  - id: one
    type: source
    parameters: { dataset: t }
`
  expect(await questions(async () => expect(await ended(connect().pipelines.run({ yaml }))).toBe('started'))).toBe(0)
  expect(await questions(() => connect({ mayNamePaths: true }).pipelines.run({ yaml: script('[sh, -c, "true"]') }))).toBe(0)
})

it('a page cannot say itself what was seen, and without a shell nothing starts', async () => {
  const yaml = script('[sh, -c, "exit 3"]')
  const page = connect()
  const { digest } = await page.pipelines.programs({ yaml })
  expect(await questions(() => page.pipelines.run({ yaml, programs: digest }))).toBe(1)
  expect(await ended(connect({ shell: undefined }).pipelines.run({ yaml }))).toBe('CANCELLED')
  const other = connect({ mayNamePaths: true }).pipelines.run({ yaml, programs: 'a'.repeat(64) as Sha256 })
  expect(await ended(other), 'the digest holds the run to what was seen').toBe('CONFLICT')
})

it('a workspace is trusted from a window by the word of a person, and no longer trusted without one', async () => {
  const page = connect()
  const trust = (trusted: boolean) => page.workspace.setTrust({ directory: 'workspace:', trusted })
  expect(await trust(false)).toMatchObject({ restricted: true })
  const before = asked.length
  await expect(page.pipelines.run({ yaml: script('[sh, -c, "exit 4"]') })).rejects.toThrow(/restricted/i)
  expect(asked.length, 'nobody is asked about what may not run anyhow').toBe(before)
  answer = false
  await expect(trust(true)).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(app.workspace?.restricted).toBe(true)
  answer = true
  expect(await trust(true)).toMatchObject({ restricted: false })
})

it('the question hides nothing: no text moves what stands around it, and it says how much it leaves out', () => {
  const one = { stepId: 's', command: 'sh -c \u202e\u200b"x"\n', files: [] }
  const text = describePrograms({ pipeline: 'p', digest: Sha256.parse('a'.repeat(64)), programs: Array.from({ length: 14 }, () => one) })
  expect(text).not.toMatch(/[\u202e\u200b]/)
  expect(text.split('\n')).toHaveLength(13)
  expect(text).toContain('and 2 more')
})

it('starts no external scorer for a page, whatever it asks', async () => {
  const client = connect()
  const asking = { name: 'm', version: 1, path: join(root, 't.csv'), out: join(root, 's.csv'), runProgram: true }
  const scored = async (): Promise<void> => {
    for await (const _ of client.scoring.file(asking)) expect.fail('it scored')
  }
  await expect(scored()).rejects.toMatchObject({ code: 'POLICY_DENIED', message: expect.stringContaining('starts no external scorer') })
})
