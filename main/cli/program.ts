import { Command, CommanderError } from 'commander'
import { createApplication, defaultUserDirectory, type Application } from '../core/application'
import type { Workbench } from '../core/workbench'
import { DRYDOCK_VERSION } from '../model/version'
import { addBundleCommands } from './bundle-commands'
import { addDataCommands } from './data-commands'
import { createOutput, EXIT, type ExitCode, type Output } from './output'
import { addRunCommands } from './run-commands'
import { addWorkspaceCommands } from './workspace-commands'

/** What a command is given: the program without a workspace, output, and a signal for Ctrl+C. */
export interface CommandContext {
  app: Application
  output: Output
  signal: AbortSignal
}
/** A command returns its exit code, or nothing for done. */
export type CommandBody<A extends unknown[]> = (context: CommandContext, ...parameters: A) => Promise<ExitCode | void>
export type AddCommand = (
  spec: string,
  description: string,
  configure: (command: Command) => Command,
  body: CommandBody<[positional: string[], options: Record<string, string | boolean | string[] | undefined>]>
) => void

/** Opens the workspace of `-w`, runs the work, closes it. */
export async function withWorkspace<T>(
  context: CommandContext,
  directory: unknown,
  work: (workbench: Workbench) => Promise<T>
): Promise<T> {
  await context.app.openWorkspace(String(directory))
  try {
    return await work(context.app.workbench())
  } finally {
    await context.app.closeWorkspace()
  }
}

/** Runs one command line and returns its exit code: 0 done, 1 does not hold, 2 wrong usage, 3 failed. */
export async function runCli(
  argv: string[],
  io: { out(text: string): void; err(text: string): void } = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text)
  }
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done
  const program = new Command('drydock')
    .description('Offline workbench for machine learning that can be governed')
    .version(DRYDOCK_VERSION)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('Run "drydock help COMMAND" for what a command takes.')
  const add: AddCommand = (spec, description, configure, body) => {
    const command = configure(program.command(spec).description(description).option('--json', 'print one JSON document'))
    command.exitOverride().action(async (...parameters: unknown[]) => {
      const options = parameters[command.registeredArguments.length] as Record<string, string | boolean | string[] | undefined>
      const positional = parameters.slice(0, command.registeredArguments.length) as string[]
      const output = createOutput(options.json === true, io.out, io.err)
      const abort = new AbortController()
      const interrupt = (): void => abort.abort()
      process.once('SIGINT', interrupt)
      let app: Application | undefined
      try {
        app = createApplication({ userDirectory: defaultUserDirectory(), unfinishedRuns: 'mark' })
        exitCode = (await body({ app, output, signal: abort.signal }, positional, options)) ?? EXIT.done
      } catch (error) {
        exitCode = output.error(error)
      } finally {
        process.off('SIGINT', interrupt)
        await app?.close()
      }
    })
  }
  addWorkspaceCommands(add)
  addDataCommands(add)
  addRunCommands(add)
  addBundleCommands(add)
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.done : EXIT.usage
  }
  if (argv.length === 0) io.out(program.helpInformation())
  return exitCode
}
