import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'drydock-job-cli-'))
const directory = join(root, 'w')
const { DRYDOCK_USER_DIR } = process.env

interface Begun {
  said(): string
  ended: Promise<{ code: number; out: string; err: string }>
}
/** Begins one command line in this process. */
function begin(...argv: string[]): Begun {
  let [out, err] = ['', '']
  const done = runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { said: () => out + err, ended: done.then((code) => ({ code, out, err })) }
}
const drydock = (...argv: string[]) => begin(...argv).ended
const json = async (...argv: string[]) => JSON.parse((await drydock(...argv, '--json')).out) as Record<string, unknown>

/** A pipeline file of a step that writes two lines and ends when a file of its name is there, and one that ends at once. */
function waiting(name: string): { file: string; letEnd: () => void } {
  const [file, go] = [join(root, `${name}.yaml`), join(directory, `${name}.go`)]
  const code = `console.log('first ' + 'words'); setInterval(() => { if (!fs.existsSync(${JSON.stringify(go)})) return; fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, '1'); console.log('last ' + 'words'); process.exit() }, 20)`
  writeFileSync(
    file,
    `schema: drydock.pipeline
version: 1
name: ${name}
title: The ${name} one
steps:
  - id: work
    type: script
    cache: never
    parameters: { command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(code)}], outputs: { result: File } }
  - id: quick
    type: script
    parameters: { command: [sh, -c, "echo quick ''words; echo 1 > $DRYDOCK_OUTPUT_RESULT"], outputs: { result: File } }
`
  )
  return { file, letEnd: () => writeFileSync(go, '') }
}
async function begun(run: Begun): Promise<void> {
  await expect.poll(run.said, { timeout: 60_000 }).toMatch(/work: running[^]*quick: succeeded|quick: succeeded[^]*work: running/)
}

beforeAll(async () => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  await drydock('init', directory)
})
afterAll(() => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  rmSync(root, { recursive: true })
})

describe('drydock job, while another command runs a pipeline', () => {
  it('lists it, follows what it writes until it ends, and prints that again afterwards', async () => {
    expect((await drydock('job', 'list', '-w', directory)).out).toContain('Nothing runs or waits')
    const { file, letEnd } = waiting('long')
    const run = begin('run', '-w', directory, file)
    await begun(run)
    const list = await json('job', 'list', '-w', directory)
    expect(list).toMatchObject({ total: 1, items: [{ kind: 'pipeline-run', title: 'The long one', state: 'running', cancellable: true }] })
    const [{ id }] = list.items as { id: string }[]
    expect((await drydock('job', 'list', '-w', directory)).out).toMatch(
      new RegExp(`^${id.slice(0, 8)} +pipeline-run +The long one +running +50%`, 'm')
    )
    const whole = begin('job', 'logs', '-w', directory, id.slice(0, 8), '-f')
    const ofStep = begin('job', 'logs', '-w', directory, 'long', 'work', '-f')
    await expect.poll(() => whole.said() + ofStep.said(), { timeout: 30_000 }).toMatch(/work \| .*first words[^]*\n[^|]*first words/)
    // Without -f what is there is printed, and nobody waits.
    expect((await drydock('job', 'logs', '-w', directory, 'long', 'work')).out).not.toContain('last words')
    letEnd()
    const followed = await whole.ended
    expect([followed.code, followed.err]).toEqual([0, expect.stringContaining('The long one: succeeded')])
    expect(followed.out).toMatch(/quick \| .*quick words/)
    expect(followed.out).toMatch(/work \| .*first words[^]*work \| .*last words/)
    const one = await ofStep.ended
    expect([one.code, one.out.includes('|'), one.out.includes('quick')]).toEqual([0, false, false])
    expect(one.out).toMatch(/first words[^]*last words/)
    expect((await run.ended).code).toBe(0)
    expect(await json('job', 'logs', '-w', directory, 'The long one')).toMatchObject({
      job: { id, state: 'succeeded' },
      logs: [
        { step: 'work', attempt: 1, text: expect.stringMatching(/first words[^]*last words/) },
        { step: 'quick', attempt: 1, text: expect.stringContaining('quick words') }
      ]
    })
  })

  it('cancel ends it there, and says where there is nothing to end', async () => {
    const run = begin('run', '-w', directory, waiting('doomed').file)
    await begun(run)
    expect(await json('job', 'cancel', '-w', directory, 'doomed')).toMatchObject({ before: 'running', state: 'cancelled', cancelled: true })
    expect(await run.ended).toMatchObject({ code: 3, out: expect.stringContaining('The doomed one: cancelled') })
    const again = await drydock('job', 'cancel', '-w', directory, 'doomed')
    expect([again.code, again.out]).toEqual([1, expect.stringContaining('Nothing was ended: The doomed one: cancelled')])
    const wrong = await drydock('job', 'cancel', '-w', directory, 'domed')
    expect([wrong.code, wrong.err]).toEqual([3, expect.stringContaining('Did you mean "doomed"?')])
    const step = await drydock('job', 'logs', '-w', directory, 'doomed', 'wrok')
    expect([step.code, step.err]).toEqual([3, expect.stringContaining('It has: work, quick')])
    expect(await json('job', 'list', '-w', directory, '--all', '--limit', '1')).toMatchObject({
      total: 2,
      items: [{ title: 'The doomed one' }]
    })
  })

  it('of two that go by one name asks which', async () => {
    const { file, letEnd } = waiting('twice')
    const runs = [begin('run', '-w', directory, file)]
    await begun(runs[0]!)
    runs.push(begin('run', '-w', directory, file))
    await expect.poll(runs[1]!.said, { timeout: 60_000 }).toContain('work: running')
    const asked = await drydock('job', 'cancel', '-w', directory, 'twice')
    expect([asked.code, asked.err]).toEqual([3, expect.stringMatching(/may mean 2 jobs: [0-9a-f]{8} The twice one, running/)])
    letEnd()
    for (const run of runs) expect((await run.ended).code).toBe(0)
  })
})
