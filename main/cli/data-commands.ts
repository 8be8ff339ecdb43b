import type { AddCommand, CommandGroup } from './command'
import { addImportCommand } from './import-command'
import { textTable } from './output'
import { addProfileCommand } from './profile-command'
import { wholeNumber } from './whole-number'
import { inWorkspace } from './workspace-client'

const addDataCommands = (add: AddCommand): void => {
  addImportCommand(add)
  add(
    'sql',
    'query datasets by name, and runs, metrics and models as ledger.runs, ledger.run_metrics, ledger.models',
    (c) =>
      c
        .argument('<query>', 'such as: SELECT count(*) FROM strikes')
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--limit <n>', 'at most so many rows', '1000'),
    (context, [text], options) =>
      inWorkspace(context, options.workspace, async ({ datasets }) => {
        const limit = wholeNumber('--limit', options.limit)
        const result = await datasets.sql({ text, limit }, { signal: context.signal })
        const rows = result.rows.map((row) =>
          row.map((cell) => (typeof cell === 'number' || cell === null ? cell : typeof cell === 'string' ? cell : JSON.stringify(cell)))
        )
        context.output.result(
          result,
          textTable(
            result.columns.map(({ name, unit }) => (unit === undefined ? name : `${name} (${unit})`)),
            rows
          )
        )
        if (result.truncated) context.output.note(`Only the first ${limit} rows are shown; raise --limit for more.`)
      })
  )
  addProfileCommand(add)
}

export const dataCommands: CommandGroup = { place: 2, add: addDataCommands }
