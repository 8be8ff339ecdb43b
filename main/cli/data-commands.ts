import { basename, extname, resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { WorkbenchError } from '../model/errors'
import { textTable } from './output'
import { withWorkspace, type AddCommand, type CommandGroup } from './command'

const addDataCommands = (add: AddCommand): void => {
  add(
    'import',
    'import a CSV, TSV, Parquet, JSON lines or Arrow file as a dataset version',
    (c) =>
      c
        .argument('<file>', 'the file')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--name <name>', 'name of the dataset'),
    (context, [file], options) =>
      withWorkspace(context, options.workspace, async (workbench) => {
        const path = resolve(file)
        const name = String(options.name ?? basename(path, extname(path)))
        let shown = 0
        const result = await workbench.do(
          commands.datasets.import,
          { path, options: { name } },
          {
            signal: context.signal,
            onProgress: ({ fraction, message }) => {
              if (Date.now() - shown < 500) return
              shown = Date.now()
              context.output.note(`${fraction === null ? '' : `[${Math.round(fraction * 100)}%] `}${message}`)
            }
          }
        )
        const { version } = result
        context.output.result(
          result,
          [
            `${result.created ? 'Imported' : 'Already there:'} ${version.ref}`,
            `${version.rows} rows, ${version.columns.length} columns, ${version.badRows} rows that could not be read`,
            ...version.notices.map((n) => `${n.severity}: ${n.title}. ${n.detail}`)
          ].join('\n')
        )
      })
  )
  add(
    'sql',
    'query datasets by name, and runs, metrics and models as ledger.runs, ledger.run_metrics, ledger.models',
    (c) =>
      c
        .argument('<query>', 'such as: SELECT count(*) FROM strikes')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--limit <n>', 'at most so many rows', '1000'),
    (context, [text], options) =>
      withWorkspace(context, options.workspace, async ({ datasets }) => {
        const limit = Number(options.limit)
        if (!Number.isInteger(limit) || limit < 1) throw new WorkbenchError('INVALID_INPUT', '--limit must be a whole number above 0.')
        const result = await datasets.sql(text, { limit, signal: context.signal })
        const rows = result.rows.map((row) =>
          row.map((cell) => (typeof cell === 'number' || cell === null ? cell : typeof cell === 'string' ? cell : JSON.stringify(cell)))
        )
        context.output.result(
          result,
          textTable(
            result.columns.map((column) => column.name),
            rows
          )
        )
        if (result.truncated) context.output.note(`Only the first ${limit} rows are shown; raise --limit for more.`)
      })
  )
  add(
    'profile',
    'write the quality report of a dataset',
    (c) =>
      c
        .argument('<dataset>', 'its name, or name@sha')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .requiredOption('--out <file>', 'FILE.html or FILE.json; an older file of that name is replaced'),
    (context, [reference], options) =>
      withWorkspace(context, options.workspace, async (workbench) => {
        const out = resolve(String(options.out))
        if (!/\.(html|json)$/i.test(out)) throw new WorkbenchError('INVALID_INPUT', `"${basename(out)}" must end in .html or .json.`)
        const detail = await workbench.do(commands.quality.run, { ref: reference }, { signal: context.signal })
        const format = /\.html$/i.test(out) ? 'html' : 'json'
        await workbench.do(commands.quality.save, { id: detail.id, path: out, format }, { signal: context.signal })
        const { counts } = detail
        context.output.result(
          detail,
          [
            `${detail.ref}: ${counts.error} errors, ${counts.warning} warnings, ${counts.info} notes`,
            ...detail.report.findings.map((f) => `${f.severity.padEnd(7)} ${f.title}`),
            `Report: ${out}`
          ].join('\n')
        )
      })
  )
}

export const dataCommands: CommandGroup = { place: 2, add: addDataCommands }
