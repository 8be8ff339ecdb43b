import { useCallback } from 'react'
import type { ColumnPatch, DatasetColumn, DatasetVersion } from '../../../main/model/dataset'
import { useHostCommand } from '../../host'
import { showToast } from '../../ui'

/** Changes columns of a version and says so; the toast takes it back. */
export type ColumnChange = (patches: ColumnPatch[], said: string) => Promise<void>

/** Adds what a new target means for the former one: a dataset has one target. */
export function withFormerTarget(columns: readonly DatasetColumn[], patches: readonly ColumnPatch[]): ColumnPatch[] {
  const chosen = patches.filter((patch) => patch.role === 'target').map((patch) => patch.name)
  const former = columns.filter((column) => column.role === 'target' && !patches.some((patch) => patch.name === column.name && patch.role))
  return chosen.length === 1 ? [...patches, ...former.map(({ name }): ColumnPatch => ({ name, role: 'feature' }))] : [...patches]
}

/** The patches that bring columns back to what they are now. */
const formerValues = (columns: readonly DatasetColumn[], patches: readonly ColumnPatch[]): ColumnPatch[] =>
  patches.flatMap(({ name, role, knownWhen, unit, description }): ColumnPatch[] => {
    const column = columns.find((each) => each.name === name)
    if (!column) return []
    return [
      {
        name,
        ...(role !== undefined && { role: column.role }),
        ...(knownWhen !== undefined && { knownWhen: column.knownWhen }),
        ...(unit !== undefined && { unit: column.unit }),
        ...(description !== undefined && { description: column.description })
      }
    ]
  })

/** What edits columns of this version in place. */
export function useColumnChange({ ref, columns }: Pick<DatasetVersion, 'ref' | 'columns'>): { change: ColumnChange; busy: boolean } {
  const { run, busy } = useHostCommand('datasets.setColumns')
  const change = useCallback<ColumnChange>(
    async (given, said) => {
      const patches = withFormerTarget(columns, given)
      const previous = formerValues(columns, patches)
      const done = await run({ ref, columns: patches })
      if (done) showToast({ status: 'ok', title: said, action: { label: 'Undo', run: () => void run({ ref, columns: previous }) } })
    },
    [run, ref, columns]
  )
  return { change, busy }
}
