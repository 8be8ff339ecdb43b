import { StatementType } from '@duckdb/node-api'
import { WorkbenchError } from '../../model/errors'

const permitted: ReadonlySet<StatementType> = new Set([
  StatementType.SELECT,
  StatementType.EXPLAIN,
  StatementType.INSERT,
  StatementType.UPDATE,
  StatementType.DELETE,
  StatementType.MERGE_INTO,
  StatementType.CREATE,
  StatementType.DROP,
  StatementType.ALTER
])

/**
 * Functions that reach around the statement kinds: logging writes files (and a refused path takes the whole process down at its end), the
 * others run SQL given as text. Every name here is also refused inside comments and strings, which is the price of not parsing SQL.
 */
const refusedFunctions =
  /enable_logging|disable_logging|truncate_duckdb_logs|json_execute_serialized_sql|\bquery"?\s*(?:\/\*[^]*?\*\/\s*)?\(/i

/** Refuses text that calls a function with effects outside the database. Errors: FORBIDDEN */
export function assertSafeFunctions(sql: string): void {
  const found = refusedFunctions.exec(sql.replaceAll(/--[^\n]*/g, ' '))
  if (found)
    throw new WorkbenchError(
      'FORBIDDEN',
      `The function ${found[0].replace(/[\s("]+$/, '')} is switched off here. Leave it out and run the query again.`
    )
}

/** What a script of the host may do besides: group its changes and tidy up. */
const permittedInScripts: ReadonlySet<StatementType> = new Set([
  ...permitted,
  StatementType.TRANSACTION,
  StatementType.ANALYZE,
  StatementType.VACUUM
])

/** Refuses statements that reach files, settings or other databases. Errors: FORBIDDEN */
export function assertQueryStatement(type: StatementType, sql: string, script = false): void {
  // EXPLAIN ANALYZE runs what it explains
  const hidden = type === StatementType.EXPLAIN && /\banaly[sz]e\b/i.test(sql) && /\b(copy|attach|export|call|set|pragma)\b/i.test(sql)
  if ((script ? permittedInScripts : permitted).has(type) && !hidden) return
  const name = Object.entries(StatementType).find(([, value]) => value === type)?.[0] ?? 'This'
  throw new WorkbenchError(
    'FORBIDDEN',
    `${name.replaceAll('_', ' ')} statements are switched off here: queries read and compute, they do not touch files or settings. Use the export of the workbench instead.`
  )
}
