import { isDeepStrictEqual } from 'node:util'
import type { ColumnChoice, Dialect, ImportRule } from '../model/dataset'
import { columnOptions, columnSwitches, flagOf } from './column-options'

/** A word as a shell of any system takes it, as long as it holds no quotes of its own. */
const quoted = (text: string): string => (/^[\p{L}\p{N}_.,:%=/@+-]+$/u.test(text) ? text : `"${text.replace(/(["\\$`])/g, '\\$1')}"`)

const dialectFlags: readonly [keyof Dialect, (value: never) => string][] = [
  ['delimiter', (sign: string) => `--delimiter ${sign === '\t' ? 'tab' : quoted(sign)}`],
  ['quote', (sign: string) => `--quote ${sign === '' ? 'none' : quoted(sign)}`],
  ['escape', (how: string) => `--escape ${how}`],
  ['encoding', (name: string) => `--encoding ${name}`],
  ['decimal', (sign: string) => `--decimal ${sign === ',' ? 'comma' : 'point'}`],
  ['header', (header: boolean) => (header ? '--header' : '--no-header')],
  ['skipLines', (lines: number) => `--skip ${lines}`]
]

/** Undefined where the options would come to something else, such as no text at all to leave away. */
function sayColumn(choice: ColumnChoice): string[] | undefined {
  const flags: string[] = []
  const decided: ColumnChoice = { source: choice.source }
  for (const { name, said, decide, words } of columnOptions) {
    const values = said(choice) ?? []
    if (values.length > 0) Object.assign(decided, decide(values))
    for (const value of values) {
      const typed = Object.entries(words ?? {}).find(([, meant]) => meant === value)?.[0] ?? value
      flags.push(`${flagOf(name)} ${quoted(`${choice.source}=${typed}`)}`)
    }
  }
  for (const { name, choice: made } of columnSwitches) {
    if (!Object.entries(made).every(([key, value]) => choice[key as keyof ColumnChoice] === value)) continue
    Object.assign(decided, made)
    flags.push(`${flagOf(name)} ${quoted(choice.source)}`)
  }
  return isDeepStrictEqual(decided, choice) ? flags : undefined
}

/** The choice of a rule or an offer as options of `import`; one that no option says, as the content of an options file. */
export function sayChoice(choice: NonNullable<ImportRule['choice']>): string {
  const { dialect = {}, nullTokens, columns = [] } = choice
  const byColumn = columns.map(sayColumn)
  if (byColumn.includes(undefined) || nullTokens?.length === 0) return `--options FILE with ${JSON.stringify(choice)}`
  return [
    ...dialectFlags.flatMap(([key, say]) => (dialect[key] === undefined ? [] : [say(dialect[key] as never)])),
    ...(nullTokens ?? []).map((token) => `--null ${quoted(token)}`),
    ...byColumn.flat()
  ].join(' ')
}
