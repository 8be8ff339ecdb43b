import { existsSync, promises as fs } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import { confinedCommands, HELD, whyNot } from './confinement'
import { findProgram } from './program-file'
import { runCommand, type Ended, type Running } from './run-command'

export interface Program {
  command: readonly string[]
  cwd: string
  env: Record<string, string>
  hide: Running['hide']
  /** Absolute paths that the command names. */
  named: readonly string[]
  /** The folder that stays writable; `cwd` lies in it. */
  own: string
  /** `workspace` is the folder that is kept from it above all; `state` is told how it was held. */
  confinement: { wanted: boolean; isRequired: boolean; workspace: string; state(how: string): void }
  signal: AbortSignal
  log(lines: string): void
}

/**
 * Runs a program to its end, confined where that can be had; how it was held is said in either case. Its words go to the log,
 * without what `hide` takes out.
 * @throws WorkbenchError JOB_FAILED, CANCELLED
 */
export async function runProgram(program: Program): Promise<void> {
  const { command, cwd, env, hide, signal, log } = program
  const running: Running = { cwd, env, hide, signal, log }
  signal.throwIfAborted()
  const ended = (await runConfined(program, running)) ?? (await runCommand(command, running).catch(notStarted(command[0]!)))
  if (signal.aborted) throw new WorkbenchError('CANCELLED', 'The step was cancelled.')
  if (ended.code !== 0) throw endedBadly(command[0]!, ended)
}

/** Undefined when the command could not be confined: then nothing of it has run, and it may run without. Throws JOB_FAILED when it may not. */
async function runConfined(
  { command, named, own: place, confinement, signal, log }: Program,
  running: Running
): Promise<Ended | undefined> {
  const without = (why: string): undefined => {
    if (confinement.isRequired) throw notConfined(why)
    confinement.state(`none: ${why}`)
    log(`The program is not confined: ${why}.`)
  }
  if (!confinement.wanted) return without('DRYDOCK_CONFINEMENT switches it off')
  // A program that is not there is said so by the plain start.
  if (!(await isThere(command[0]!, running.cwd))) return undefined
  const root = join(place, 'root')
  await fs.mkdir(root, { recursive: true })
  const [workspace, own] = [await fs.realpath(confinement.workspace), await fs.realpath(place)]
  let words = ''
  for (const confined of await confinedCommands({ workspace, own, work: running.cwd, named, root }, command)) {
    let isHeld = false
    const held = (): void => {
      isHeld = true
      confinement.state(HELD)
    }
    const ended = await runCommand(confined, running, held).catch((error: Error): Ended => ({ code: 127, by: null, tail: [error.message] }))
    if (isHeld || signal.aborted) return ended
    words = ended.tail.join('\n')
  }
  return without(whyNot(words))
}

const isThere = async (program: string, cwd: string): Promise<boolean> =>
  !isAbsolute(program) && program.includes('/') ? existsSync(join(cwd, program)) : (await findProgram(program)) !== null

const notConfined = (why: string): WorkbenchError =>
  new WorkbenchError(
    'JOB_FAILED',
    `The step asks to run confined, and here that cannot be had: ${why}. Nothing of it was run. Run it on a computer that can, or take "confinement" out of the step.`
  )

const notStarted =
  (program: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new WorkbenchError(
      'JOB_FAILED',
      error.code === 'ENOENT'
        ? `The program "${program}" is not on this computer. Install it, or name another in the step's command.`
        : `"${program}" could not be started: ${error.message}.`,
      { cause: error }
    )
  }

function endedBadly(program: string, { code, by, tail }: Ended): WorkbenchError {
  const how = by ? `by signal ${by}` : `with exit code ${code}`
  const words = tail.length ? ` Its last words: ${tail.slice(-3).join(' / ').slice(0, 600)}` : ''
  return new WorkbenchError('JOB_FAILED', `"${program}" ended ${how}.${words} Look at the step's log.`, {
    details: { exitCode: code, signal: by }
  })
}
