import { Command, type Option } from 'commander'
import * as groups from '../../main/cli/command-list'
import { offerPerson } from '../../main/cli/offer-person'
import { runCli } from '../../main/cli/program'
import { block, code, page, table } from './markdown'

/** A command of the command line: `dataset show`, and what it takes. */
export interface CommandEntry {
  spec: string
  description: string
  command: Command
}

/** Every noun and verb, in the order of the help. */
export function commandEntries(): CommandEntry[] {
  const entries: CommandEntry[] = []
  for (const group of Object.values(groups).sort((one, other) => one.place - other.place))
    group.add((spec, description, configure) => {
      const command = configure(new Command(spec.split(' ').at(-1)))
      offerPerson(spec, command)
      entries.push({ spec, description, command })
    })
  return entries
}

/** The help of a command as a person sees it. */
export async function helpOf(spec: string): Promise<string> {
  let text = ''
  await runCli([...spec.split(' ').filter(Boolean), '--help'], { out: (part) => (text += part), err: (part) => (text += part) })
  return text
}

const optionRow = (option: Option): string[] => [
  code(option.flags),
  option.mandatory ? 'yes' : '',
  option.defaultValue === undefined ? '' : code(String(option.defaultValue)),
  option.description
]

async function describeCommand({ spec, description, command }: CommandEntry): Promise<string> {
  const help = await helpOf(spec)
  const [usage = ''] = help.split('\n')
  const [, examples] = /^Examples?:\n([\s\S]+)$/m.exec(help) ?? []
  const given = command.registeredArguments.map((argument) => [code(argument.name()), argument.required ? 'yes' : '', argument.description])
  return [
    `## ${spec}`,
    `${description[0]!.toUpperCase()}${description.slice(1)}.`,
    block('', usage),
    given.length > 0 ? table(['argument', 'needed', 'meaning'], given) : '',
    table(
      ['option', 'needed', 'default', 'meaning'],
      [...command.options.map(optionRow), [code('--json'), '', '', 'print one JSON document']]
    ),
    examples ? block('', examples.replace(/^ {2}/gm, '')) : ''
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** Every command with what it takes, and what holds for all of them. */
export async function commandPage(): Promise<string> {
  const general = (await helpOf('')).split('\n')
  const closing = general.slice(general.findIndex((line) => line.startsWith('Every command takes --json')))
  return page('Command line', 'Every command of `drydock`, as its own help (`drydock NOUN VERB --help`) has it.', [
    block('', closing.join('\n').trim()),
    ...(await Promise.all(commandEntries().map(describeCommand)))
  ])
}
