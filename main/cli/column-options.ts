import { columnRoles, detectionLimits, importTypes, knownWhenValues } from '../model/choice-words'
import type { ColumnChoice } from '../model/dataset'
import { WorkbenchError } from '../model/errors'
import type { Given } from './command'

interface ColumnOption {
  readonly name: string
  readonly placeholder: string
  readonly description: string
  readonly values?: readonly string[]
  /** How values that are typed for convenience are meant. */
  readonly words?: Readonly<Record<string, string>>
  /** May be given more than once for a column. */
  readonly repeats?: true
  /** The value may be the empty text. */
  readonly empty?: true
  decide(values: readonly string[]): Partial<ColumnChoice>
  /** The values that come to this choice; undefined where it says nothing here. */
  said(choice: ColumnChoice): readonly string[] | undefined
}

const one = (value: string | null | undefined): readonly string[] | undefined =>
  value === undefined || value === null ? undefined : [value]

const decimalWords = { point: '.', comma: ',' }

/** Options that say something about one column, as `--type age=integer`. */
export const columnOptions: readonly ColumnOption[] = [
  {
    name: 'type',
    placeholder: 'type',
    description: importTypes.join(', '),
    values: importTypes,
    decide: ([type]) => ({ type: type as ColumnChoice['type'] }),
    said: ({ type }) => one(type)
  },
  {
    name: 'format',
    placeholder: 'format',
    description: 'how its dates are written, such as %d.%m.%Y; once more for a second way',
    repeats: true,
    decide: ([dateFormat, ...otherDateFormats]) => ({ dateFormat, ...(otherDateFormats.length > 0 && { otherDateFormats }) }),
    said: ({ dateFormat, otherDateFormats = [] }) => (dateFormat === undefined ? undefined : [dateFormat, ...otherDateFormats])
  },
  {
    name: 'role',
    placeholder: 'role',
    description: columnRoles.join(', '),
    values: columnRoles,
    decide: ([role]) => ({ role: role as ColumnChoice['role'] }),
    said: ({ role }) => one(role)
  },
  {
    name: 'known',
    placeholder: 'when',
    description: 'before, at or after the outcome',
    values: knownWhenValues,
    decide: ([when]) => ({ knownWhen: when as ColumnChoice['knownWhen'] }),
    said: ({ knownWhen }) => one(knownWhen)
  },
  { name: 'unit', placeholder: 'unit', description: 'such as kg', decide: ([unit]) => ({ unit }), said: ({ unit }) => one(unit) },
  {
    name: 'rename',
    placeholder: 'name',
    description: 'what it is called in the dataset',
    decide: ([name]) => ({ name }),
    said: ({ name }) => one(name)
  },
  {
    name: 'decimalIn',
    placeholder: 'sign',
    description: 'point or comma in this column',
    values: ['.', ','],
    words: decimalWords,
    decide: ([decimal]) => ({ decimal: decimal as ColumnChoice['decimal'] }),
    said: ({ decimal }) => one(decimal)
  },
  {
    name: 'nullIn',
    placeholder: 'text',
    description: 'a text that means "no value" in this column, in place of those of the file; may be empty',
    repeats: true,
    empty: true,
    decide: (nullTokens) => ({ nullTokens: [...nullTokens] }),
    said: ({ nullTokens }) => nullTokens
  },
  {
    name: 'alsoNullIn',
    placeholder: 'text',
    description: 'a text that means "no value" in this column besides those that do anyway, such as ?',
    repeats: true,
    decide: (moreNullTokens) => ({ moreNullTokens: [...moreNullTokens] }),
    said: ({ moreNullTokens }) => moreNullTokens
  },
  {
    name: 'strip',
    placeholder: 'text',
    description: 'a text around numbers that is left away, such as EUR, kg, %',
    repeats: true,
    decide: (strip) => ({ strip: [...strip] }),
    said: ({ strip }) => strip
  },
  {
    name: 'detectionLimit',
    placeholder: 'value',
    description: 'what <0.5 becomes: limit, or half of it; else it is missing',
    values: detectionLimits,
    decide: ([value]) => ({ detectionLimit: value as ColumnChoice['detectionLimit'] }),
    said: ({ detectionLimit }) => one(detectionLimit)
  }
]

