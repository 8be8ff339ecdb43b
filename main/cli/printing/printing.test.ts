import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { runHelper } from './run-helper'
import { waysToStart } from './ways-to-start'
import { findWindowRuntime } from './window-runtime'

const root = mkdtempSync(join(tmpdir(), 'drydock-printing-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A program of the shell. */
function program(path: string, text = ''): string {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
  return file
}

describe('the window runtime', () => {
  it('is that of the installation, and none where the installation has none', () => {
    const executable = program('installed/drydock-app')
    const found = findWindowRuntime({ DRYDOCK_PROGRAM_DIR: join(root, 'installed') }, root)
    expect(found?.executable).toBe(executable)
    expect(found?.args).toEqual(process.getuid?.() === 0 ? ['--no-sandbox'] : [])
    expect(findWindowRuntime({ DRYDOCK_PROGRAM_DIR: join(root, 'empty') }, root)).toBeUndefined()
  })
  it('is in a checkout the one that its resolver finds, which can be required', () => {
    const checkout = join(root, 'checkout')
    mkdirSync(join(checkout, 'out', 'main'), { recursive: true })
    mkdirSync(join(checkout, 'scripts'))
    writeFileSync(join(checkout, 'out', 'main', 'index.js'), '')
    cpSync(join('scripts', 'electron-resolver.mjs'), join(checkout, 'scripts', 'electron-resolver.mjs'))
    const executable = program('given/electron')
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', dirname(executable))
    const found = findWindowRuntime({}, join(checkout, 'out', 'main'))
    vi.unstubAllEnvs()
    expect(found).toMatchObject({ executable, args: expect.arrayContaining([checkout]) })
  })
  it('is none beside a program that lies in no checkout', () => {
    expect(findWindowRuntime({}, root)).toBeUndefined()
  })
})

describe.runIf(process.platform === 'linux')('the ways to start it', () => {
  const runtime = { executable: '/opt/app', args: ['.'] }
  const job = ['--print-document=/j']
  it('are the display, then none, then one that nobody sees, as far as they are there', () => {
    const virtual = program('bin/xvfb-run')
    const env = { DISPLAY: ':7', PATH: `/nowhere:${dirname(virtual)}` }
    expect(
      waysToStart(runtime, job, { platform: 'linux', env }).map(({ command, args }) => [command, args.includes('--headless=new')])
    ).toEqual([
      ['/opt/app', false],
      ['/opt/app', true],
      ['xvfb-run', false]
    ])
    expect(waysToStart(runtime, job, { platform: 'linux', env: { PATH: '/nowhere' } })).toEqual([
      { command: '/opt/app', args: ['.', ...job, '--headless=new'] }
    ])
  })
  it('are one where every session has a display', () => {
    for (const platform of ['win32', 'darwin'] as const)
      expect(waysToStart(runtime, job, { platform, env: {} })).toEqual([{ command: '/opt/app', args: ['.', ...job] }])
  })
})

describe.skipIf(process.platform === 'win32')('a helper', () => {
  it('ends well or not, and one that is not there counts as the latter', async () => {
    expect(await runHelper({ command: program('good', 'exit 0'), args: [] })).toBe(true)
    expect(await runHelper({ command: program('bad', 'exit 3'), args: [] })).toBe(false)
    expect(await runHelper({ command: join(root, 'nobody'), args: [] })).toBe(false)
  })
  it('is ended with all that it started when it is cancelled, also what does not heed it', async () => {
    const note = join(root, 'pid')
    const command = program(
      'stubborn',
      `trap '' TERM\nsh -c 'trap "" TERM; echo $$ > "${note}.part"; mv "${note}.part" "${note}"; while :; do sleep 0.05; done' &\nwait`
    )
    const stop = new AbortController()
    const running = runHelper({ command, args: [] }, stop.signal)
    await vi.waitUntil(() => existsSync(note), { timeout: 60_000 })
    stop.abort()
    expect(await running).toBe(false)
    const pid = Number(readFileSync(note, 'utf8'))
    await vi.waitUntil(
      () => {
        try {
          // A zombie that nobody has waited for yet is ended all the same.
          process.kill(pid, 0)
          return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
        } catch {
          return true
        }
      },
      { timeout: 60_000 }
    )
  })
})
