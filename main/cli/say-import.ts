import { countOf } from '../model/count-of'
import type { Dialect, ImportPreview, ImportResult, ImportRule, MisfitCounts, MisfitPage, Notice } from '../model/dataset'
import { printable } from '../model/plain-text'
import { tableLines } from './output'
import { sayChoice } from './say-choice'

/** An import for programs: besides the version what changed cells on the way in, what did not fit, and what was lost, at the top. */
export const importDocument = (result: ImportResult, { misfits }: MisfitPage) => ({
  ...result,
  rules: result.version.rules ?? [],
  offers: result.version.offers ?? [],
  misfits: { ...(result.version.misfits ?? { cells: 0, rows: 0, columns: [] }), examples: misfits },
  rowsLost: result.version.badRows
})

export const describeNotice = ({ severity, title, detail }: Notice): string => `${severity}: ${title}. ${detail}`

/** What an import did, for people. */
export function describeImport({ version, created }: ImportResult): string[] {
  return [
    `${created ? 'Imported' : 'Already there:'} ${version.ref}`,
    `${countOf(version.rows, 'row')}, ${countOf(version.columns.length, 'column')}${sayLosses(version.misfits, version.badRows)}`,
    ...version.notices.map(describeNotice),
    ...(version.badRows > 0 || (version.misfits?.cells ?? 0) > 0
      ? [`Each with its line and reason: drydock dataset misfits -w DIR ${version.ref.slice('dataset:'.length).split('@')[0]}`]
      : []),
    ...describeRules(version.rules, version.offers)
  ]
}

function sayLosses(misfits: MisfitCounts | undefined, rowsLost: number): string {
  const cells =
    misfits && misfits.cells > 0 ? `; ${countOf(misfits.cells, 'cell')} that did not fit, in ${countOf(misfits.rows, 'row')}` : ''
  return `${cells}${rowsLost > 0 ? `; ${countOf(rowsLost, 'row')} left out` : ''}`
}

/** What changed cells and what could be read too, each with examples and the options that undo or take it. */
export const describeRules = (rules: readonly ImportRule[] = [], offers: readonly ImportRule[] = []): string[] => [
  ...(rules.length > 0
    ? ['', 'Read as something else than it stands in the file:', ...rules.flatMap((rule) => describeRule(rule, 'undo'))]
    : []),
  ...(offers.length > 0 ? ['', 'Could be read too:', ...offers.flatMap((rule) => describeRule(rule, 'take'))] : [])
]

function describeRule({ column, cells, detail, examples, choice }: ImportRule, verb: string): string[] {
  const shown = examples
    .slice(0, 3)
    .map(({ line, from, to }) => `line ${line}: ${printable(from)} -> ${to === null ? 'missing' : printable(to)}`)
  return [
    `  ${column === null ? '' : `"${printable(column)}", `}${countOf(cells, 'cell')}: ${detail}`,
    ...(shown.length > 0 ? [`    ${shown.join('; ')}`] : []),
    ...(choice === null ? [] : [`    ${verb}: ${sayChoice(choice)}`])
  ]
}

const sign = (character: string): string => ({ '\t': 'tab', ' ': 'space', '': 'none' })[character] ?? character

const describeDialect = ({ delimiter, quote, encoding, decimal, header, skipLines }: Dialect): string =>
  `Read with delimiter ${sign(delimiter)}, quote ${sign(quote)}, encoding ${encoding}, decimal sign ${decimal}, ${header ? 'names in the first row' : 'no names in the first row'}, ${countOf(skipLines, 'line')} skipped`

/** What an import would do, for people: how the file is read, its columns, what was noticed. */
export function describePreview(preview: ImportPreview): string[] {
  return [
    `${preview.fileName}: ${preview.format}, ${preview.complete ? '' : 'about '}${countOf(preview.rowEstimate, 'row')}, ${countOf(preview.columns.length, 'column')}. Nothing was imported.`,
    ...(preview.dialect ? [describeDialect(preview.dialect)] : []),
    '',
    ...tableLines(
      ['column', 'type', 'role', 'known', 'missing', 'do not fit', 'examples'],
      preview.columns.map((column) => [
        column.name === column.source ? column.name : `${column.source} as ${column.name}`,
        column.importType ?? column.type,
        column.role,
        column.knownWhen,
        column.missing,
        column.unparsed,
        column.examples.slice(0, 3).join(' | ')
      ])
    ),
    ...(preview.problems.length > 0 ? ['', ...preview.problems.map(describeNotice)] : []),
    ...describeRules(preview.rules, preview.offers)
  ]
}
