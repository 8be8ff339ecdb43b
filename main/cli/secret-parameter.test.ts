import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineParameter } from '../model/pipeline'
import { programFile } from '../testing/programs'
import { runCli } from './program'
import { readRunParameters } from './run-parameters'

const root = mkdtempSync(join(tmpdir(), 'drydock-cli-secret-'))
const workspace = join(root, 'w')
const value = 'correct-horse-battery'
const file = join(root, 'token')
const yaml = join(root, 'fetch.yaml')

async function drydock(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = ''
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (out += text) })
  return { code, out }
}

beforeAll(async () => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  writeFileSync(file, `${value}\n`)
  // The program looks at every argument of every process, its own parents too, as anybody on this machine can.
  writeFileSync(
    yaml,
    `schema: drydock.pipeline
version: 1
name: fetch
parameters:
  - { name: token, type: secret }
  - { name: n, type: integer, default: 1 }
steps:
  - id: fetch
    type: script
    parameters:
      command: [sh, -c, 'echo "has $DRYDOCK_SECRET_TOKEN"; cat /proc/[0-9]*/cmdline | tr "\\0" " " > arguments; grep -c "$DRYDOCK_SECRET_TOKEN" arguments > $DRYDOCK_OUTPUT_O; true']
      secrets: [token]
      outputs: { o: File }
    cache: never
`
  )
  const made = await drydock('init', workspace)
  if (made.code !== 0) throw new Error(made.out)
})
afterAll(() => {
  delete process.env.DRYDOCK_USER_DIR
  rmSync(root, { recursive: true, force: true })
})

/** Every file of the workspace and of the user's folder that holds the secret. */
const holding = (path: string): string[] =>
  readdirSync(path).flatMap((name) => {
    const child = join(path, name)
    return statSync(child).isDirectory() ? holding(child) : readFileSync(child).includes(value) ? [child] : []
  })

describe('a secret of a run on the command line', () => {
  it('comes from a variable, a file or standard input, and stands in no argument, ledger, log, error or output', async () => {
    process.env.FETCH_TOKEN = value
    try {
      for (const source of ['env:FETCH_TOKEN', `file:${file}`]) {
        const { code, out } = await drydock('run', '-w', workspace, yaml, '--secret', `token=${source}`, '--json')
        const run = JSON.parse(out) as { parameters: object; steps: { outputs: { sha256: string }[] }[]; id: string }
        expect([code, run.parameters]).toEqual([0, { n: 1 }])
        const { sha256 } = run.steps[0].outputs[0]
        expect(readFileSync(join(workspace, 'objects', sha256.slice(0, 2), sha256.slice(2)), 'utf8')).toBe('0\n')
      }
    } finally {
      delete process.env.FETCH_TOKEN
    }
    expect([...holding(workspace), ...holding(join(root, 'user'))]).toEqual([])
  })

  it('goes through the standard input of the built program', async () => {
    const running = promisify(execFile)(process.execPath, [
      programFile('cli'),
      'run',
      '-w',
      workspace,
      yaml,
      '--secret',
      'token=-',
      '--json'
    ])
    running.child.stdin!.end(`${value}\r\n`)
    const { stdout } = await running
    expect(JSON.parse(stdout)).toMatchObject({ state: 'succeeded', parameters: { n: 1 } })
    expect(holding(workspace)).toEqual([])
  })

  it('is refused as a parameter with the next step, and so is a parameter as a secret; nothing has run and nothing is kept', async () => {
    const runs = async () => {
      const { out } = await drydock('sql', '-w', workspace, 'SELECT count(*) FROM ledger.pipeline_runs', '--json')
      return (JSON.parse(out) as { rows: unknown[][] }).rows
    }
    const before = await runs()
    expect(before).toEqual([[3]])
    for (const source of [yaml, 'fetch']) {
      const { code, out } = await drydock('run', '-w', workspace, source, '--param', `token=${value}`)
      expect(code).toBe(2)
      expect(out).toContain('"token" is a secret')
      expect(out).toContain('--secret token=env:VARIABLE, --secret token=file:PATH or --secret token=-')
      expect(out).not.toContain(value)
    }
    expect((await drydock('run', '-w', workspace, yaml, '--secret', 'n=env:HOME')).out).toContain('Give it by --param n=value')
    expect((await drydock('run', '-w', workspace, yaml)).out).toContain('--secret token=env:VARIABLE')
    expect(await runs()).toEqual(before)
    expect(holding(workspace)).toEqual([])
    expect((await drydock('run', '--help')).out).toContain('--secret <name=source...>')
  })
})

describe('reading secrets', () => {
  const declared: PipelineParameter[] = ['a', 'b'].map((name) => ({ name, type: 'secret' }))
  const read = (secrets: string[], stdin: Readable = new PassThrough()) =>
    readRunParameters({ params: [], secrets }, declared, { env: { A: ' two  words ', EMPTY: '' }, stdin })

  it('keeps every character but one line end of a file and of standard input', async () => {
    const several = join(root, 'several')
    writeFileSync(several, 'first\nsecond=\n\n')
    expect(await read(['a=env:A', `b=file:${several}`])).toEqual({ a: ' two  words ', b: 'first\nsecond=\n' })
    expect(
      await read(
        ['a=-'],
        Readable.from([Buffer.from('gr\u00f6').subarray(0, 3), Buffer.from('\u00f6').subarray(1), '\r\n'.slice(0)].map(Buffer.from))
      )
    ).toEqual({ a: 'gr\u00f6' })
  })

  it.each([
    [['a=swordfish'], /not clear where the secret "a" comes from/],
    [['a=env:EMPTY'], /variable "EMPTY" for the secret "a" is not set/],
    [['a=file:/no/such/file'], /no\/such\/file/],
    [['a=-', 'b=-'], /Standard input can hold one secret/],
    [['a=env:A', 'a=env:A'], /more than once/],
    [['=env:A'], /not a secret/],
    [['swordfish'], /What was given is not a secret. Write --secret name=env:VARIABLE/]
  ])('says what is wrong with %j', async (secrets, message) => {
    const error = await read(secrets).catch((problem: Error) => problem)
    expect(error).toMatchObject({ message: expect.stringMatching(message) })
    expect((error as Error).message).not.toContain('swordfish')
  })

  it('does not take what no program can be handed', async () => {
    await expect(read(['a=-'], Readable.from([Buffer.alloc(500_000, 'x')]))).rejects.toMatchObject({
      message: expect.stringContaining('longer than 100000')
    })
  })
})
