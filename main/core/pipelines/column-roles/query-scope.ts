import {
  columnsByKey,
  computedFrom,
  eitherOf,
  hasUnlisted,
  nameKey,
  unknownColumn,
  type ColumnFacts,
  type NamedColumn,
  type TableFacts
} from './table-facts'

/** A table of a FROM clause under the name that the query gives it. */
export interface Binding {
  alias: string
  table: TableFacts
  byKey: ReadonlyMap<string, NamedColumn & { name: string }>
  /** True when it may have a column of a name that is not listed. */
  isUnclear: boolean
}

export const bind = (alias: string, table: TableFacts): Binding => ({
  alias,
  table,
  byKey: columnsByKey(table),
  isUnclear: hasUnlisted(table)
})
/** A column that USING or NATURAL made one of several tables' columns. */
export interface MergedColumn {
  key: string
  bindings: ReadonlySet<Binding>
  /** False for a full join, whose column is made of both and is called as the query writes it. */
  isOneOf: boolean
  facts: ColumnFacts
}
/** What names mean at one place of a query. */
export interface Scope {
  bindings: readonly Binding[]
  merged: readonly MergedColumn[]
  /** The query around this one, whose columns a subquery may name. */
  outer: Scope | undefined
  /** Names that the SELECT list has given so far. */
  aliases: Map<string, ColumnFacts>
}

const allSources = ({ table }: Binding): ColumnFacts => computedFrom(table.columns.flatMap(({ facts }) => facts.sources))

/** The column that a reference of one or more names means, with the name that it gives to the result. */
export function resolveColumn(scope: Scope, names: readonly string[]): { name: string; facts: ColumnFacts } {
  const last = names[names.length - 1]
  if (names.length === 1) return resolveName(scope, last) ?? { name: last, facts: unknownColumn }
  if (names.length === 2) return resolveQualified(scope, names[0], last)
  // A catalogue or schema before it, or a field of a struct behind it: not followed.
  return { name: last, facts: computedFrom(resolveQualified(scope, names[names.length - 2], last).facts.sources) }
}

function resolveName(scope: Scope, name: string): (NamedColumn & { name: string }) | undefined {
  const key = nameKey(name)
  const merged = scope.merged.find((column) => column.key === key)
  if (merged) return { name: (merged.isOneOf && [...merged.bindings][0]?.byKey.get(key)?.name) || name, facts: merged.facts }
  const owners = scope.bindings.flatMap(({ byKey }) => byKey.get(key) ?? [])
  // Of several, which a semi join's USING allows, it is one.
  if (owners.length) return { name: owners.length > 1 ? name : owners[0].name, facts: owners.map(({ facts }) => facts).reduce(eitherOf) }
  if (scope.bindings.some(({ isUnclear }) => isUnclear)) return { name, facts: unknownColumn }
  const alias = scope.aliases.get(key)
  const outside = scope.outer && resolveName(scope.outer, name)
  if (alias) return { name, facts: outside ? computedFrom([...alias.sources, ...outside.facts.sources]) : alias }
  const whole = scope.bindings.find((binding) => nameKey(binding.alias) === key)
  return whole ? { name, facts: allSources(whole) } : outside
}

function resolveQualified(scope: Scope, qualifier: string, name: string): { name: string; facts: ColumnFacts } {
  const key = nameKey(qualifier)
  const named = scope.bindings.filter((binding) => nameKey(binding.alias) === key)
  const found = named.flatMap(({ byKey }) => byKey.get(nameKey(name)) ?? [])
  if (found.length === 1) return { name: found[0].name, facts: found[0].facts }
  if (found.length > 1 || named.some(({ isUnclear }) => isUnclear)) return { name, facts: unknownColumn }
  const isHere = scope.bindings.some(({ isUnclear, byKey }) => isUnclear || byKey.has(key))
  if (named.length === 0 && !isHere && scope.outer) return resolveQualified(scope.outer, qualifier, name)
  // The field of a struct column.
  return { name, facts: computedFrom(resolveName(scope, qualifier)?.facts.sources ?? []) }
}
