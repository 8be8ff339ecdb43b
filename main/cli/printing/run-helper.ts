import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import type { Way } from './ways-to-start'

/** Milliseconds: longer than the helper gives itself, so that its own reason is heard first. */
const longestRun = 620_000
/** Milliseconds that a helper gets to end by itself. */
const grace = 2_000

/**
 * Runs a helper to its end; resolves to whether it ended well. When it takes too long, or `signal` says so, it is ended with all that it
 * started. A program that is not there counts as one that failed.
 */
export async function runHelper({ command, args }: Way, signal?: AbortSignal): Promise<boolean> {
  const child = spawn(command, args, {
    stdio: 'ignore',
    env: helperEnvironment(),
    detached: process.platform !== 'win32',
    windowsHide: true
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', resolve)
  })
  const end = (): void => void endTree(child, ended)
  const timer = setTimeout(end, longestRun)
  signal?.addEventListener('abort', end, { once: true })
  if (signal?.aborted) end()
  try {
    return (await ended) === 0
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    kill(child, 'SIGKILL')
  }
}

async function endTree(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  kill(child, 'SIGTERM')
  await Promise.race([ended, new Promise((done) => setTimeout(done, grace).unref())])
  kill(child, 'SIGKILL')
}

/** All that belongs to it: it is the first of a process group of its own. */
function kill({ pid }: ChildProcess, how: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true })
    return
  }
  try {
    process.kill(-pid, how)
  } catch {
    // Nothing of it is left.
  }
}

/** Without what would make of it something else than the app, and with letters beyond ASCII in file names. */
function helperEnvironment({ ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: __, ...env }: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const isUtf8 = /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '')
  return process.platform !== 'linux' || isUtf8 ? env : { ...env, [env.LC_ALL ? 'LC_ALL' : 'LC_CTYPE']: 'C.UTF-8' }
}
