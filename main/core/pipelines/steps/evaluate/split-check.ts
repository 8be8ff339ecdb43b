import type { Evaluation } from '../../../../model/evaluation'
import type { Database } from '../../../../storage/duckdb/database'
import type { SplitRoles } from '../../column-roles/split-roles'

/**
 * Ties between the judged rows and all tables that the model learned from, by the roles that Data gives the columns; nothing where no role
 * tells, or where what the model learned from is not known. `drawn` is the column whose groups the intervals draw whole.
 */
export async function splitOfEvaluation(
  database: () => Promise<Database>,
  roles: SplitRoles | undefined,
  tables: { training: string[]; judged: string },
  drawn: string | undefined,
  signal: AbortSignal
): Promise<Pick<Evaluation, 'splitCheck'>> {
  if (!roles || tables.training.length === 0) return {}
  const { checkSplit, looked } = await import('../../../quality')
  const splitCheck = await checkSplit(await database(), tables, roles, signal)
  if (!looked(splitCheck)) return {}
  const groups = splitCheck.groups.map((each) => (each.column === drawn ? { ...each, drawnTogether: true as const } : each))
  return { splitCheck: { ...splitCheck, groups } }
}
