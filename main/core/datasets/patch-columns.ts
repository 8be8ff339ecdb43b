import type { ColumnPatch, DatasetColumn } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'

/** Columns of `dataset` with new facts. Throws INVALID_INPUT for an unknown column and for a second target; then nothing is changed. */
export function patchColumns(dataset: string, columns: readonly DatasetColumn[], patches: readonly ColumnPatch[]): DatasetColumn[] {
  const patched = columns.map((column) => ({ ...column }))
  for (const patch of patches) {
    const column = patched.find((c) => c.name === patch.name)
    if (!column)
      throw new WorkbenchError('INVALID_INPUT', `"${dataset}" has no column "${patch.name}". Nothing was changed. Reload the columns.`, {
        details: { column: patch.name }
      })
    Object.assign(column, Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)))
  }
  const targets = patched.filter((c) => c.role === 'target')
  if (targets.length > 1)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `Only one column can be the target, but ${targets.map((t) => `"${t.name}"`).join(' and ')} would be. Nothing was changed. Give the others another role.`
    )
  return patched
}
