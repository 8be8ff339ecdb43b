import { renameFirst, withUniqueNames } from './column-names'
import type { SqlTree } from './sql-tree'
import { bind, type Binding, type MergedColumn, type Scope } from './query-scope'
import { bothOf, eitherOf, nameKey, unknownColumn, unknownTable, type ColumnFacts, type TableFacts } from './table-facts'

/** What a FROM clause offers to the rest of its query. */
export interface Source {
  bindings: Binding[]
  merged: MergedColumn[]
}

/** What a FROM clause needs from around it. */
export interface Surroundings {
  /** The table of that name: one of WITH, or an input of the step. */
  table(name: string): TableFacts | undefined
  /** What a subquery gives; it may name columns of `outer`. */
  query(node: SqlTree, outer: Scope | undefined): TableFacts
}

const one = (alias: string, table: TableFacts): Source => ({ bindings: [bind(alias, table)], merged: [] })
/** The same tables, of which nothing is known any more. */
const blurred = (...sources: Source[]): Source => ({
  bindings: sources.flatMap(({ bindings }) => bindings.map(({ alias }) => bind(alias, unknownTable))),
  merged: []
})

/** Reads a FROM clause. Table functions, VALUES and whatever a newer DuckDB may add are tables of which nothing is known. */
export function readSource(from: SqlTree | undefined, around: Surroundings, outer: Scope | undefined): Source {
  const alias = from?.alias ?? ''
  switch (from?.type) {
    case undefined:
    case 'EMPTY':
      return { bindings: [], merged: [] }
    case 'BASE_TABLE': {
      const name = String(from.table_name)
      // Behind a schema or catalogue there may be anything, whatever it is called.
      const table = from.schema_name || from.catalog_name || from.at_clause ? undefined : around.table(name)
      return one(alias || name, renameFirst(table ?? unknownTable, from.column_name_alias))
    }
    case 'SUBQUERY':
      return one(
        alias,
        withUniqueNames(renameFirst(around.query((from.subquery as { node: SqlTree }).node, outer), from.column_name_alias))
      )
    case 'JOIN':
      return alias ? one(alias, unknownTable) : readJoin(from, around, outer)
    default:
      return one(alias, unknownTable)
  }
}

function readJoin(join: SqlTree, around: Surroundings, outer: Scope | undefined): Source {
  const left = readSource(join.left as SqlTree, around, outer)
  const right = readSource(join.right as SqlTree, around, { ...left, outer, aliases: new Map() })
  const type = String(join.join_type ?? 'INNER')
  if (type === 'SEMI' || type === 'ANTI') return left
  const bindings = [...left.bindings, ...right.bindings]
  const isNatural = join.ref_type === 'NATURAL'
  if (isNatural && [left, right].some(isUnclear)) return blurred(left, right)
  const keys = isNatural ? commonKeys(left, right) : ((join.using_columns ?? []) as string[]).map(nameKey)
  const kind = join.ref_type === 'ASOF' && type === 'INNER' ? 'LEFT' : type
  const merged = keys.map((key): MergedColumn => {
    const [a, b] = [ownersOf(left, key), ownersOf(right, key)]
    return {
      key,
      bindings: new Set([...a.bindings, ...b.bindings]),
      isOneOf: ['INNER', 'LEFT', 'RIGHT'].includes(kind),
      facts: joinedFacts(kind, a.facts, b.facts)
    }
  })
  const others = [...left.merged, ...right.merged].filter(({ key }) => !keys.includes(key))
  return { bindings, merged: [...others, ...merged] }
}

const joinedFacts = (type: string, left: ColumnFacts, right: ColumnFacts): ColumnFacts =>
  type === 'INNER' ? bothOf(left, right) : type === 'LEFT' ? left : type === 'RIGHT' ? right : eitherOf(left, right)

const isUnclear = ({ bindings }: Source): boolean => bindings.some((binding) => binding.isUnclear)
const keysOf = ({ bindings }: Source): Set<string> => new Set(bindings.flatMap(({ byKey }) => [...byKey.keys()]))
function commonKeys(left: Source, right: Source): string[] {
  const theirs = keysOf(right)
  return [...keysOf(left)].filter((key) => theirs.has(key))
}

/** The tables of one side of a join that have the column, and what is known of it there. */
function ownersOf({ bindings, merged }: Source, key: string): { bindings: Iterable<Binding>; facts: ColumnFacts } {
  const already = merged.find((column) => column.key === key)
  if (already) return already
  const owners = bindings.filter(({ byKey }) => byKey.has(key))
  return { bindings: owners, facts: owners.length === 1 ? owners[0].byKey.get(key)!.facts : unknownColumn }
}
