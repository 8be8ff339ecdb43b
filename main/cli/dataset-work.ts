import { commands } from '../core/all-commands'
import { countOf } from '../model/count-of'
import type { DatasetDetail, MisfitPage } from '../model/dataset'
import { WorkbenchError } from '../model/errors'
import { didYouMean } from '../model/near-names'
import { printable } from '../model/plain-text'
import { readColumnOptions } from './column-options'
import type { CommandBody, Given } from './command'
import { describeNotice, describeRules } from './say-import'
import { indented, listOf, tableLines, textTable } from './output'
import { wholeNumber } from './whole-number'
import { everyPage, inWorkspace } from './workspace-client'

function describeDetail({ version, name, versionCount, description }: DatasetDetail): string[] {
  const { source } = version
  return [
    `${name}, version ${version.number} of ${versionCount}: ${countOf(version.rows, 'row')}, ${countOf(version.columns.length, 'column')}`,
    version.ref,
    ...(source ? [`from ${source.name}, sha256 ${source.sha256}`] : []),
    ...(description ? indented(description).split('\n') : []),
    '',
    ...tableLines(
      ['column', 'type', 'role', 'known', 'unit', 'description'],
      version.columns.map((column) => [column.name, column.type, column.role, column.knownWhen, column.unit, column.description])
    ),
    ...(version.notices.length > 0 ? ['', ...version.notices.map(describeNotice)] : []),
    ...describeRules(version.rules, version.offers)
  ]
}

function describeMisfits({ cells, rows, columns, rowsLost, losses, misfits, total }: MisfitPage): string[] {
  if (cells + rowsLost === 0) return ['Nothing: every cell fits, and no row was left out.']
  const reasons = losses.map(({ reason, count }) => `${reason} (${count})`).join('; ')
  return [
    ...(cells > 0 ? [`${countOf(cells, 'cell')} in ${countOf(rows, 'row')} did not fit and are missing; the rows are there:`] : []),
    ...columns.map(({ column, cells: count, reason }) => `  "${printable(column)}": ${count} ${reason}`),
    ...(rowsLost > 0 ? [`${countOf(rowsLost, 'row')} left out: ${reasons}`] : []),
    '',
    ...tableLines(
      ['line', 'row', 'column', 'became', 'reason', 'text'],
      misfits.map(({ what, line, row, column, reason, text }) => [
        line,
        row,
        column,
        what === 'cell' ? 'missing' : 'left out',
        reason,
        printable(text)
      ])
    ),
    ...(misfits.length < total ? [`The first ${misfits.length} of ${total} are shown; raise --limit for more.`] : [])
  ]
}

/** `dataset list`. */
export const listDatasets: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async ({ datasets }) => {
    const list = await datasets.list({ trashed: options.trashed === true })
    context.output.result(
      listOf(list),
      list.length === 0
        ? 'There are none. Import a file: drydock import -w DIR FILE'
        : textTable(
            ['dataset', 'versions', 'rows', 'columns', 'latest', 'sensitivity', 'updated'],
            list.map(({ name, versionCount, latest, sensitivity, updatedAt }) => [
              name,
              versionCount,
              latest.rows,
              latest.columnCount,
              latest.sha256.slice(0, 8),
              sensitivity,
              updatedAt
            ])
          )
    )
  })

/** `dataset show`. */
export const showDataset: CommandBody = (context, [reference], options) =>
  inWorkspace(context, options.workspace, async ({ datasets }) => {
    const detail = await datasets.get({ ref: reference })
    context.output.result(detail, describeDetail(detail))
  })

/** `dataset misfits`. */
export const listMisfits: CommandBody = (context, [reference], options) =>
  inWorkspace(context, options.workspace, async ({ datasets }) => {
    const limit = wholeNumber('--limit', options.limit ?? (context.output.json ? 10_000 : 100))
    const column = options.column === undefined ? undefined : String(options.column)
    assertColumn(await datasets.get({ ref: reference }), column)
    const {
      entries,
      misfits: _first,
      ...counts
    } = await everyPage(
      limit,
      1_000,
      (offset, most) => datasets.misfits({ ref: reference, column, offset, limit: most }),
      ({ misfits }) => misfits
    )
    context.output.result({ ...counts, items: entries }, describeMisfits({ ...counts, misfits: entries }))
  })

function assertColumn({ name, version }: DatasetDetail, column: string | undefined, option = '--column'): void {
  const names = version.columns.map((each) => each.name)
  if (column === undefined || names.includes(column)) return
  throw new WorkbenchError(
    'INVALID_INPUT',
    `${option}: "${name}" has no column "${column}". It has ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' and more' : ''}.${didYouMean(column, names)} Correct the name.`
  )
}

/** `dataset columns`. */
export const setColumns: CommandBody = (context, [reference], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const columns = readColumnOptions(options as Given, []).map(({ source: name, role, knownWhen, unit }) => ({
      name,
      ...(role !== undefined && { role }),
      ...(knownWhen !== undefined && { knownWhen }),
      ...(unit !== undefined && { unit })
    }))
    if (columns.length === 0)
      throw new WorkbenchError(
        'INVALID_INPUT',
        'Nothing is said of any column. Add --role, --known or --unit, such as --role account=identifier.'
      )
    const before = await workspace.datasets.get({ ref: reference })
    for (const { name } of columns) assertColumn(before, name, '--role, --known, --unit')
    const detail = await workspace.do(commands.datasets.setColumns, { ref: before.version.ref, columns })
    context.output.result(detail, describeDetail(detail))
  })
