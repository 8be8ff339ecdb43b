import { z } from 'zod'
import { shape } from '../../model/commands/shape'
import type { WorkspaceSummary } from '../../model/workspace'
import { anybody, commandsOn } from '../commands'

const { change } = commandsOn<{ readonly workspace: Pick<WorkspaceSummary, 'id'> }>()
const facts = z.record(z.string(), z.unknown())

/** One line of the record for what befell the workspace itself; only the program asks for them. */
const noted = <N extends string, E extends string>(name: N, event: E) =>
  change({
    ...shape(facts, facts, []),
    name,
    allow: anybody,
    event,
    run: (_scope, told) => told,
    tell: (told, _input, _before, { workspace }) => ({ subject: `workspace:${workspace.id}`, after: told })
  })

export const recoveryCommands = {
  noteLoss: noted('recovery.noteLoss', 'workspace.lost'),
  noteRepair: noted('recovery.noteRepair', 'workspace.repaired'),
  noteSalvage: noted('recovery.noteSalvage', 'workspace.salvaged')
}
