import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programFile } from '../testing/programs'
import { waitingPipeline } from '../testing/waiting-pipeline'

const root = mkdtempSync(join(tmpdir(), 'drydock-attach-'))
const directory = join(root, 'w')

interface Started {
  child: ChildProcess
  said(): string
  ended: Promise<{ code: number | null; out: string; err: string }>
}

/** Starts one command line as a process of its own. */
const start = (...argv: string[]): Started => startWith({}, ...argv)
function startWith(env: Record<string, string>, ...argv: string[]): Started {
  const child = spawn(process.execPath, [programFile('cli'), ...argv], {
    env: { ...process.env, DRYDOCK_USER_DIR: join(root, 'user'), ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return { child, said: () => err, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) }
}
const drydock = (...argv: string[]) => start(...argv).ended
const json = async (...argv: string[]): Promise<Record<string, unknown>> => {
  const { out, err } = await drydock(...argv, '--json')
  return JSON.parse(out || err) as Record<string, unknown>
}

const waiting = (name: string) => waitingPipeline(root, directory, name)
async function begun(run: Started): Promise<void> {
  await expect.poll(run.said, { timeout: 60_000 }).toContain('work: running')
}

beforeAll(async () => {
  await drydock('init', directory)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('while one drydock has the workspace open', () => {
  it('others read, write, run and cancel through it; it waits for those that are still in', async () => {
    const [long, other, third] = [waiting('long'), waiting('other'), waiting('third')]
    const holder = start('run', '-w', directory, long.file)
    await begun(holder)
    const csv = join(root, 'tides.csv')
    writeFileSync(csv, 'a,b\n1,2\n3,4\n')
    const [shown, imported, attached] = [
      json('workspace', 'show', '-w', directory),
      json('import', '-w', directory, csv),
      start('run', '-w', directory, other.file)
    ]
    expect(await shown).toMatchObject({
      restricted: false,
      unfinished: expect.arrayContaining([expect.objectContaining({ pipeline: 'long' })])
    })
    expect(await imported).toMatchObject({ created: true })
    await begun(attached)
    expect(await json('sql', '-w', directory, 'SELECT sum(b)::INTEGER AS n FROM tides')).toMatchObject({ rows: [[6]] })
    // Ctrl+C of one that came in cancels its own run, no other.
    attached.child.kill('SIGINT')
    expect(await attached.ended).toMatchObject({ code: 130, out: expect.stringContaining('other: cancelled') })
    const stays = start('run', '-w', directory, third.file)
    await begun(stays)
    long.letEnd()
    await expect.poll(holder.said, { timeout: 60_000 }).toContain('works in this workspace through this one')
    third.letEnd()
    expect(await stays.ended).toMatchObject({ code: 0, out: expect.stringContaining('third: succeeded') })
    expect(await holder.ended).toMatchObject({ code: 0, out: expect.stringContaining('long: succeeded') })
  })

  it('people, the record and names that commands are done under go through it too, each command under its own', async () => {
    const long = waiting('crew')
    const holder = start('run', '-w', directory, long.file)
    await begun(holder)
    const key = { DRYDOCK_PASSPHRASE: 'low water springs' }
    expect(await json('person', 'add', 'Ada', '-w', directory)).toMatchObject({ name: 'Ada', roles: expect.arrayContaining(['approver']) })
    expect((await startWith(key, 'person', 'key', 'Ada', '-w', directory).ended).code).toBe(0)
    const act = (...argv: string[]) =>
      startWith({ DRYDOCK_AS_PASSPHRASE: 'low water springs' }, ...argv, '-w', directory, '--as', 'Ada').ended
    expect(await act('person', 'add', 'Ben', '--role', 'reviewer')).toMatchObject({ code: 0 })
    const wrong = startWith({ DRYDOCK_AS_PASSPHRASE: 'high water neaps' }, 'person', 'add', 'Eve', '-w', directory, '--as', 'Ada')
    expect(await wrong.ended).toMatchObject({ code: 3, err: expect.stringContaining('passphrase') })
    // What Ada proved for one command holds for no other.
    expect(await drydock('person', 'add', 'Eve', '--role', 'reviewer', '-w', directory)).toMatchObject({
      code: 3,
      err: expect.stringContaining('takes an approver (Ada)')
    })
    expect(await json('person', 'list', '-w', directory)).toMatchObject({ total: 2, items: [{ name: 'Ada' }, { name: 'Ben' }] })
    expect(await json('record', 'check', '-w', directory)).toMatchObject({ intact: true, bundles: [] })
    const { rows } = await json(
      'sql',
      '-w',
      directory,
      "SELECT person, subject LIKE 'person:%' AS about FROM ledger.events WHERE event = 'person.created' ORDER BY seq"
    )
    expect((rows as [string, boolean][]).map(([name]) => name)[1]).toBe('Ada')
    expect(await drydock('export', '-w', directory, 'tides@1', '--key', long.file, '--out', join(root, 'x.drydock'))).toMatchObject({
      code: 3,
      err: expect.stringContaining('There is no model "tides"')
    })
    long.letEnd()
    expect(await holder.ended).toMatchObject({ code: 0 })
  })

  it('nothing new starts in it once the workspace is distrusted, and what it has begun ends', async () => {
    const [long, late] = [waiting('begun'), waiting('late')]
    late.letEnd()
    const holder = start('run', '-w', directory, long.file)
    await begun(holder)
    expect((await drydock('workspace', 'distrust', '-w', directory)).out).toContain(
      `(process ${holder.child.pid}) the steps that work now end`
    )
    expect(await drydock('run', '-w', directory, late.file)).toMatchObject({ code: 3, out: '', err: expect.stringContaining('restricted') })
    long.letEnd()
    expect(await holder.ended).toMatchObject({ code: 0, out: expect.stringContaining('begun: succeeded') })
    await drydock('workspace', 'trust', '-w', directory)
    expect(await drydock('run', '-w', directory, late.file)).toMatchObject({ code: 0 })
  })

  it('steps of its run that had not begun stand once the workspace is distrusted, say why, and go on when it is trusted again', async () => {
    const run = waiting('steps')
    const after = `  - id: after\n    type: script\n    inputs: { before: work.result }\n    parameters:\n      command: [${JSON.stringify(process.execPath)}, -e, "fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, '2')"]\n      outputs: { result: File }\n`
    writeFileSync(run.file, run.text + after)
    const holder = start('run', '-w', directory, run.file)
    await begun(holder)
    expect((await drydock('workspace', 'distrust', '-w', directory)).out).toContain('the steps that work now end, and the others wait')
    run.letEnd()
    await expect.poll(holder.said, { timeout: 60_000 }).toContain('after: Not started: this workspace is not trusted any more')
    expect(holder.said()).toContain('work: succeeded')
    expect(holder.said()).not.toContain('after: running')
    const { items } = await json('job', 'list', '-w', directory)
    expect(items).toContainEqual(
      expect.objectContaining({ state: 'running', waitingFor: expect.stringContaining('Trust it again to go on, or cancel the run') })
    )
    await drydock('workspace', 'trust', '-w', directory)
    expect(await holder.ended).toMatchObject({ code: 0, out: expect.stringMatching(/^after +succeeded/m) })
  })

  it('its death by kill -9 ends what ran in it, and leaves nothing in the way of the next', async () => {
    const [long, other] = [waiting('doomed'), waiting('guest')]
    const holder = start('run', '-w', directory, long.file)
    await begun(holder)
    const guest = start('run', '-w', directory, other.file)
    await begun(guest)
    holder.child.kill('SIGKILL')
    expect(await guest.ended).toMatchObject({ code: 3, err: expect.stringContaining('Run the command again') })
    // The socket of the dead one still lies there.
    const left = await json('workspace', 'show', '-w', directory)
    expect(left.unfinished).toHaveLength(2)
    expect(await json('workspace', 'show', '-w', directory)).toMatchObject({ unfinished: left.unfinished })
    const short = waiting('short')
    short.letEnd()
    expect(await drydock('run', '-w', directory, short.file)).toMatchObject({ code: 0 })
    expect(await json('workspace', 'show', '-w', directory)).toMatchObject({ unfinished: [] })
  })

  it('several that start at once all get their answer', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, (_, n) => json('sql', '-w', directory, `SELECT ${n} AS n`)))
    expect(answers.map(({ rows }) => rows)).toEqual([[[0]], [[1]], [[2]], [[3]]])
  })
})
