import { columnRoles, importTypes, knownWhenValues, type ColumnChoice } from '../model/dataset'
import { WorkbenchError } from '../model/errors'

interface ColumnOption {
  readonly name: string
  readonly key: keyof ColumnChoice
  readonly placeholder: string
  readonly description: string
  readonly values?: readonly string[]
}

/** Options that say something about one column and may be given once for each. */
export const columnOptions: readonly ColumnOption[] = [
  { name: 'type', key: 'type', placeholder: 'type', description: `${importTypes.join(', ')}`, values: importTypes },
  { name: 'format', key: 'dateFormat', placeholder: 'format', description: 'how its dates are written, such as %d.%m.%Y' },
  { name: 'role', key: 'role', placeholder: 'role', description: `${columnRoles.join(', ')}`, values: columnRoles },
  { name: 'known', key: 'knownWhen', placeholder: 'when', description: 'before, at or after the outcome', values: knownWhenValues },
  { name: 'unit', key: 'unit', placeholder: 'unit', description: 'such as kg' },
  { name: 'rename', key: 'name', placeholder: 'name', description: 'what the column is called in the dataset' }
]

const flagOf = ({ name }: ColumnOption): string => `--${name}`

/**
 * What `--type age=integer`, `--drop notes` and the like decide, laid over `before` (of an options file). The last `=` separates, so that
 * the name of a column may hold some. Throws INVALID_INPUT, which names the option.
 */
export function readColumnOptions(
  given: Readonly<Record<string, string | boolean | string[] | undefined>>,
  before: readonly ColumnChoice[]
): ColumnChoice[] {
  const choices = new Map(before.map((choice) => [choice.source, { ...choice }]))
  const choiceOf = (source: string): ColumnChoice => choices.get(source) ?? choices.set(source, { source }).get(source)!
  for (const option of columnOptions) {
    const seen = new Set<string>()
    for (const text of (given[option.name] as string[] | undefined) ?? []) {
      const { column, value } = splitColumn(option, text)
      if (seen.has(column))
        throw new WorkbenchError('INVALID_INPUT', `${flagOf(option)} was given more than once for the column "${column}". Give it once.`)
      seen.add(column)
      Object.assign(choiceOf(column), { [option.key]: value })
    }
  }
  for (const source of (given.drop as string[] | undefined) ?? []) choiceOf(source).drop = true
  // A format belongs to a type: with the type found alone it would not be tried.
  for (const choice of choices.values())
    if (choice.dateFormat !== undefined) choice.type ??= /%[HIMSTX]/.test(choice.dateFormat) ? 'timestamp' : 'date'
  return [...choices.values()]
}

function splitColumn(option: ColumnOption, text: string): { column: string; value: string } {
  const at = text.lastIndexOf('=')
  const value = text.slice(at + 1)
  if (at < 1 || value === '')
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${flagOf(option)} takes COLUMN=${option.placeholder.toUpperCase()}, not "${text}". Nothing was imported. Quote the whole where the name of the column has blanks: ${flagOf(option)} "a column=${option.values?.[0] ?? option.placeholder}".`
    )
  if (option.values && !option.values.includes(value))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${flagOf(option)} does not know "${value}" (for the column "${text.slice(0, at)}"). Nothing was imported. Choose one of ${option.values.join(', ')}.`,
      { details: { option: flagOf(option), value } }
    )
  return { column: text.slice(0, at), value }
}

/** The options that name this column, as they stand on the command line. */
export const optionsNaming = (given: Readonly<Record<string, string | boolean | string[] | undefined>>, column: string): string[] => [
  ...columnOptions
    .filter(({ name }) => ((given[name] as string[] | undefined) ?? []).some((text) => text.slice(0, text.lastIndexOf('=')) === column))
    .map(flagOf),
  ...(((given.drop as string[] | undefined) ?? []).includes(column) ? ['--drop'] : [])
]
