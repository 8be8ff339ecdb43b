import type { DatasetVersion } from '../../model/dataset'
import type { DatasetRef, Sha256 } from '../../model/reference'

/** What the import of a version left out of the file, lost or changed; columns by their names in the version. */
export interface ImportRecord extends Pick<DatasetVersion, 'rows' | 'badRows' | 'rules' | 'misfits'> {
  /** Of the dataset. */
  name: string
  reference: DatasetRef
  /** Object that holds the cells that did not fit; null where there are none, or they were not kept. */
  misfitCells: Sha256 | null
}

/** The record of a version; undefined for one that no import made. */
export function importRecord(name: string, version: DatasetVersion, misfitCells: Sha256 | null): ImportRecord | undefined {
  const { ref: reference, source, rows, badRows, rules, misfits, choices } = version
  if (source === null) return undefined
  const renamed = new Map((choices.columns ?? []).flatMap(({ source: from, name: to }) => (to === undefined ? [] : [[from, to] as const])))
  const nameOf = (column: string): string => renamed.get(column) ?? column
  return {
    name,
    reference,
    rows,
    badRows,
    ...(rules && { rules: rules.map((rule) => (rule.column === null ? rule : { ...rule, column: nameOf(rule.column) })) }),
    ...(misfits && { misfits }),
    misfitCells
  }
}
