import { z } from 'zod'
import { shape } from '../../model/commands/shape'
import { workspaceShapes } from '../../model/commands/workspace'
import { WorkspaceSummary } from '../../model/workspace'
import { anybody, commandsOn } from '../commands'

interface On {
  readonly workspace: WorkspaceSummary
  /** Writes the name into the folder; the open workspace has it from then on. */
  rename(name: string): Promise<WorkspaceSummary>
}
const { change, task } = commandsOn<On>()

export const workspaceCommands = {
  rename: task({
    ...workspaceShapes.rename,
    name: 'workspace.rename',
    allow: anybody,
    event: 'workspace.renamed',
    async work({ rename }, { name }, { commit }) {
      const renamed = await rename(name)
      return commit(() => renamed)
    },
    before: ({ workspace }) => workspace.name,
    tell: ({ id, name }: WorkspaceSummary, _input, before) =>
      name === before ? null : { subject: `workspace:${id}`, before: { name: before }, after: { name } }
  })
}

/** The first entry of every record; whoever makes the folder asks for it. */
export const beginCommands = {
  begin: change({
    ...shape(z.object({}), WorkspaceSummary, []),
    name: 'workspaces.begin',
    allow: anybody,
    event: 'workspace.created',
    run: ({ workspace }) => workspace,
    tell: ({ id, name, sample }: WorkspaceSummary) => ({ subject: `workspace:${id}`, before: null, after: { name, sample } })
  })
}
