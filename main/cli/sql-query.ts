import type { CommandBody } from './command'
import { textTable } from './output'
import { wholeNumber } from './whole-number'
import { inWorkspace } from './workspace-client'

/** `sql`. */
export const querySql: CommandBody = (context, [text], options) =>
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
