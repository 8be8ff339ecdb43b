import { whyNoFeature, type ColumnRole, type KnownWhen, type LeftOutReason } from '../../../model/dataset'
import type { HoldBack } from '../../../model/training'

/** A column of a dataset version, with what a person said of it in Data. */
export interface DeclaredColumn {
  dataset: string
  name: string
  role: ColumnRole
  knownWhen: KnownWhen
  /** Absent where only the roles are asked for. */
  type?: string
}

/** What is known of a column on its way through a pipeline. */
export interface ColumnFacts {
  /** Null where it cannot be told: the column was computed, mixed from several, or comes out of a program. */
  role: ColumnRole | null
  knownWhen: KnownWhen | null
  /** The declared columns that it is or, where the role is unknown, that went into it as far as the query says. */
  sources: readonly DeclaredColumn[]
}

export interface NamedColumn {
  /** Null for a column whose name only the result of the query tells. */
  name: string | null
  facts: ColumnFacts
}

/** A dataset as a pipeline names it: "latest" or (the beginning of) a SHA-256. */
export interface NamedDataset {
  name: string
  version: string
}

/** What is known of a table: its columns in their order, and whether it may have others of which nothing is known. */
export interface TableFacts {
  columns: readonly NamedColumn[]
  isOpen: boolean
  /** How the split that it is a part of divided rows; absent where none is upstream. */
  divided?: HoldBack
  /** The datasets that its rows come from, also where its columns are not known; absent where none is upstream. */
  from?: readonly NamedDataset[]
}

/** A table of which nothing is known. */
export const unknownTable: TableFacts = { columns: [], isOpen: true }

export const computedFrom = (sources: Iterable<DeclaredColumn>): ColumnFacts => ({
  role: null,
  knownWhen: null,
  sources: [...new Set(sources)]
})
export const unknownColumn: ColumnFacts = computedFrom([])

export const declaredFacts = (column: DeclaredColumn): ColumnFacts => ({
  role: column.role,
  knownWhen: column.knownWhen,
  sources: [column]
})

/**
 * A column that holds values of the one or of the other: known where both say the same, and kept from being learned from where both are.
 * Of two reasons the one that forbids more is kept: what is ignored or an identifier is no target either, what is known after may be one.
 */
export function eitherOf(a: ColumnFacts, b: ColumnFacts): ColumnFacts {
  const sources = [...new Set([...a.sources, ...b.sources])]
  if (a.role === b.role && a.knownWhen === b.knownWhen) return { ...a, sources }
  const [one, other] = [whyNoFeature(a), whyNoFeature(b)]
  if (one === null || other === null) return computedFrom(sources)
  const stricter = strictest.indexOf(one) <= strictest.indexOf(other) ? a : b
  return { role: stricter.role, knownWhen: [a, b].some(({ knownWhen }) => knownWhen === 'after') ? 'after' : stricter.knownWhen, sources }
}

/** A column whose values are those of both, as the key of an inner join: what keeps one from being learned from keeps this one. */
export const bothOf = (a: ColumnFacts, b: ColumnFacts): ColumnFacts =>
  a.role === null || (b.role !== null && whyNoFeature(a) === null && whyNoFeature(b) !== null) ? b : a

const strictest: readonly LeftOutReason[] = ['ignored', 'identifier', 'weight', 'exposure', 'known after', 'target']

/** SQL compares names by their ASCII letters only. */
export const nameKey = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** The columns that have a name, by its key; the first of each. */
export function columnsByKey(table: TableFacts): Map<string, NamedColumn & { name: string }> {
  const found = new Map<string, NamedColumn & { name: string }>()
  for (const { name, facts } of table.columns) if (name !== null && !found.has(nameKey(name))) found.set(nameKey(name), { name, facts })
  return found
}

/** True when a table may have columns whose names are not known. */
export const hasUnlisted = (table: TableFacts): boolean => table.isOpen || table.columns.some(({ name }) => name === null)

/** The columns by exact name, as the table that is written has them. */
export const columnsByName = (table: TableFacts): Map<string, ColumnFacts> =>
  new Map(table.columns.flatMap(({ name, facts }) => (name === null ? [] : [[name, facts] as const])))
