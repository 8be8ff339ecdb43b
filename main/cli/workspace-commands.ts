import type { CommandGroup } from './command'
import { withTemplateOptions } from './template-options'

export const workspaceCommands: CommandGroup = {
  place: 1,
  nouns: { workspace: 'look at a workspace, trust it' },
  add(add) {
    add(
      'init',
      'create a workspace in a new or empty folder',
      (c) => withTemplateOptions(c.argument('<dir>', 'the folder').option('--name <name>', 'name of the workspace')),
      async () => (await import('./workspace-work')).createWorkspace
    )
    add(
      'sample',
      'create the sample workspace and run the whole job in it',
      (c) => c.argument('<dir>', 'a new or empty folder, or an existing sample'),
      async () => (await import('./workspace-work')).createSample
    )
    add(
      'workspace show',
      'show what a workspace is, whether it is restricted, and what in it is unfinished',
      (c) => c.requiredOption('-w, --workspace <dir>', 'the workspace'),
      async () => (await import('./workspace-work')).showWorkspace
    )
    add(
      'workspace trust',
      'let the pipelines of a workspace run on this machine; for this folder and for you only',
      (c) => c.requiredOption('-w, --workspace <dir>', 'the workspace'),
      async () => (await import('./workspace-work')).trustWorkspace
    )
    add(
      'workspace distrust',
      'let no new run or step start in a workspace, whoever has it open, and open it restricted from now on',
      (c) => c.requiredOption('-w, --workspace <dir>', 'the workspace'),
      async () => (await import('./workspace-work')).distrustWorkspace
    )
  }
}
