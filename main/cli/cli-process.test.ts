import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, closeSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { programFile } from '../testing/programs'

const root = mkdtempSync(join(tmpdir(), 'drydock-cli-process-'))
const userDirectory = join(root, 'user')
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

/** Runs the command line in a process of its own; `watch` sees what it has said so far. */
function start(argv: string[], options: { stdout?: number; watch?: (err: string, child: ReturnType<typeof spawn>) => void } = {}) {
  return new Promise<Ended>((resolve) => {
    const child = spawn(process.execPath, [programFile('cli'), ...argv], {
      env: { ...process.env, DRYDOCK_USER_DIR: userDirectory },
      stdio: ['ignore', options.stdout ?? 'pipe', 'pipe']
    })
    let [out, err] = ['', '']
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString()
      options.watch?.(err, child)
    })
    child.once('close', (code, signal) => resolve({ code, signal, out, err }))
  })
}

/** Processes that were started by a command of these tests: they all inherit its environment. */
const descendants = (): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`DRYDOCK_USER_DIR=${userDirectory}\0`)
    } catch {
      return false
    }
  })

describe.skipIf(!existsSync('/proc/self/environ'))('drydock as a process', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143]
  ] as const)('%s in mid-job ends it with %i, leaves no process, and the job can go on', async (signal, code) => {
    const directory = join(root, signal)
    let sent = false
    const ended = await start(['sample', directory], {
      watch: (err, child) => {
        if (sent || !err.includes('features: running')) return
        sent = true
        child.kill(signal)
      }
    })
    expect(ended).toMatchObject({ code, signal: null, out: '' })
    expect(ended.err).toContain('ancelled')
    await expect.poll(descendants, { timeout: 60_000 }).toEqual([])
    expect(readdirSync(join(directory, 'tmp'))).toEqual([])
    const runs = await start(['sql', '-w', directory, 'SELECT count(*) AS n FROM strikes', '--json'])
    expect(runs).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(runs.out)).toMatchObject({ rows: [[10_000]] })
  })

  it('SIGTERM during a run leaves it cancelled and its programs gone, and run again it goes on where it was', async () => {
    const directory = join(root, 'run')
    await start(['init', directory])
    const [file, go] = [join(root, 'two.yaml'), join(directory, 'go')]
    const script = (id: string, from: string, code: string): string =>
      `  - id: ${id}\n    type: script\n${from}    parameters: { command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(code)}], outputs: { result: File } }\n`
    const write = "fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, '1')"
    const wait = `require('node:child_process').spawn('sleep', ['600'], { stdio: 'ignore', detached: true }); setInterval(() => { if (fs.existsSync(${JSON.stringify(go)})) { ${write}; process.exit() } }, 20)`
    writeFileSync(
      file,
      `schema: drydock.pipeline\nversion: 1\nname: two\nsteps:\n${script('first', '', write)}${script('second', '    inputs: { before: first.result }\n', wait)}`
    )
    let sent = false
    const ended = await start(['run', '-w', directory, file], {
      watch: (err, child) => {
        if (sent || !err.includes('second: running')) return
        sent = true
        child.kill('SIGTERM')
      }
    })
    expect(ended).toMatchObject({ code: 143, out: expect.stringContaining('two: cancelled') })
    expect(ended.out).toContain('run it again, and only the rest is done')
    await expect.poll(descendants, { timeout: 60_000 }).toEqual([])
    const left = await start(['job', 'list', '-w', directory, '--all', '--json'])
    expect(JSON.parse(left.out)).toMatchObject({ total: 1, items: [{ state: 'cancelled', title: 'two' }] })
    writeFileSync(go, '')
    const again = await start(['run', '-w', directory, 'two', '--json'])
    expect(again.code).toBe(0)
    expect(JSON.parse(again.out)).toMatchObject({
      steps: [
        { stepId: 'first', cached: true },
        { stepId: 'second', state: 'succeeded', cached: false }
      ]
    })
  })

  it('goes on when nobody reads its output any more', async () => {
    const directory = join(root, 'unread')
    const ended = await start(['init', directory, '--json'], { watch: () => {} })
    expect(ended.code).toBe(0)
    const child = spawn(
      'sh',
      ['-c', `{ "$0" "$@"; echo $? > "${join(root, 'code')}"; } 2>&1 | true`, process.execPath].concat([
        programFile('cli'),
        'sql',
        '-w',
        directory,
        'SELECT * FROM range(100000)',
        '--limit',
        '100000'
      ]),
      { env: { ...process.env, DRYDOCK_USER_DIR: userDirectory }, stdio: 'ignore' }
    )
    await new Promise((resolve) => child.once('close', resolve))
    await expect
      .poll(() => existsSync(join(root, 'code')) && readFileSync(join(root, 'code'), 'utf8').trim(), { timeout: 60_000 })
      .toBe('0')
  })

  it.skipIf(!existsSync('/dev/full'))('ends with 3 and says so when its result cannot be written', async () => {
    const full = openSync('/dev/full', 'w')
    const ended = await start(['init', join(root, 'full'), '--json'], { stdout: full })
    closeSync(full)
    expect(ended.code).toBe(3)
    expect(ended.err).toContain('could not be written')
  })

  it('asks for no passphrase where there is no terminal', async () => {
    const ended = await start(['keygen', '--out', join(root, 'k.pem'), '--public-out', join(root, 'k.pub.pem')])
    expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringContaining('DRYDOCK_PASSPHRASE') })
  })
})
