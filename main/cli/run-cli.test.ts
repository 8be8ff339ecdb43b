import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { progressLine } from './follow-run'
import { terminalOf } from './output'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'drydock-run-cli-'))
const directory = join(root, 'w')
const { DRYDOCK_USER_DIR } = process.env

async function drydock(argv: string[], { user = 'maker', columns }: { user?: string; columns?: number } = {}) {
  process.env.DRYDOCK_USER_DIR = join(root, user)
  let [out, err] = ['', '']
  const code = await runCli(argv, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    ...(columns !== undefined && { terminal: { columns: () => columns } })
  })
  return { code, out, err, json: argv.includes('--json') ? (JSON.parse(out) as Record<string, unknown>) : {} }
}
const text = (word: string): string => `schema: drydock.pipeline
version: 1
name: tides
title: High water
steps:
  - id: first
    type: script
    cache: never
    parameters: { command: [sh, -c, 'head -c 8 /dev/urandom | od -An -tx1 > $DRYDOCK_OUTPUT_O'], outputs: { o: File } }
  - id: second
    type: script
    inputs: { i: first.o }
    parameters: { command: [sh, -c, 'cat $DRYDOCK_INPUT_I > $DRYDOCK_OUTPUT_O; echo ${word}'], outputs: { o: File } }
`
const file = join(root, 'tides.yaml')

beforeAll(async () => {
  writeFileSync(file, text('one'))
  await drydock(['init', directory])
})
afterAll(() => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  rmSync(root, { recursive: true })
})

describe('drydock run', () => {
  it('--dry-run says what would run and runs nothing, also where the workspace is restricted', async () => {
    const { code, out, err } = await drydock(['run', '-w', directory, file, '--dry-run'], { user: 'other' })
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^High water: 2 steps of 2 would run\. Nothing was done\.\nstep +type +would +why\nfirst +script +run +Runs every time/
    )
    expect((await drydock(['run', '-w', directory, file], { user: 'other' })).err).toContain('restricted')
    expect((await drydock(['run', '-w', directory, file, '--dry-run', '--json'])).json).toMatchObject({
      dryRun: true,
      pipeline: 'tides',
      steps: [
        { stepId: 'first', action: 'run' },
        { stepId: 'second', action: 'depends', reason: 'Runs after "first", unless it makes what was there before.' }
      ]
    })
    expect((await drydock(['pipeline', 'list', '-w', directory, '--json'])).json.total).toBe(0)
    expect((await drydock(['job', 'list', '-w', directory, '--all', '--json'])).json.total).toBe(0)
  })

  it('ends with the absolute places of what was made, and shows how far it is where somebody looks', async () => {
    const watched = await drydock(['run', '-w', directory, file], { columns: 60 })
    expect(watched.code).toBe(0)
    const [, path] = /^second\.o \(File\): (\/.+)$/m.exec(watched.out)!
    expect([existsSync(path!), watched.out.includes('first.o')]).toEqual([true, false])
    expect(watched.out).toContain(`Workspace: ${directory};`)
    const bars = watched.err.split('\r\u001b[2K').filter((part) => part.startsWith('['))
    expect(bars.length).toBeGreaterThan(1)
    for (const bar of bars) expect(bar).toMatch(/^\[#{0,20}-{0,20}\] +\d+% {2}[012] of 2 steps/)
    expect(Math.max(...bars.map((bar) => bar.split('\n')[0]!.length))).toBeLessThan(60)
    // The last line is wiped, so that the shell goes on in an empty one.
    expect(watched.err).toMatch(/\r\u001b\[2K$/)
    const unwatched = await drydock(['run', '-w', directory, 'tides'])
    expect(unwatched.err).toBe('first: running\nfirst: succeeded\nsecond: running\nsecond: succeeded\n')
    const asJson = await drydock(['run', '-w', directory, 'tides', '--json'], { columns: 60 })
    expect([asJson.err, asJson.json.workspace]).toEqual(['', directory])
    expect(asJson.json.places).toMatchObject([
      { step: 'first' },
      { step: 'second', port: 'o', type: 'File', path: expect.stringContaining(directory) }
    ])
  })

  it('--from begins at a step, with what a named run made before it, and is refused where that cannot be', async () => {
    const [one, other] = [
      await drydock(['run', '-w', directory, 'tides', '--json']),
      await drydock(['run', '-w', directory, 'tides', '--json'])
    ]
    const refused = await drydock(['run', '-w', directory, 'tides', '--from', 'second'])
    expect([refused.code, refused.out, refused.err]).toEqual([
      3,
      '',
      expect.stringMatching(/cannot begin at "second".*name a run that made it with --reuse/)
    ])
    const id = String(one.json.id).slice(0, 8)
    const again = await drydock(['run', '-w', directory, 'tides', '--from', 'second', '--reuse', id, '--json'])
    const madeFirst = ({ json }: typeof one): unknown => (json.places as { path: string }[])[0]!.path
    expect([again.code, madeFirst(again)]).toEqual([0, madeFirst(one)])
    expect(madeFirst(one)).not.toBe(madeFirst(other))
    expect(again.json).toMatchObject({
      cachedSteps: 1,
      steps: [
        { stepId: 'first', cached: true },
        { stepId: 'second', cached: false }
      ]
    })
    expect((await drydock(['run', '-w', directory, 'tides', '--from', 'second', '--force'])).code).toBe(2)
    expect((await drydock(['run', '-w', directory, 'tides', '--reuse', id])).code).toBe(2)
  })

  it('says where the log of a failed step lies', async () => {
    const broken = join(root, 'broken.yaml')
    writeFileSync(broken, text('one; exit 3').replace('name: tides', 'name: broken'))
    const { code, out } = await drydock(['run', '-w', directory, broken])
    const [, log] = /^Log of second: (\/.+\.log)$/m.exec(out)!
    expect([code, existsSync(log!)]).toEqual([3, true])
  })
})

describe('how far a run is', () => {
  it('counts steps that ended whole and those that run by what they say', () => {
    const step = (
      stepId: string,
      state: 'succeeded' | 'running' | 'waiting',
      fraction: number | null,
      message = '',
      etaSeconds: number | null = null
    ) => ({
      stepId,
      state,
      progress: { fraction, message, etaSeconds }
    })
    expect(
      progressLine([
        step('a', 'succeeded', 1),
        step('train', 'running', 0.5, 'round 12', 7.2),
        step('c', 'waiting', null),
        step('d', 'waiting', null)
      ])
    ).toBe('[#######-------------]  37%  1 of 4 steps  train: round 12, 8 s left')
    expect(progressLine([])).toBe('[--------------------]   0%  0 of 0 steps')
  })

  it('is drawn only on a terminal that can, outside of CI', () => {
    expect(terminalOf({ isTTY: true, columns: 90 }, {})?.columns()).toBe(90)
    expect(terminalOf({ isTTY: true }, { CI: 'false' })?.columns()).toBe(80)
    for (const [stream, env] of [
      [{ isTTY: false }, {}],
      [{}, {}],
      [{ isTTY: true }, { CI: 'true' }],
      [{ isTTY: true }, { TERM: 'dumb' }]
    ] as const)
      expect(terminalOf(stream, env)).toBeUndefined()
  })
})
