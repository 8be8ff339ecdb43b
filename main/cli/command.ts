import type { Command } from 'commander'
import type { Application } from '../core/application'
import type { Workbench } from '../core/workbench'
import type { ExitCode, Output } from './output'

/** What a command is given: the program without a workspace, output, and a signal for Ctrl+C. */
export interface CommandContext {
  app: Application
  output: Output
  signal: AbortSignal
}
/** A command returns its exit code, or nothing for done. */
export type CommandBody<A extends unknown[]> = (context: CommandContext, ...parameters: A) => Promise<ExitCode | void>
/** Adds a plain verb (`import`) or a verb of a noun of the group (`dataset list`). */
export type AddCommand = (
  spec: string,
  description: string,
  configure: (command: Command) => Command,
  body: CommandBody<[positional: string[], options: Record<string, string | boolean | string[] | undefined>]>
) => void

/** Commands that belong together; the help lists the groups by their places. */
export interface CommandGroup {
  readonly place: number
  /** Nouns whose verbs follow them, with a line for the help. */
  readonly nouns?: Readonly<Record<string, string>>
  add(add: AddCommand): void
}

/** Opens the workspace of `-w`, runs the work, closes it. */
export async function withWorkspace<T>(
  context: CommandContext,
  directory: unknown,
  work: (workbench: Workbench) => Promise<T>
): Promise<T> {
  await context.app.openWorkspace(String(directory))
  try {
    for (const warning of context.app.workbench().warnings) context.output.note(`Warning: ${warning}`)
    return await work(context.app.workbench())
  } finally {
    await context.app.closeWorkspace()
  }
}
