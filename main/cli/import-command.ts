import { resolve } from 'node:path'
import type { Command } from 'commander'
import { commands } from '../core/all-commands'
import type { Workbench } from '../core/workbench'
import { countOf } from '../model/count-of'
import type { ImportOptions, ImportPreview, ImportResult, Notice } from '../model/dataset'
import { withWorkspace, type AddCommand, type CommandContext } from './command'
import { addImportOptions, assertOptionsApply, namingOptions, readImportOptions } from './import-options'
import { textTable } from './output'

const examples = `
Examples:
  drydock import -w lab results.csv --preview
  drydock import -w lab results.csv --name results --type "sample id=text" --role outcome=target --drop notes
  drydock import -w lab umsatz.csv --delimiter semicolon --decimal comma --format Datum=%d.%m.%Y --encoding windows-1252
  drydock import -w lab export.txt --no-header --skip 2 --null "" --null -9
  drydock import -w lab march.csv --options february.yaml`

/** Progress at most twice a second, for people. */
export function progressNotes({ output }: CommandContext): (progress: { fraction: number | null; message: string }) => void {
  let shown = 0
  return ({ fraction, message }) => {
    if (Date.now() - shown < 500) return
    shown = Date.now()
    output.note(`${fraction === null ? '' : `[${Math.round(fraction * 100)}%] `}${message}`)
  }
}

/** Imports a file into the open workspace with what the options of the command line say about it. */
export async function importFile(
  context: CommandContext,
  workbench: Workbench,
  file: string,
  given: Record<string, string | boolean | string[] | undefined>,
  options: ImportOptions
): Promise<ImportResult> {
  const { name: _name, metadata: _metadata, ...choices } = options
  const path = resolve(file)
  return namingOptions(given, choices, async () => {
    await assertOptionsApply(given, () => workbench.datasets.previewImport(path, choices, { signal: context.signal }))
    return workbench.do(commands.datasets.import, { path, options }, { signal: context.signal, onProgress: progressNotes(context) })
  })
}

export const describeNotice = ({ severity, title, detail }: Notice): string => `${severity}: ${title}. ${detail}`

function describeImport({ version, created }: ImportResult): string {
  return [
    `${created ? 'Imported' : 'Already there:'} ${version.ref}`,
    `${countOf(version.rows, 'row')}, ${countOf(version.columns.length, 'column')}, ${countOf(version.badRows, 'row')} that could not be read`,
    ...version.notices.map(describeNotice)
  ].join('\n')
}

/** What an import would do, for people: how the file is read, its columns, what was noticed. */
function describePreview(preview: ImportPreview): string {
  const { dialect } = preview
  const sign = (character: string): string => (character === '\t' ? 'tab' : character === ' ' ? 'space' : character || 'none')
  return [
    `${preview.fileName}: ${preview.format}, ${preview.complete ? '' : 'about '}${countOf(preview.rowEstimate, 'row')}, ${countOf(preview.columns.length, 'column')}. Nothing was imported.`,
    ...(dialect
      ? [
          `Read with delimiter ${sign(dialect.delimiter)}, quote ${sign(dialect.quote)}, encoding ${dialect.encoding}, decimal sign ${dialect.decimal}, ${dialect.header ? 'names in the first row' : 'no names in the first row'}, ${countOf(dialect.skipLines, 'line')} skipped`
        ]
      : []),
    '',
    textTable(
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
    ...(preview.problems.length > 0 ? ['', ...preview.problems.map(describeNotice)] : [])
  ].join('\n')
}

/** The command `import`. */
export const addImportCommand = (add: AddCommand): void =>
  add(
    'import',
    'import a CSV, TSV, Parquet, JSON lines or Arrow file as a dataset version',
    (command: Command) =>
      addImportOptions(
        command
          .argument('<file>', 'the file')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--name <name>', 'name of the dataset; else the name of the file')
          .option('--preview', 'only show what the import would do')
      ).addHelpText('after', examples),
    (context, [file], given) =>
      withWorkspace(context, given.workspace, async (workbench) => {
        const options = readImportOptions(given, file)
        if (given.preview === true) {
          const { name: _name, metadata: _metadata, ...choices } = options
          const path = resolve(file)
          const preview = await namingOptions(given, choices, () =>
            workbench.datasets.previewImport(path, choices, { signal: context.signal })
          )
          await assertOptionsApply(given, async () => preview)
          context.output.result(preview, describePreview(preview))
          return
        }
        const result = await importFile(context, workbench, file, given, options)
        context.output.result(result, describeImport(result))
      })
  )
