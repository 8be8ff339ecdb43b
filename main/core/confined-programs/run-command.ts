import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { killTree, TOKEN_VARIABLE } from './process-tree'

export interface Running {
  cwd: string
  env: Record<string, string>
  signal: AbortSignal
  /** Gets whole lines of what it says. */
  log(lines: string): void
  /** Takes out of its words what must not be kept. */
  hide(text: string): string
}
export interface Ended {
  code: number | null
  by: NodeJS.Signals | null
  /** Last lines of its standard error. */
  tail: string[]
}

/**
 * Runs a command to its end, with its whole process tree. `onHeld` is called when it says something on its descriptor 3, which then
 * is there. Rejects with the system's error when it cannot be started.
 */
export function runCommand(command: readonly string[], { cwd, env, signal, log, hide }: Running, onHeld?: () => void): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const hasGroups = process.platform !== 'win32'
    const child = spawn(command[0], command.slice(1), {
      cwd,
      env,
      detached: hasGroups,
      stdio: ['ignore', 'pipe', 'pipe', onHeld ? 'pipe' : 'ignore'],
      windowsHide: true
    })
    const { stdout, stderr } = child
    if (onHeld) child.stdio[3]?.once('data', onHeld)
    const kill = (): void => {
      try {
        if (hasGroups && child.pid) process.kill(-child.pid, 'SIGKILL')
        else child.kill('SIGKILL')
      } catch {
        // It ended by itself in the meantime.
      }
    }
    signal.addEventListener('abort', kill, { once: true })
    let tail: string[] = []
    for (const stream of [stdout!, stderr!]) {
      let rest = ''
      stream.setEncoding('utf8').on('data', (text: string) => {
        const lines = hide(rest + text).split(/\r?\n/)
        rest = lines.pop()!.slice(-65_536)
        if (lines.length) log(lines.join('\n'))
        if (stream === stderr) tail = [...tail, ...lines].slice(-5)
      })
      stream.on('end', () => {
        if (rest) log(rest)
        if (rest && stream === stderr) tail.push(rest)
      })
    }
    child.once('error', (error) => {
      signal.removeEventListener('abort', kill)
      reject(error)
    })
    let swept: Promise<unknown> = Promise.resolve()
    child.once('exit', () => {
      // What the program left running must not go on writing to an output that is about to be taken in, nor hold its pipes open.
      swept = killTree(new Set([env[TOKEN_VARIABLE]]), child.pid)
      setTimeout(() => (stdout!.destroy(), stderr!.destroy()), 1000).unref()
    })
    child.once('close', (code, by) => {
      signal.removeEventListener('abort', kill)
      void swept.then(() => resolve({ ...endOf(code, by, onHeld !== undefined), tail }))
    })
  })
}

/** The shell in front of a confined program says by a code over 128 which signal ended it. */
function endOf(code: number | null, by: NodeJS.Signals | null, behindShell: boolean): Pick<Ended, 'code' | 'by'> {
  const name = behindShell && code !== null && Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0]
  return name ? { code: null, by: name as NodeJS.Signals } : { code, by }
}
