import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApplication, type Application } from '../core/application'
import { openDoor } from '../host/door'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'drydock-workspace-cli-'))
const directory = join(root, 'w')
const pipeline = join(root, 'short.yaml')

/** Runs one command line in this process for one of the people of this machine. */
async function drydock(user: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  process.env.DRYDOCK_USER_DIR = join(root, user)
  let [out, err] = ['', '']
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

beforeAll(async () => {
  writeFileSync(
    pipeline,
    `schema: drydock.pipeline\nversion: 1\nname: short\nsteps:\n  - id: work\n    type: script\n    parameters:\n      command: [sh, -c, "echo done > $DRYDOCK_OUTPUT_RESULT"]\n      outputs: { result: File }\n`
  )
  await drydock('maker', 'init', directory)
})
afterAll(() => {
  delete process.env.DRYDOCK_USER_DIR
  rmSync(root, { recursive: true, force: true })
})

describe('drydock workspace', () => {
  const shown = async (user: string): Promise<unknown> =>
    JSON.parse((await drydock(user, 'workspace', 'show', '-w', directory, '--json')).out)

  it('trust lets pipelines run for one person, distrust takes it back; what was made here is trusted', async () => {
    expect(await shown('maker')).toMatchObject({ name: 'w', restricted: false, unfinished: [] })
    expect(await shown('other')).toMatchObject({ restricted: true })
    const refused = await drydock('other', 'run', '-w', directory, pipeline)
    expect(refused).toMatchObject({ code: 3, out: '', err: expect.stringContaining(`drydock workspace trust -w ${directory}`) })
    expect((await drydock('other', 'runs', '-w', directory)).code).toBe(0)
    expect((await drydock('other', 'workspace', 'trust', '-w', directory)).code).toBe(0)
    expect((await drydock('other', 'run', '-w', directory, pipeline)).code).toBe(0)
    expect((await drydock('other', 'workspace', 'distrust', '-w', directory)).code).toBe(0)
    expect(await shown('other')).toMatchObject({ restricted: true })
    expect(JSON.parse((await drydock('other', 'run', '-w', directory, pipeline, '--json')).out)).toMatchObject({
      error: { code: 'RESTRICTED', details: { directory } }
    })
    expect(await shown('maker')).toMatchObject({ restricted: false })
  })

  /** The program of a window, which lets commands of the same person in. */
  async function openWindow(user: string, place: string, heedsTrust = true) {
    const app: Application = createApplication({
      userDirectory: join(root, user),
      heedsTrust,
      async whileOpen(opened) {
        const door = await openDoor(app, opened, () => undefined)
        return () => door.close()
      }
    })
    await app.openWorkspace(place)
    return app
  }

  it('trust and distrust are told to the window that has it open, which opens it anew', async () => {
    const app = await openWindow('guest', directory)
    expect(app.workspace).toMatchObject({ restricted: true })
    const trusted = await drydock('guest', 'workspace', 'trust', '-w', directory)
    expect(trusted).toMatchObject({
      code: 0,
      out: expect.stringContaining(`window that has it open (process ${process.pid}) opens it anew`)
    })
    await expect.poll(() => app.workspace?.restricted, { timeout: 20_000 }).toBe(false)
    // A second word about the same is no reason to open anything.
    expect((await drydock('guest', 'workspace', 'trust', '-w', directory)).out).not.toContain('anew now')
    const distrusted = await drydock('guest', 'workspace', 'distrust', '-w', directory)
    expect(distrusted.out).toContain('opens it anew now: what runs in it stops')
    await expect.poll(() => app.workspace?.restricted, { timeout: 20_000 }).toBe(true)
    await app.close()
    const command = await openWindow('guest', directory, false)
    expect((await drydock('guest', 'workspace', 'trust', '-w', directory)).out).toContain('goes on as it began until it ends')
    expect(command.workspace).toMatchObject({ restricted: true })
    await command.close()
  })

  it('distrust holds at once for a command that has it open: no new run starts through it', async () => {
    const holder = await openWindow('maker', directory, false)
    expect((await drydock('maker', 'run', '-w', directory, pipeline)).code).toBe(0)
    expect((await drydock('maker', 'workspace', 'distrust', '-w', directory)).out).toBe(
      `"w" in ${directory} is restricted from now on: no new run or step starts in it.\nIn runs of the command that has it open (process ${process.pid}) the steps that work now end, and the others wait until you trust it again; cancel the runs to end them now.\n`
    )
    expect(await drydock('maker', 'run', '-w', directory, pipeline)).toMatchObject({ code: 3, err: expect.stringContaining('restricted') })
    expect(await shown('maker')).toMatchObject({ restricted: true })
    expect(holder.workspace).toMatchObject({ restricted: true })
    await drydock('maker', 'workspace', 'trust', '-w', directory)
    expect((await drydock('maker', 'run', '-w', directory, pipeline)).code).toBe(0)
    await holder.close()
  })

  it('a command that comes in says what was found when the workspace was opened', async () => {
    const lost = join(root, 'lost')
    await drydock('maker', 'init', lost)
    const ledger = readFileSync(join(lost, 'ledger.sqlite'))
    await drydock('maker', 'person', 'add', 'Ada', '-w', lost)
    writeFileSync(join(lost, 'ledger.sqlite'), ledger)
    const app = await openWindow('maker', lost)
    const [warning] = app.workbench().warnings
    expect(warning).toBeDefined()
    expect((await drydock('maker', 'runs', '-w', lost)).err).toContain(`Warning: ${warning}`)
    await app.close()
  })
})
