import { nameKey, unknownTable, type NamedColumn, type TableFacts } from './table-facts'

/** Gives the first columns the names of a list, as in `AS t(a, b)`. */
export function renameFirst(table: TableFacts, names: unknown): TableFacts {
  const list = (names ?? []) as string[]
  if (list.length === 0) return table
  if (table.isOpen) return unknownTable
  return { ...table, columns: table.columns.map((column, index) => (index < list.length ? { ...column, name: list[index] } : column)) }
}

/** Gives columns of one name the names that DuckDB gives them, in a subquery and in what it hands over: `id`, `id_1`, `id_2`. */
export function withUniqueNames(table: TableFacts, keyOf: (name: string) => string = nameKey): TableFacts {
  const taken = new Set<string>()
  const next = new Map<string, number>()
  const columns = table.columns.map((column): NamedColumn => {
    if (column.name === null) return column
    let name = column.name
    let count = next.get(name) ?? 1
    for (; taken.has(keyOf(name)); count++) name = `${column.name}_${count}`
    next.set(column.name, count)
    taken.add(keyOf(name))
    return { ...column, name }
  })
  return { ...table, columns }
}
