import type { Command } from 'commander'
import { commands } from '../core/all-commands'
import { countOf } from '../model/count-of'
import type { DatasetDetail, MisfitPage } from '../model/dataset'
import { WorkbenchError } from '../model/errors'
import { didYouMean } from '../model/near-names'
import { printable } from '../model/plain-text'
import { flagOf, metadataOptions, readColumnOptions, type Given } from './column-options'
import type { AddCommand, CommandGroup } from './command'
import { many } from './import-options'
import { describeNotice, describeRules } from './say-import'
import { indented, listOf, tableLines, textTable } from './output'
import { wholeNumber } from './whole-number'
import { everyPage, inWorkspace } from './workspace-client'

const ofOne = (command: Command): Command =>
  command.argument('<dataset>', 'its name, or name@sha').requiredOption('-w, --workspace <dir>', 'the workspace')

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

/** `dataset list`, `dataset show` and `dataset misfits`. */
function addDatasetCommands(add: AddCommand): void {
  add(
    'dataset list',
    'list the datasets',
    (command) =>
      command
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--trashed', 'those in the trash')
        .addHelpText('after', '\nExample:\n  drydock dataset list -w lab --json'),
    (context, _positional, options) =>
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
  )
  add(
    'dataset show',
    'show the columns of a dataset, what was decided when it was imported, and what was noticed',
    (command) =>
      ofOne(command).addHelpText(
        'after',
        '\nExamples:\n  drydock dataset show -w lab results\n  drydock dataset show -w lab results@1f2e3d4c --json'
      ),
    (context, [reference], options) =>
      inWorkspace(context, options.workspace, async ({ datasets }) => {
        const detail = await datasets.get({ ref: reference })
        context.output.result(detail, describeDetail(detail))
      })
  )
  add(
    'dataset misfits',
    'list the cells that did not fit when a dataset was imported, and the rows that were left out: line, text and reason',
    (command) =>
      ofOne(command)
        .option('--column <name>', 'only those of this column')
        .option('--limit <n>', 'at most so many; else 100, with --json 10000')
        .addHelpText('after', '\nExample:\n  drydock dataset misfits -w lab results --column glucose --limit 20'),
    (context, [reference], options) =>
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
  )
}

function assertColumn({ name, version }: DatasetDetail, column: string | undefined, option = '--column'): void {
  const names = version.columns.map((each) => each.name)
  if (column === undefined || names.includes(column)) return
  throw new WorkbenchError(
    'INVALID_INPUT',
    `${option}: "${name}" has no column "${column}". It has ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' and more' : ''}.${didYouMean(column, names)} Correct the name.`
  )
}

/** Says what columns are after the import: as `import` takes it, for the newest or the named version. */
function addColumnsCommand(add: AddCommand): void {
  add(
    'dataset columns',
    'say what columns are: role, when known, unit; nothing that was made before changes',
    (command) => {
      ofOne(command)
      for (const { name, placeholder, description } of metadataOptions)
        command.addOption(many(`${flagOf(name)} <column=${placeholder}>`, description))
      return command.addHelpText(
        'after',
        '\nExample:\n  drydock dataset columns -w lab loans --role account=identifier --role fee=ignored --known fee=after --unit amount=EUR'
      )
    },
    (context, [reference], options) =>
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
  )
}

export const datasetCommands: CommandGroup = {
  place: 3,
  nouns: { dataset: 'look at the datasets of a workspace' },
  add(add) {
    addDatasetCommands(add)
    addColumnsCommand(add)
  }
}
