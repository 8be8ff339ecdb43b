import { WorkbenchError } from '../../../../model/errors'
import { didYouMean } from '../../../../model/near-names'
import { quoteText } from '../../../../model/sql-quoting'
import { learnedColumns } from '../../column-roles/learned-columns'
import type { StepContext, StepInput } from '../../define-step'

interface Asked {
  target: string
  features?: string[]
  exclude: string[]
  weight?: string
  exposure?: string
}

interface ChosenColumns {
  features: string[]
  leftOut: { name: string; reason: string }[]
  /** Features whose role cannot be told. */
  untold: string[]
  /** Columns with what each row counts and what it is divided by, as asked for or by their roles. */
  weight?: string
  exposure?: string
}

/**
 * The columns of a table to learn from, by what was asked for and what the roles of the columns decide; the log says what was left out.
 * @throws WorkbenchError INVALID_INPUT for a column to leave out that is not there
 */
export async function chooseFeatures(
  { parameters: p, database, log }: Pick<StepContext<Asked>, 'parameters' | 'database' | 'log'>,
  table: StepInput,
  frozen: Record<string, unknown>
): Promise<ChosenColumns> {
  const db = await database()
  const columns = (await db.describe(`SELECT * FROM read_arrow(${quoteText(table.path)})`)).map((column) => column.name)
  const unknown = p.exclude.filter((name) => !columns.includes(name))
  if (unknown.length)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The table has no column "${unknown[0]}" to leave out. It has: ${columns.slice(0, 40).join(', ')}.${didYouMean(unknown[0]!, columns)} Correct the list.`,
      { details: { columns: unknown } }
    )
  const { features: all, leftOut, unknown: untold } = learnedColumns(p, columns, frozen.columnRoles as Record<string, string> | undefined)
  const counted = frozen.counted as Pick<ChosenColumns, 'weight' | 'exposure'> | undefined
  const { weight = counted?.weight, exposure = counted?.exposure } = p
  // What rows count and what they are divided by says nothing of a new row; who names such a column as a feature means it.
  const features = p.features ? all : all.filter((name) => name !== weight && name !== exposure)
  for (const { name, reason } of leftOut) log(`left out: ${name} (${reason})`)
  if (untold.length) log(`role not known, learned from all the same: ${untold.join(', ')}`)
  return { features, leftOut, untold, weight, exposure }
}
