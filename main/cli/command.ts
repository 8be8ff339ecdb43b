import type { Command } from 'commander'
import type { Application } from '../core/application'
import type { Door } from '../host/door'
import type { ExitCode, Output } from './output'

/** What a command is given: the program without a workspace, output, and a signal for Ctrl+C. */
export interface CommandContext {
  /** Started when it is first asked for: a command that only reads a file needs no folder of the user's own, and none of the workbench. */
  app(): Promise<Application>
  output: Output
  signal: AbortSignal
  /** The way in for other programs while this one has a workspace open. */
  door(): Door | undefined
  /** Whom `--as` names. */
  as?: string
}
/** What the parser of a command line gives: by name of the option. */
export type Given = Readonly<Record<string, string | boolean | string[] | undefined>>
/** What a command does. It returns its exit code, or nothing for done. */
export type CommandBody = (context: CommandContext, positional: string[], options: Given) => Promise<ExitCode | void>
/**
 * Adds a plain verb (`import`) or a verb of a noun of the group (`dataset list`). What the command does is in a file of its own, which
 * `load` imports when the command is called: every start of the program reads all that is said here, and nothing of what others need to work.
 */
export type AddCommand = (
  spec: string,
  description: string,
  configure: (command: Command) => Command,
  load: () => Promise<CommandBody>
) => void

/** Commands that belong together, with what can be typed; the help lists the groups by their places. */
export interface CommandGroup {
  readonly place: number
  /** Nouns whose verbs follow them, with a line for the help. */
  readonly nouns?: Readonly<Record<string, string>>
  add(add: AddCommand): void
}

/** Ctrl+C, a request to end, and a terminal that is closed cancel the work; what is under way is put in order first. */
export const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How long others are waited for without a word, milliseconds. */
const QUIET_MS = 1_000

/** Closes the workspace once the other programs that work in it through this one have ended, or somebody ends this one. */
export async function leaveWorkspace({ app, output, door }: CommandContext): Promise<void> {
  const way = door()
  if (way && way.callers() > 0) {
    const stop = new AbortController()
    const end = (): void => stop.abort()
    for (const ending of endings) process.once(ending, end)
    const word = setTimeout(
      () => output.note('Another drydock command works in this workspace through this one, which ends with it. Ctrl+C ends both.'),
      QUIET_MS
    )
    await way.empty(stop.signal)
    clearTimeout(word)
    for (const ending of endings) process.off(ending, end)
  }
  await (await app()).closeWorkspace()
}