/** What can be said of a column after its import too. */
export const metadataOptions: readonly ColumnOption[] = columnOptions.filter(({ name }) => ['role', 'known', 'unit'].includes(name))

/** Options that take the name of a column and nothing else. */
export const columnSwitches = [
  { name: 'trailingMinus', description: 'read 100.00- and (100.00) as -100.00', choice: { trailingMinus: true } },
  { name: 'drop', description: 'leave the column out', choice: { drop: true } }
] as const

/** The option as it stands on the command line: `nullIn` is `--null-in`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const given = (options: Given, name: string): readonly string[] => (options[name] as string[] | undefined) ?? []

/**
 * What `--type age=integer`, `--drop notes` and the like decide, laid over `before` (of an options file). The last `=` separates, so that
 * the name of a column may hold some. Throws INVALID_INPUT, which names the option.
 */
export function readColumnOptions(options: Given, before: readonly ColumnChoice[]): ColumnChoice[] {
  const choices = new Map(before.map((choice) => [choice.source, { ...choice }]))
  const choiceOf = (source: string): ColumnChoice => choices.get(source) ?? choices.set(source, { source }).get(source)!
  for (const option of columnOptions)
    for (const [column, values] of valuesByColumn(option, given(options, option.name)))
      Object.assign(choiceOf(column), option.decide(values))
  for (const { name, choice } of columnSwitches) for (const source of given(options, name)) Object.assign(choiceOf(source), choice)
  // A format belongs to a type: with the type found alone it would not be tried.
  for (const choice of choices.values())
    if (choice.dateFormat !== undefined) choice.type ??= /%[HIMSTX]/.test(choice.dateFormat) ? 'timestamp' : 'date'
  return [...choices.values()]
}

function valuesByColumn(option: ColumnOption, texts: readonly string[]): Map<string, string[]> {
  const byColumn = new Map<string, string[]>()
  for (const text of texts) {
    const { column, value } = splitColumn(option, text)
    const known = byColumn.get(column)
    if (known && !option.repeats)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `${flagOf(option.name)} was given more than once for the column "${column}". Nothing was changed. Give it once.`
      )
    if (known) known.push(value)
    else byColumn.set(column, [value])
  }
  return byColumn
}

function splitColumn({ name, placeholder, values, words, empty }: ColumnOption, text: string): { column: string; value: string } {
  const flag = flagOf(name)
  const at = text.lastIndexOf('=')
  const typed = text.slice(at + 1)
  if (at < 1 || (typed === '' && !empty))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${flag} takes COLUMN=${placeholder.toUpperCase()}, not "${text}". Nothing was changed. Quote the whole where the name of the column has blanks: ${flag} "a column=${values?.[0] ?? placeholder}".`
    )
  const value = words && Object.hasOwn(words, typed) ? words[typed] : typed
  if (values && !values.includes(value))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${flag} does not know "${typed}" (for the column "${text.slice(0, at)}"). Nothing was changed. Choose one of ${(words ? Object.keys(words) : values).join(', ')}.`,
      { details: { option: flag, value: typed } }
    )
  return { column: text.slice(0, at), value }
}

/** The options that name this column, as they stand on the command line. */
export const optionsNaming = (options: Given, column: string): string[] => [
  ...columnOptions
    .filter(({ name }) => given(options, name).some((text) => text.slice(0, text.lastIndexOf('=')) === column))
    .map(({ name }) => flagOf(name)),
  ...columnSwitches.filter(({ name }) => given(options, name).includes(column)).map(({ name }) => flagOf(name))
]
