import { basename, extname, resolve } from 'node:path'
import { encodings, quoteEscapes } from '../model/choice-words'
import {
  datasetNameSchema,
  type Dialect,
  type Encoding,
  type ImportChoices,
  type ImportOptions,
  type ImportPreview
} from '../model/dataset'
import { WorkbenchError } from '../model/errors'
import { didYouMean } from '../model/near-names'
import { fit } from '../model/schema-words'
import { columnOptions, columnSwitches, flagOf, optionsNaming, readColumnOptions } from './column-options'
import type { Given } from './command'
import { importFormats } from './import-options'
import { readOptionsFile } from './options-file'

const delimiterWords: Readonly<Record<string, string>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  '\\t': '\t',
  bar: '|',
  pipe: '|',
  space: ' '
}
const encodingWords: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  cp1252: 'windows-1252',
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'utf-16': 'utf-16le',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  'shift-jis': 'shift_jis',
  sjis: 'shift_jis',
  cp932: 'shift_jis',
  gbk: 'gb18030',
  cp949: 'euc-kr'
}

/** What was decided about `file`, and what its dataset is to be called. Throws INVALID_INPUT, which names the option. */
export function readImportOptions(given: Given, file: string): ImportOptions {
  const before = given.options === undefined ? {} : readOptionsFile(resolve(String(given.options)))
  const dialect = { ...before.dialect, ...readDialect(given) }
  const columns = readColumnOptions(given, before.columns ?? [])
  const format = given.as === undefined ? before.format : oneOf('--as', String(given.as), importFormats)
  const nullTokens = (given.null as string[] | undefined) ?? before.nullTokens
  return {
    name: nameOf(given, before.name, file),
    ...(format !== undefined && { format }),
    ...(Object.keys(dialect).length > 0 && { dialect }),
    ...(nullTokens !== undefined && { nullTokens }),
    ...(columns.length > 0 && { columns }),
    ...(before.metadata !== undefined && { metadata: before.metadata })
  }
}

function nameOf(given: Given, before: string | undefined, file: string): string {
  const name = given.name === undefined ? (before ?? basename(file, extname(file))) : String(given.name)
  const parsed = fit(datasetNameSchema, name)
  if (parsed.success) return parsed.data
  const [{ words }] = parsed.problems
  throw new WorkbenchError(
    'INVALID_INPUT',
    `"${name}" cannot be a dataset's name. ${words} Nothing was imported. Give another with --name.`
  )
}

function readDialect(given: Given): Partial<Dialect> {
  const dialect: Partial<Dialect> = {}
  if (given.delimiter !== undefined) dialect.delimiter = oneSign('--delimiter', String(given.delimiter), delimiterWords)
  if (given.quote !== undefined) dialect.quote = oneSign('--quote', String(given.quote), { none: '', '': '' })
  if (given.escape !== undefined) dialect.escape = oneOf('--escape', String(given.escape), quoteEscapes)
  if (given.encoding !== undefined) {
    const name = String(given.encoding).toLowerCase()
    dialect.encoding = oneOf('--encoding', encodingWords[name] ?? name, encodings)
  }
  if (given.decimal !== undefined) {
    const sign = { point: '.', comma: ',' }[String(given.decimal)] ?? String(given.decimal)
    if (sign !== '.' && sign !== ',') throw wrongValue('--decimal', String(given.decimal), 'point or comma')
    dialect.decimal = sign
  }
  if (given.header !== undefined) dialect.header = given.header === true
  if (given.skip !== undefined) {
    const lines = Number(given.skip)
    if (!/^\d+$/.test(String(given.skip)) || lines > 1_000) throw wrongValue('--skip', String(given.skip), 'a whole number from 0 to 1000')
    dialect.skipLines = lines
  }
  return dialect
}

const wrongValue = (option: string, value: string, takes: string): WorkbenchError =>
  new WorkbenchError('INVALID_INPUT', `${option} takes ${takes}, not "${value}". Nothing was imported. Correct it and try again.`, {
    details: { option, value }
  })

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value)
  if (found === undefined) throw wrongValue(option, value, known.join(', '))
  return found
}

function oneSign(option: string, text: string, words: Readonly<Record<string, string>>): string {
  const sign = Object.hasOwn(words, text) ? words[text] : text
  if (sign.length > 1 || (sign.length === 0 && !Object.hasOwn(words, text)))
    throw wrongValue(option, text, `one character or ${Object.keys(words).filter(Boolean).join(', ')}`)
  return sign
}

const dialectOptions = ['delimiter', 'quote', 'escape', 'encoding', 'decimal', 'header', 'skip'] as const
/** Those of the options that were given, as they stand on the command line. */
const flagsGiven = (given: Given, names: readonly string[]): string[] =>
  names.filter((name) => given[name] !== undefined).map((name) => (name === 'header' && !given.header ? '--no-header' : flagOf(name)))

/** The options given that say how a file is read. */
export const importOptionsGiven = (given: Given): string[] =>
  flagsGiven(given, ['as', ...dialectOptions, 'null', ...[...columnOptions, ...columnSwitches].map(({ name }) => name), 'options'])

/** Refuses to pass over an option that means nothing for this kind of file. */
export async function assertOptionsApply(
  given: Given,
  look: () => Promise<Pick<ImportPreview, 'dialect' | 'format' | 'fileName'>>
): Promise<void> {
  const [option] = flagsGiven(given, dialectOptions)
  if (option === undefined) return
  const { dialect, format, fileName } = await look()
  if (dialect !== null) return
  throw new WorkbenchError(
    'INVALID_INPUT',
    `${option} says how a text table is written, but "${fileName}" is ${format}, which says that itself. Nothing was imported. Leave ${option} out.`,
    { details: { option, format } }
  )
}

/** A column that the file does not have is a mistake in an option: that is named, with the columns there are. */
export async function namingOptions<T>(given: Given, choices: ImportChoices, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const details = error instanceof WorkbenchError ? error.details : undefined
    const column = details?.column
    if (typeof column !== 'string' || !Array.isArray(details?.columns)) throw error
    const [named] = optionsNaming(given, column)
    if (named === undefined && !choices.columns?.some(({ source }) => source === column)) throw error
    const there = details.columns as string[]
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${named ?? '--options'} names the column "${column}", which the file does not have. It has ${there
        .slice(0, 20)
        .map((name) => `"${name}"`)
        .join(
          ', '
        )}${there.length > 20 ? ` and more` : ''}.${didYouMean(column, there)} Nothing was imported. Correct the name (capital letters and blanks count), or the delimiter and the lines to skip if these are no columns.`,
      { details: { ...details, option: named ?? '--options' }, cause: error }
    )
  }
}
