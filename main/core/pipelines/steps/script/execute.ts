import { spawn } from 'node:child_process'
import { WorkbenchError } from '../../../../model/errors'
import type { StepContext } from '../../define-step'
import { killTree, TOKEN_VARIABLE } from '../../process-tree'
import type { Parameters } from './definition'

/** Runs the command to its end, with its whole process tree; its words go to the log, without what `hide` takes out. Throws JOB_FAILED or CANCELLED. */
export function execute(
  { parameters: p, signal, log }: StepContext<Parameters>,
  cwd: string,
  env: Record<string, string>,
  hide: (text: string) => string
): Promise<void> {
  return new Promise((resolve, reject) => {
    const hasGroups = process.platform !== 'win32'
    const child = spawn(p.command[0], p.command.slice(1), {
      cwd,
      env,
      detached: hasGroups,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true
    })
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
    for (const [stream, isError] of [
      [child.stdout, false],
      [child.stderr, true]
    ] as const) {
      let rest = ''
      stream.setEncoding('utf8').on('data', (text: string) => {
        const lines = hide(rest + text).split(/\r?\n/)
        rest = lines.pop()!.slice(-65_536)
        if (lines.length) log(lines.join('\n'))
        if (isError) tail = [...tail, ...lines].slice(-5)
      })
      stream.on('end', () => {
        if (rest) log(rest)
        if (rest && isError) tail.push(rest)
      })
    }
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new WorkbenchError(
          'JOB_FAILED',
          error.code === 'ENOENT'
            ? `The program "${p.command[0]}" is not on this computer. Install it, or name another in the step's command.`
            : `"${p.command[0]}" could not be started: ${error.message}.`,
          { cause: error }
        )
      )
    )
    let swept: Promise<unknown> = Promise.resolve()
    child.once('exit', () => {
      // What the program left running must not go on writing to an output that is about to be taken in, nor hold its pipes open.
      swept = killTree(new Set([env[TOKEN_VARIABLE]]), child.pid)
      setTimeout(() => (child.stdout.destroy(), child.stderr.destroy()), 1000).unref()
    })
    child.once('close', (code, by) => {
      signal.removeEventListener('abort', kill)
      void swept.then(() => {
        if (signal.aborted) reject(new WorkbenchError('CANCELLED', 'The step was cancelled.'))
        else if (code === 0) resolve()
        else reject(endedBadly(p.command[0], code, by, tail))
      })
    })
  })
}

function endedBadly(program: string, code: number | null, by: NodeJS.Signals | null, tail: string[]): WorkbenchError {
  const how = by ? `by signal ${by}` : `with exit code ${code}`
  const words = tail.length ? ` Its last words: ${tail.slice(-3).join(' / ').slice(0, 600)}` : ''
  return new WorkbenchError('JOB_FAILED', `"${program}" ended ${how}.${words} Look at the step's log.`, {
    details: { exitCode: code, signal: by }
  })
}
