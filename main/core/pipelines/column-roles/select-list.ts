import type { Binding, Scope } from './query-scope'
import type { SqlTree } from './sql-tree'
import {
  computedFrom,
  eitherOf,
  nameKey,
  unknownTable,
  type ColumnFacts,
  type DeclaredColumn,
  type NamedColumn,
  type TableFacts
} from './table-facts'

/** How a SELECT list finds out what its expressions speak of. */
export interface Meaning {
  column(names: readonly string[]): { name: string; facts: ColumnFacts }
  query(node: SqlTree): TableFacts
}

/** The columns that a SELECT list gives. */
export function selectColumns(list: readonly SqlTree[], scope: Scope, meaning: Meaning): TableFacts {
  const columns: NamedColumn[] = []
  let isOpen = false
  for (const item of list) {
    if (item.class === 'STAR' && !item.columns && !item.expr) {
      const table = expandStar(item, scope, meaning)
      columns.push(...(isOpen ? nameless(table.columns) : table.columns))
      isOpen ||= table.isOpen
    } else if (givesSeveral(item)) isOpen = true
    else {
      const { name, facts } = valueOf(item, meaning)
      columns.push({ name: isOpen ? null : item.alias || name, facts })
      if (item.alias) scope.aliases.set(nameKey(item.alias), facts)
    }
  }
  return { columns, isOpen }
}

/** What follows columns that are not known: one of those may have its name, and then it gets another. */
const nameless = (columns: readonly NamedColumn[]): NamedColumn[] => columns.map(({ facts }) => ({ name: null, facts }))

/** What an expression gives: a column as it is, one written otherwise, or something made of columns. Only the first says its name. */
const valueOf = (item: SqlTree, meaning: Meaning): NamedColumn =>
  item.class === 'COLUMN_REF'
    ? meaning.column(item.column_names as string[])
    : { name: null, facts: carried(item, meaning) ?? computedFrom(sourcesOf(item, meaning)) }

/**
 * The column whose values an expression gives, whatever their type: behind casts, `coalesce` of columns and constants, and `nullif` with a
 * constant. Undefined where it makes something else of them.
 */
function carried(expression: SqlTree, meaning: Meaning): ColumnFacts | undefined {
  const children = (expression.children ?? []) as SqlTree[]
  if (expression.class === 'COLUMN_REF') return meaning.column(expression.column_names as string[]).facts
  if (expression.class === 'CAST') return carried(expression.child as SqlTree, meaning)
  if (expression.class === 'FUNCTION' && expression.function_name === 'nullif' && isConstant(children[1]))
    return carried(children[0], meaning)
  if (expression.type !== 'OPERATOR_COALESCE') return undefined
  const values = children.filter((child) => !isConstant(child)).map((child) => carried(child, meaning))
  return values.reduce((a, b) => a && b && eitherOf(a, b), values[0])
}

const isConstant = (node: SqlTree): boolean => node.class === 'CONSTANT' || (node.class === 'CAST' && isConstant(node.child as SqlTree))

/** True for what becomes as many columns as the data has: COLUMNS(...), a star with a condition, UNNEST of a struct. */
function givesSeveral(item: SqlTree): boolean {
  if (item.class === 'FUNCTION' && item.function_name === 'unnest') return true
  for (const node of within(item)) if (node.class === 'STAR') return true
  return false
}

/** All declared columns that an expression speaks of, those of its subqueries' results included. */
function sourcesOf(expression: SqlTree, meaning: Meaning): DeclaredColumn[] {
  const found: DeclaredColumn[] = []
  for (const node of within(expression)) {
    if (node.class === 'COLUMN_REF') found.push(...meaning.column(node.column_names as string[]).facts.sources)
    if (node.class === 'SUBQUERY')
      found.push(...meaning.query((node.subquery as { node: SqlTree }).node).columns.flatMap(({ facts }) => facts.sources))
  }
  return found
}

/** The nodes of an expression; subqueries are yielded but not entered, for their names mean other things. */
function* within(expression: SqlTree): Generator<SqlTree> {
  const pending: unknown[] = [expression]
  for (const next of pending) {
    if (!next || typeof next !== 'object') continue
    if (!Array.isArray(next)) yield next as SqlTree
    for (const [key, value] of Object.entries(next)) if (key !== 'subquery') pending.push(value)
  }
}

interface Column {
  table?: string
  column: string
}
const isOf = (binding: Binding, { table }: Column): boolean => !table || nameKey(table) === nameKey(binding.alias)

/** What `*` or `t.*` stands for, with EXCLUDE, REPLACE and RENAME. A column that USING merged appears once. */
function expandStar(star: SqlTree, scope: Scope, meaning: Meaning): TableFacts {
  const relation = star.relation_name as string | undefined
  const chosen = relation ? scope.bindings.filter(({ alias }) => nameKey(alias) === nameKey(relation)) : scope.bindings
  if (relation && chosen.length !== 1) return unknownTable
  const excluded = [
    ...((star.exclude_list ?? []) as string[]).map((column): Column => ({ column })),
    ...((star.qualified_exclude_list ?? []) as Column[])
  ]
  const replaced = (star.replace_list ?? []) as { key: string; value: SqlTree }[]
  const renamed = (star.rename_list ?? []) as { key: Column; value: string }[]
  // REPLACE of a name that several tables have gives one column; which of them remains is not followed.
  if (replaced.some((entry) => chosen.filter(({ byKey }) => byKey.has(nameKey(entry.key))).length > 1)) return unknownTable
  const seen = new Set<string>()
  const columns: NamedColumn[] = []
  let isOpen = false
  for (const binding of chosen) {
    for (const { name, facts } of binding.table.columns) {
      const key = name === null ? null : nameKey(name)
      const merged = relation ? undefined : scope.merged.find((column) => column.key === key && column.bindings.has(binding))
      if (merged) {
        if (seen.has(merged.key)) continue
        seen.add(merged.key)
      }
      const isThis = (column: Column): boolean => nameKey(column.column) === key && isOf(binding, column)
      if (excluded.some(isThis)) {
        // One table's share of a merged column cannot be left out by itself; which one remains is not followed.
        if (merged && excluded.some((column) => isThis(column) && column.table)) isOpen = true
        continue
      }
      const value = replaced.find((entry) => nameKey(entry.key) === key)?.value
      const rename = renamed.find((entry) => isThis(entry.key))?.value
      const given = value ? valueOf(value, meaning).facts : (merged?.facts ?? facts)
      columns.push({ name: isOpen ? null : (rename ?? name), facts: given })
      if (rename) scope.aliases.set(nameKey(rename), given)
    }
    isOpen ||= binding.table.isOpen
  }
  return { columns, isOpen }
}
