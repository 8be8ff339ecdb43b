import { Command, CommanderError } from 'commander'
import type { Application } from '../core/application'
import { hasMachineSettings } from '../core/machine-settings/settings-place'
import type { Door } from '../host/door'
import { WorkbenchError } from '../model/errors'
import { printableLines } from '../model/plain-text'
import { DRYDOCK_VERSION } from '../model/version'
import { endings, type AddCommand, type CommandContext, type Given } from './command'
import * as list from './command-list'
import { asHelpOption } from './asked-help'
import { offerPerson } from './offer-person'
import { createOutput, ENDED, EXIT, terminalOf, type ExitCode, type Terminal } from './output'

const closing = `
Every command takes --json: one JSON document on standard output, also for an error; a list is {"items": [...], "total": n}.
What JSON has no number for is "NaN", "Infinity" or "-Infinity". An integer beyond 2^53, and a decimal that no number is
exactly, are text as well: who reads JSON would round them.
Exit codes: 0 done, 1 what was checked does not hold, 2 wrong usage, 3 failed; of "verify" also 4 intact but rejected,
5 intact but insufficient for what was asked, or without any trust given; 130 ended by Ctrl+C, 143 by a request to end, 129
by the end of the terminal: what had finished is kept, and nothing that was started goes on.
A passphrase is asked for on the terminal or read from DRYDOCK_PASSPHRASE; it is never an argument, and neither is a secret.
That of the person of --as is read from DRYDOCK_AS_PASSPHRASE before.`

/** An option given twice is a mistake: which of two keys to trust must not depend on their order. */
function refuseRepeats(command: Command): void {
  const seen = new Set<string>()
  for (const option of command.options) {
    // An option that gathers its values says so by a parser of its own.
    if (option.variadic || !option.required || option.parseArg) continue
    option.argParser((value: string) => {
      if (seen.has(option.flags)) throw new WorkbenchError('INVALID_INPUT', `${option.flags} was given more than once. Give it once.`)
      seen.add(option.flags)
      return value
    })
  }
}

/** Shows what must be given in the first line of the help. */
function describeUsage(command: Command): void {
  const needed = command.options.filter((option) => option.mandatory)
  const shown = needed.map((option) => `${option.short ?? option.long} ${/<.*>/.exec(option.flags)?.[0] ?? ''}`)
  command.usage(
    [
      ...shown,
      '[options]',
      ...command.registeredArguments.map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`))
    ].join(' ')
  )
}

/** Settings that cannot be read end every command; they are read by code that a computer without any need not load. */
async function heedMachineSettings(): Promise<void> {
  if (hasMachineSettings()) (await import('../core/machine-settings')).readMachineSettings()
}

/** Runs one command line and returns its exit code, one of `EXIT` and `ENDED`. */
export async function runCli(
  argv: string[],
  io: { out(text: string): void; err(text: string): void; terminal?: Terminal } = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal: terminalOf()
  }
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done
  const json = argv.includes('--json')
  const output = createOutput(json, io.out, io.err, io.terminal)
  const program = new Command('drydock')
    .description('Offline workbench for machine learning that can be governed')
    .version(DRYDOCK_VERSION)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: json ? () => {} : (text) => io.err(printableLines(text)) })
    .showHelpAfterError('Run "drydock help COMMAND" for what a command takes.')
    .addHelpText('after', closing)
  const nouns = new Map<string, Command>()
  const add: AddCommand = (spec, description, configure, load) => {
    const [verb, noun] = spec.split(' ').reverse()
    const parent = noun === undefined ? program : nouns.get(noun)!
    const command = configure(parent.command(verb).description(description))
      .optionsGroup('Options:')
      .option('--json', 'print one JSON document')
    const acts = offerPerson(spec, command)
    refuseRepeats(command)
    describeUsage(command)
    command.exitOverride().action(async (...parameters: unknown[]) => {
      const options = parameters[command.registeredArguments.length] as Given
      const positional = parameters.slice(0, command.registeredArguments.length) as string[]
      const abort = new AbortController()
      let ending: keyof typeof ENDED | undefined
      const interrupt = (signal: NodeJS.Signals): void => {
        ending = signal as keyof typeof ENDED
        abort.abort()
      }
      for (const each of endings) process.once(each, interrupt)
      const log = (level: string, message: string): void => void (level === 'warn' && output.note(`drydock: ${message}`))
      const started: { app?: Application; door?: Door } = {}
      const context: CommandContext = {
        async app() {
          const { startApplication } = await import('./start-application')
          return (started.app ??= startApplication(log, (door) => (started.door = door)))
        },
        output,
        signal: abort.signal,
        as: acts ? (options.as as string | undefined) : undefined,
        door: () => started.door
      }
      try {
        await heedMachineSettings()
        const work = await load()
        exitCode = (await work(context, positional, options)) ?? EXIT.done
      } catch (error) {
        exitCode = output.error(error)
      } finally {
        for (const each of endings) process.off(each, interrupt)
        await started.app?.close()
        // What was done all the same before the signal could end it is done.
        if (ending && exitCode !== EXIT.done) exitCode = ENDED[ending]
      }
    })
  }
  for (const group of Object.values(list).sort((one, other) => one.place - other.place)) {
    for (const [noun, description] of Object.entries(group.nouns ?? {}))
      if (!nouns.has(noun)) nouns.set(noun, program.command(noun).description(description).exitOverride())
    group.add(add)
  }
  try {
    await program.parseAsync(asHelpOption(program, argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) return output.error(error)
    if (error.exitCode === 0) return EXIT.done
    if (json) output.error(describeMisuse(error))
    return EXIT.usage
  }
  return exitCode
}

function describeMisuse(error: CommanderError): WorkbenchError {
  const what = error.code === 'commander.help' ? 'no command was given' : error.message.replace(/^error: /, '').replace(/\.?\n.*$/s, '')
  const meant = /\n\(Did you mean (?:one of )?(.+?)\?\)/.exec(error.message)?.[1]
  return new WorkbenchError(
    'INVALID_INPUT',
    `${what[0].toUpperCase()}${what.slice(1)}.${meant === undefined ? '' : ` Did you mean ${meant}?`} Nothing was done. Run "drydock help" for the commands and what they take.`,
    { details: meant === undefined ? undefined : { suggestions: meant.split(', ') } }
  )
}
