import { WorkbenchError } from '../../../../model/errors'
import { didYouMean } from '../../../../model/near-names'
import type { RunOf, StepWork } from '../../define-step'
import { quoteText } from '../../../../model/sql-quoting'
import type { ChosenSplit, SplitRoles } from '../../column-roles/split-roles'
import { assignRows, countRows, partsOf, ROW, type Part, type SplitRequest } from './assignment'
import type { splitDefinition } from './definition'
import { proveSplit } from './proof'
import { loadSplitChecks, qualityOfSplit } from './quality'

export const prepare: StepWork['prepare'] = (database) => Promise.all([database(), loadSplitChecks()])

/** Divides the rows, proves the promises of the split and writes the parts. */
export async function run(context: RunOf<typeof splitDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { inputs, path, output, progress, log, signal } = context
  const p = askedOf(context.parameters, frozen)
  const db = await context.database()
  progress(0.05, 'Reading rows')
  await db.run(`CREATE TABLE source AS SELECT row_number() OVER () AS ${ROW}, * FROM read_arrow(${quoteText(inputs.table.path)})`, [], {
    signal
  })
  const columns = (await db.describe('SELECT * FROM source')).map((column) => column.name)
  for (const [role, name] of [
    ['column', p.column],
    ['stratify', p.stratify]
  ] as const)
    if (name !== undefined && !columns.includes(name))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The table has no column "${name}" (parameter "${role}"). It has: ${columns.slice(1, 40).join(', ')}.${didYouMean(name, columns.slice(1))}`,
        { details: { column: name } }
      )
  const total = await countRows(db, 'source')
  if (total < 2)
    throw new WorkbenchError('INVALID_INPUT', `The table has ${total} rows; a split needs at least two. Check the steps before it.`)
  progress(0.3, 'Dividing')
  const strata = await assignRows(db, p, total, signal)
  const report = await proveSplit(db, p, total, strata)
  for (const note of report.notes) log(note)
  const parts = partsOf(p)
  const files: Partial<Record<Part, string>> = {}
  for (const [index, part] of parts.entries()) {
    progress(0.5 + (0.5 * index) / parts.length, `Writing ${part}`)
    const file = path(`${part}.arrow`)
    files[part] = file
    const { rows } = await db.exportArrow(
      `SELECT s.* EXCLUDE (${ROW}) FROM source s JOIN assigned a ON a.${ROW} = s.${ROW} WHERE a.part = '${part}' ORDER BY s.${ROW}`,
      file,
      { signal }
    )
    output(part, file, { rows })
  }
  const splitRoles = frozen.splitRoles as SplitRoles | undefined
  const quality = await qualityOfSplit(db, inputs.table, { train: files.train!, test: files.test! }, splitRoles, signal)
  for (const { title, next } of quality.findings) log(`warning: ${title}. ${next}`)
  await context.outputJson('report', report)
  await context.outputJson('quality', quality)
}

/** What is asked for, with the way that the roles of the columns decide and the rule of ranges that the run was frozen with. */
function askedOf(p: RunOf<typeof splitDefinition>['parameters'], frozen: Record<string, unknown>): SplitRequest {
  const chosen = frozen.chosen as ChosenSplit | undefined
  const { by, column } = chosen ?? { by: p.by === 'roles' ? 'random' : p.by, column: p.column }
  const ranges = frozen.ranges as number | undefined
  return { ...p, by, column, ranges, ...(by !== 'random' && { stratify: undefined }) }
}
