import { renameFirst, withUniqueNames } from './column-names'
import { readSource, type Surroundings } from './query-source'
import { resolveColumn, type Scope } from './query-scope'
import { selectColumns } from './select-list'
import type { SqlTree } from './sql-tree'
import { columnsByKey, eitherOf, hasUnlisted, nameKey, unknownTable, type NamedColumn, type TableFacts } from './table-facts'

/**
 * What is known of the result of a query, from what is known of the tables it names. Only what passes through keeps its role: columns by
 * name or star, also behind casts, through joins, subqueries, WITH and set operations. Everything else is unknown, with the columns that went into it.
 */
export function traceQuery(query: SqlTree, inputs: Readonly<Record<string, TableFacts>>): TableFacts {
  const tables = new Map(Object.entries(inputs).map(([name, table]) => [nameKey(name), table]))
  try {
    // The result of the whole query keeps names that differ by the case of their letters.
    return withUniqueNames(traceNode(query, tables, undefined), (name) => name)
  } catch (error) {
    // A query nested so deeply that the stack ends is one that cannot be followed.
    if (error instanceof RangeError) return unknownTable
    throw error
  }
}

type Tables = ReadonlyMap<string, TableFacts>

function traceNode(node: SqlTree, around: Tables, outer: Scope | undefined): TableFacts {
  const tables = withCtes(node, around, outer)
  switch (node.type) {
    case 'SELECT_NODE':
      return traceSelect(node, tables, outer)
    case 'SET_OPERATION_NODE': {
      const left = traceNode(node.left as SqlTree, tables, outer)
      const right = traceNode(node.right as SqlTree, tables, outer)
      return combine(String(node.setop_type), left, right)
    }
    default:
      return unknownTable
  }
}

/** The tables that a query can name: those around it, and its own WITH clauses, each of which sees the ones before. */
function withCtes(node: SqlTree, around: Tables, outer: Scope | undefined): Tables {
  const entries = ((node.cte_map as { map?: { key: string; value: SqlTree }[] } | undefined)?.map ?? []) as {
    key: string
    value: SqlTree
  }[]
  let tables = around
  for (const { key, value } of entries) {
    const body = (value.query as { node: SqlTree }).node
    const table = withUniqueNames(renameFirst(traceNode(body, tables, outer), value.aliases))
    tables = new Map([...tables, [nameKey(key), table]])
  }
  return tables
}

function traceSelect(node: SqlTree, tables: Tables, outer: Scope | undefined): TableFacts {
  const around: Surroundings = {
    table: (name) => tables.get(nameKey(name)),
    query: (inner, scope) => traceNode(inner, tables, scope)
  }
  const scope: Scope = { ...readSource(node.from_table as SqlTree | undefined, around, outer), outer, aliases: new Map() }
  return selectColumns((node.select_list ?? []) as SqlTree[], scope, {
    column: (names) => resolveColumn(scope, names),
    query: (inner) => around.query(inner, scope)
  })
}

function combine(operation: string, left: TableFacts, right: TableFacts): TableFacts {
  // What EXCEPT and INTERSECT give are rows of the left side.
  if (operation === 'EXCEPT' || operation === 'INTERSECT') return left
  if (operation === 'UNION_BY_NAME') return combineByName(left, right)
  if (operation !== 'UNION' || left.isOpen || right.isOpen || left.columns.length !== right.columns.length) return unknownTable
  return {
    columns: left.columns.map(({ name, facts }, index) => ({ name, facts: eitherOf(facts, right.columns[index].facts) })),
    isOpen: false
  }
}

function combineByName(left: TableFacts, right: TableFacts): TableFacts {
  const [ours, theirs] = [columnsByKey(left), columnsByKey(right)]
  const isClear = (side: TableFacts, byKey: Map<string, NamedColumn>): boolean => !hasUnlisted(side) && byKey.size === side.columns.length
  if (!isClear(left, ours) || !isClear(right, theirs)) return unknownTable
  const columns = [...ours].map(([key, { name, facts }]): NamedColumn => {
    const other = theirs.get(key)
    return { name, facts: other ? eitherOf(facts, other.facts) : facts }
  })
  return { columns: [...columns, ...[...theirs].filter(([key]) => !ours.has(key)).map(([, column]) => column)], isOpen: false }
}
