import { Option, type Command } from 'commander'
import { encodings, sourceFormats } from '../model/choice-words'
import { columnOptions, columnSwitches, flagOf } from './column-options'

/** What kinds of file can be imported. */
export const importFormats = sourceFormats.filter((format) => format !== 'derived')

/** An option that may be given many times and takes one value each time. */
export const many = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])

/** Adds what can be decided about a file before it is read: all that the window's import page offers. */
export function addImportOptions(command: Command): Command {
  command
    .optionsGroup('How the file is read (what is not said is found from the file):')
    .option('--as <format>', `${importFormats.join(', ')}; else the name of the person to do it as, who gives the passphrase of the key`)
    .option('--delimiter <sign>', 'a character, or comma, semicolon, tab, bar, space')
    .option('--quote <sign>', 'a character, or none')
    .option('--escape <how>', 'how a quote stands within quotes: double or backslash')
    .option('--encoding <name>', encodings.join(', '))
    .option('--decimal <sign>', 'point or comma')
    .option('--header', 'the first row holds the names')
    .option('--no-header', 'it does not')
    .option('--skip <lines>', 'lines above the table')
    .addOption(many('--null <text>', 'a text that means "no value"; the first one replaces the usual ones'))
    .optionsGroup('About one column, once for each (the last = separates):')
  for (const { name, placeholder, description } of columnOptions)
    command.addOption(many(`${flagOf(name)} <column=${placeholder}>`, description))
  for (const { name, description } of columnSwitches) command.addOption(many(`${flagOf(name)} <column>`, description))
  return command
    .optionsGroup('All of it in a file:')
    .option('--options <file>', 'JSON or YAML, as "choices" of "dataset show --json"; what is said besides comes first')
}
