import type { FreezeContext, StepProblem } from '../define-step'
import type { HoldBack } from '../../../model/training'
import { columnsByName, declaredFacts, hasUnlisted, type DeclaredColumn, type TableFacts } from './table-facts'

export interface SplitRoles {
  entities: Record<string, 'group' | 'identifier'>
  times: string[]
  /** What the rows were divided by, where a time is not that. */
  divided?: { by: 'group' | 'time'; column: string | null }
}

/**
 * The same with the groups and times of the datasets behind the table that no column of it is any more: a query dropped them, or nobody
 * knows the columns of a program. Whoever compares the tables looks for them by name, and says so where they are not there.
 */
export async function rolesToCheck(
  table: TableFacts,
  { datasetVersion }: Pick<FreezeContext, 'datasetVersion'>
): Promise<SplitRoles | undefined> {
  const { entities, times }: SplitRoles = rolesOfSplit(table) ?? { entities: {}, times: [] }
  const kept = new Set(
    table.columns.flatMap(({ facts }) => (facts.role === null ? [] : facts.sources.map((own) => `${own.dataset} ${own.name}`)))
  )
  for (const { name, version } of table.from ?? [])
    for (const [column, role] of Object.entries((await datasetVersion(name, version)).roles)) {
      if (kept.has(`${name} ${column}`)) continue
      if (role === 'group') entities[column] ??= role
      if (role === 'time' && !times.includes(column)) times.push(column)
    }
  if (Object.keys(entities).length === 0 && times.length === 0) return undefined
  const { by, column } = table.divided ?? { by: 'random', column: null }
  return by !== 'random' && times.some((time) => time !== column) ? { entities, times, divided: { by, column } } : { entities, times }
}

/** What intervals draw together, since it says less than as many rows apart: groups or times that the split kept on one side, and that the table still has. */
export function clustersOf(table: TableFacts): { by: 'group' | 'time'; column: string } | undefined {
  const { by, column } = table.divided ?? { by: 'random', column: null }
  if (by === 'random' || column === null) return undefined
  return columnsByName(table).has(column) || hasUnlisted(table) ? { by, column } : undefined
}

/** A way to split, with its column. */
export interface ChosenSplit {
  by: 'random' | 'time' | 'group'
  column?: string
}

/** The columns by which two sides of a split can be tied to each other, as far as Data says; undefined where it says none. */
export function rolesOfSplit(table: TableFacts): SplitRoles | undefined {
  const roles: SplitRoles = { entities: {}, times: [] }
  for (const [name, { role }] of columnsByName(table)) {
    if (role === 'group' || role === 'identifier') roles.entities[name] = role
    if (role === 'time') roles.times.push(name)
  }
  return Object.keys(roles.entities).length > 0 || roles.times.length > 0 ? roles : undefined
}

/** The way that the roles ask for: whole groups before time, because a group that is known again is worse than an old row. */
export function splitByRoles(roles: SplitRoles | undefined): ChosenSplit {
  const group = Object.entries(roles?.entities ?? {}).find(([, role]) => role === 'group')?.[0]
  if (group !== undefined) return { by: 'group', column: group }
  const [time] = roles?.times ?? []
  return time === undefined ? { by: 'random' } : { by: 'time', column: time }
}

/** How a split by roles divides the rows of a dataset whose columns are declared like this. */
export function chosenSplit(columns: readonly DeclaredColumn[]): HoldBack {
  const table = { columns: columns.map((column) => ({ name: column.name, facts: declaredFacts(column) })), isOpen: false }
  const { by, column = null } = splitByRoles(rolesOfSplit(table))
  return { by, column }
}

/** A warning for a random split of rows that belong together or follow each other. */
export function adviseSplit({ by }: { by: string }, table: TableFacts): StepProblem[] {
  const { by: better, column } = splitByRoles(rolesOfSplit(table))
  if (by !== 'random' || better === 'random') return []
  const why =
    better === 'group' ? 'rows of one group would be on both sides' : 'the model would learn from rows later than those of its test'
  return [
    {
      severity: 'warning',
      message: `"${column}" has the role ${better} in Data, and the split is random: ${why}. Set by: ${better} and column: ${column}, or by: roles.`,
      parameter: 'by'
    }
  ]
}
