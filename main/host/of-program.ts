import { contract } from '../../preload/contract'
import type { Definition } from '../../preload/wire/definitions'
import { WorkbenchError } from '../model/errors'

const { create, open, close, setTrust, forget, createSample, status, recent, sampleDefault } = contract.workspace
const { examineDamaged, repairDamaged, salvageDamaged, restoreBackup, openMended, leaveDamaged } = contract.workspace
const waysBack = [examineDamaged, repairDamaged, salvageDamaged, restoreBackup, openMended, leaveDamaged]
const changing: ReadonlySet<Definition> = new Set([create, open, close, setTrust, forget, createSample, ...waysBack])
const own: ReadonlySet<Definition> = new Set([
  ...changing,
  status,
  recent,
  sampleDefault,
  ...Object.values(contract.system),
  ...Object.values(contract.updates)
])

/** Whether a call is about the program that answers it, and not about the workspace that is open. */
export const isOfProgram = (definition: Definition): boolean => own.has(definition)

/** Refuses what would change which workspace a program has open; for callers that are no window of it. */
export function refuseOfProgram(definition: Definition): undefined {
  if (changing.has(definition))
    throw new WorkbenchError(
      'FORBIDDEN',
      'Another program has this workspace open, and which one it has open is its own affair. Nothing was done. Do it there, or close it there first.'
    )
}
