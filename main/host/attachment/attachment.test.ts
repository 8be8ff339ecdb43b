import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../../preload/contract'
import { createClient, createMemoryTransport, type Server } from '../../../preload/wire'
import { createChosenPlaces } from '../../app/chosen-places'
import { commands } from '../../core/all-commands'
import { createApplication, type Application } from '../../core/application'
import type { StartedPrograms } from '../../model/commands/pipelines'
import { programFile } from '../../testing/programs'
import { waitingPipeline } from '../../testing/waiting-pipeline'
import { openDoor } from '../door'
import { serveContract } from '../serve-contract'
import { createAttachment, windowHandlers, type Attachment } from '.'

const root = mkdtempSync(join(tmpdir(), 'drydock-window-'))
const user = join(root, 'user')
const directory = join(root, 'w')
const open: { app: Application; attachment: Attachment; server: Server }[] = []
const asked: StartedPrograms[] = []

/** The command line, as a process of its own. */
function start(...argv: string[]): { child: ChildProcess; said(): string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [programFile('cli'), ...argv], {
    env: { ...process.env, DRYDOCK_USER_DIR: user },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return { child, said: () => said, ended: new Promise((resolve) => child.once('close', resolve)) }
}
async function holding(name: string) {
  const pipeline = waitingPipeline(root, directory, name)
  const holder = start('run', '-w', directory, pipeline.file)
  await expect.poll(holder.said, { timeout: 60_000 }).toContain('work: running')
  return { ...holder, letEnd: pipeline.letEnd }
}

/** A window and its host: what the page of it can say, and the program behind it. */
function openWindow({ mayStart = true } = {}) {
  const app = createApplication({
    userDirectory: user,
    heedsTrust: true,
    async whileOpen(place) {
      const door = await openDoor(app, place, () => undefined)
      return () => door.close()
    }
  })
  const attachment = createAttachment(app, () => undefined)
  const chosen = createChosenPlaces()
  const transport = createMemoryTransport()
  const server = serveContract(app, transport.server, {
    handlers: windowHandlers(app, attachment),
    validateOutputs: true,
    shell: {
      async take(token, use) {
        const taken = chosen.take(token, use)
        if ('refused' in taken) throw new Error(taken.refused)
        return { path: taken.path, settle: () => undefined }
      },
      mayStart: async (programs) => (asked.push(programs), mayStart),
      mayTrust: async () => true
    }
  })
  open.push({ app, attachment, server })
  const page = createClient(contract, transport.client)
  return { app, attachment, page, openFolder: (path: string) => page.workspace.open({ directory: chosen.give(path, 'folder') }) }
}
const holderOf = async ({ page }: ReturnType<typeof openWindow>) => (await page.workspace.status({})).holder?.pid

beforeAll(async () => {
  const made = start('init', directory)
  if ((await made.ended) !== 0) throw new Error(made.said())
})
afterAll(async () => {
  for (const { app, attachment, server } of open) {
    await server.close()
    await attachment.close()
    await app.close()
  }
  rmSync(root, { recursive: true, force: true })
})

describe('a window over a workspace that a command has open', () => {
  it('shows its runs as they go, works in it, and opens it itself when the command ends, which does not wait for the window', async () => {
    const cli = await holding('long')
    const window = openWindow()
    expect(await window.openFolder(directory)).toMatchObject({ directory, restricted: false })
    const { page, app } = window
    expect(await page.workspace.status({})).toMatchObject({ workspace: { directory }, holder: { pid: cli.child.pid } })
    expect(app.workspace).toBeNull()
    const [run] = (await page.pipelines.runs({ states: ['running'] })).runs
    expect(run).toMatchObject({ pipeline: 'long' })
    const states: string[] = []
    const watched = page.pipelines.watchRun({ runId: run!.id })
    const ended = (async () => {
      for await (const event of watched) states.push(JSON.stringify(event))
    })()
    let log = ''
    const followed = (async () => {
      for await (const { text } of page.pipelines.followLog({ runId: run!.id, stepId: 'work' })) log += text
    })()
    await expect.poll(() => log, { timeout: 20_000 }).toContain('at work')
    const heard: string[] = []
    const changes = page.system.changes({})
    void (async () => {
      for await (const { topics } of changes) heard.push(...topics)
    })().catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await page.people.create({ name: 'Ada' })
    await expect.poll(() => heard, { timeout: 20_000 }).toContain('people')
    cli.letEnd()
    expect(await cli.ended).toBe(0)
    await expect.poll(() => heard, { timeout: 20_000 }).toContain('*')
    expect(await holderOf(window)).toBeUndefined()
    expect(app.workspace).toMatchObject({ directory })
    expect((await page.people.list({})).map(({ name }) => name)).toEqual(['Ada'])
    await Promise.all([ended, followed])
    expect(states.join()).toContain('succeeded')
    expect(log.match(/at work/g), 'what was told is not told again').toHaveLength(1)
    expect(log).toContain('done')
    expect((await page.pipelines.getRun({ runId: run!.id })).state).toBe('succeeded')
    changes.cancel()
    await page.workspace.close({})
    expect(await page.workspace.status({})).toEqual({ workspace: null })
  })

  it('is no way for a page to name paths or to start what nobody has seen', async () => {
    const cli = await holding('held')
    const window = openWindow({ mayStart: false })
    await window.openFolder(directory)
    const { page } = window
    const secret = join(root, 'secret.csv')
    writeFileSync(secret, 'a\n1\n')
    await expect(page.datasets.previewImport({ path: secret })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(page.datasets.previewImport({ path: 'workspace:../secret.csv' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(
      (await page.datasets.previewImport({ path: 'workspace:held.go' }).catch((error: { code: string }) => error)) as object
    ).not.toMatchObject({ columns: expect.anything() })
    const before = asked.length
    await expect(page.pipelines.run({ name: 'held' })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(asked.slice(before).map(({ pipeline }) => pipeline)).toEqual(['held'])
    // What only programs of the person ask of each other is not there for a page.
    const raw = page as unknown as Record<string, Record<string, unknown>>
    expect([raw.keyFiles, raw.record, raw.holder]).toEqual([undefined, undefined, undefined])
    cli.child.kill('SIGKILL')
    await cli.ended
    // What was running when the holder died goes on here, as it does when a workspace is opened after that.
    await expect.poll(() => window.app.workspace?.directory, { timeout: 20_000 }).toBe(directory)
    expect((await page.pipelines.runs({ states: ['queued', 'running'] })).total).toBe(1)
    cli.letEnd()
    await expect.poll(async () => (await page.pipelines.runs({ states: ['queued', 'running'] })).total, { timeout: 60_000 }).toBe(0)
    await page.workspace.close({})
  })
})

describe('a window over a workspace that another window has open', () => {
  it('leaves restricted when the other does, and neither runs anything before', async () => {
    const copy = join(root, 'copy')
    cpSync(directory, copy, { recursive: true })
    const [first, second] = [openWindow(), openWindow()]
    expect(await first.openFolder(copy)).toMatchObject({ restricted: true })
    expect(await second.openFolder(copy)).toMatchObject({ restricted: true })
    expect(await holderOf(second)).toBe(process.pid)
    const { text } = waitingPipeline(root, copy, 'mine')
    const before = asked.length
    await expect(second.page.pipelines.run({ yaml: text })).rejects.toMatchObject({ code: 'RESTRICTED' })
    expect(asked.length).toBe(before)
    expect(await second.page.workspace.setTrust({ directory: 'workspace:', trusted: true })).toMatchObject({ restricted: false })
    await expect.poll(async () => (await first.page.workspace.status({})).workspace?.restricted, { timeout: 20_000 }).toBe(false)
    await expect.poll(async () => (await second.page.workspace.status({})).workspace?.restricted, { timeout: 20_000 }).toBe(false)
    await first.page.workspace.close({})
    await expect.poll(() => second.app.workspace?.directory, { timeout: 20_000 }).toBe(copy)
    await second.page.workspace.close({})
  })

  it('acts for its own person: the key that was opened there signs nothing for it', async () => {
    const [first, second] = [openWindow(), openWindow()]
    await first.openFolder(directory)
    const [ada] = await first.page.people.list({})
    await first.app.do(commands.people.createKey, { id: ada!.id, passphrase: 'low water springs' })
    expect((await first.page.people.list({}))[0]).toMatchObject({ current: true, unlocked: true })
    await second.openFolder(directory)
    expect((await second.page.people.list({}))[0]!.unlocked).toBeUndefined()
    await second.page.people.use({ id: ada!.id, passphrase: 'low water springs' })
    expect((await second.page.people.list({}))[0]!.unlocked).toBe(true)
    for (const { page } of [second, first]) await page.workspace.close({})
  })
})
