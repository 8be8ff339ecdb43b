import { BIGINT, BOOLEAN, DOUBLE, type DuckDBPreparedStatement, type DuckDBType, INTEGER, LIST, VARCHAR } from '@duckdb/node-api'
import { WorkbenchError } from '../../model/errors'
import type { JsonValue } from './database-types'

const isInteger = (value: JsonValue): value is number => typeof value === 'number' && Number.isSafeInteger(value)

function listItemType(items: JsonValue[]): DuckDBType | undefined {
  const present = items.filter((item) => item !== null)
  if (present.every((item) => typeof item === 'string')) return VARCHAR
  if (present.every((item) => typeof item === 'boolean')) return BOOLEAN
  if (present.every(isInteger)) return BIGINT
  return present.every((item) => typeof item === 'number') ? DOUBLE : undefined
}

/**
 * Binds JSON parameters: whole numbers as integers, lists of one kind as LIST, other lists and objects as JSON text.
 * @throws WorkbenchError INVALID_INPUT when the number of parameters differs
 */
export function bindParameters(statement: DuckDBPreparedStatement, parameters: JsonValue[]): void {
  if (statement.parameterCount !== parameters.length)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The statement has ${statement.parameterCount} parameters but ${parameters.length} values were given. Give one value for each.`
    )
  parameters.forEach((value, index) => {
    const at = index + 1
    if (value === null) statement.bindNull(at)
    else if (typeof value === 'boolean') statement.bindBoolean(at, value)
    else if (typeof value === 'string') statement.bindVarchar(at, value)
    else if (typeof value === 'number') {
      if (!isInteger(value)) statement.bindDouble(at, value)
      else if (Math.abs(value) < 2 ** 31) statement.bindValue(at, value, INTEGER)
      else statement.bindBigInt(at, BigInt(value))
    } else {
      const itemType = Array.isArray(value) ? listItemType(value) : undefined
      if (Array.isArray(value) && itemType)
        statement.bindList(
          at,
          value.map((item) =>
            itemType === BIGINT && typeof item === 'number' ? BigInt(item) : (item as string | number | boolean | null)
          ),
          LIST(itemType)
        )
      else statement.bindVarchar(at, JSON.stringify(value))
    }
  })
}
