import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
})
