import type { Command } from 'commander'
import { countOf } from '../model/count-of'
import type { BadRowReport, DatasetDetail } from '../model/dataset'
import { printable } from '../model/plain-text'
import { withWorkspace, type AddCommand } from './command'
import { describeNotice } from './import-command'
import { textTable } from './output'
import { wholeNumber } from './whole-number'

const ofOne = (command: Command): Command =>
  command.argument('<dataset>', 'its name, or name@sha').requiredOption('-w, --workspace <dir>', 'the workspace')

function describeDetail({ version, name, versionCount, description }: DatasetDetail): string {
  const { source } = version
  return [
    `${name}, version ${version.number} of ${versionCount}: ${countOf(version.rows, 'row')}, ${countOf(version.columns.length, 'column')}`,
    version.ref,
    ...(source ? [`from ${source.name}, sha256 ${source.sha256}`] : []),
    ...(description ? [description] : []),
    '',
    textTable(
      ['column', 'type', 'role', 'known', 'unit', 'description'],
      version.columns.map((column) => [column.name, column.type, column.role, column.knownWhen, column.unit, column.description])
    ),
    ...(version.notices.length > 0 ? ['', ...version.notices.map(describeNotice)] : [])
  ].join('\n')
}

function describeMisfits({ count, rows, reasons }: BadRowReport, limit: number): string {
  if (count === 0) return 'No rows were left out.'
  const shown = rows.slice(0, limit)
  return [
    `${countOf(count, 'row')} left out: ${reasons.map(({ reason, count: n }) => `${reason} (${n})`).join('; ')}`,
    '',
    textTable(
      ['line', 'column', 'reason', 'text'],
      shown.map(({ line, column, reason, raw }) => [line, column, reason, printable(raw)])
    ),
    ...(shown.length < count
      ? [`The first ${shown.length} of ${count} are shown${shown.length < rows.length ? '; raise --limit for more' : ''}.`]
      : [])
  ].join('\n')
}

/** `dataset list`, `dataset show` and `dataset misfits`. */
export function addDatasetCommands(add: AddCommand): void {
  add(
    'dataset list',
    'list the datasets',
    (command) =>
      command
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--trashed', 'those in the trash')
        .addHelpText('after', '\nExample:\n  drydock dataset list -w lab --json'),
    (context, _positional, options) =>
      withWorkspace(context, options.workspace, async ({ datasets }) => {
        const list = datasets.list({ trashed: options.trashed === true })
        context.output.result(
          list,
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
      withWorkspace(context, options.workspace, async ({ datasets }) => {
        const detail = datasets.get(reference)
        context.output.result(detail, describeDetail(detail))
      })
  )
  add(
    'dataset misfits',
    'list what did not fit when a dataset was imported, with line, column, text and reason',
    (command) =>
      ofOne(command)
        .option('--limit <n>', 'at most so many for people; --json has all that are kept', '100')
        .addHelpText('after', '\nExample:\n  drydock dataset misfits -w lab results --limit 20'),
    (context, [reference], options) =>
      withWorkspace(context, options.workspace, async ({ datasets }) => {
        const limit = wholeNumber('--limit', options.limit)
        const report = await datasets.badRows(reference)
        context.output.result(report, describeMisfits(report, limit))
      })
  )
}
