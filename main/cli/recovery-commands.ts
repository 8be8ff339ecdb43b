import type { CommandGroup } from './command'

export const recoveryCommands: CommandGroup = {
  place: 1.5,
  nouns: { workspace: 'look at a workspace, mend it, back it up' },
  add(add) {
    add(
      'workspace doctor',
      'check a workspace, also one that does not open, and mend it where that is asked for',
      (c) =>
        c
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--repair', 'repair it in its place from copies and content; what was damaged is put aside')
          .option('--salvage <new>', 'leave it as it is, and make a new workspace of what can be read')
          .option('--from <path...>', 'folders, bundles or backups to look for lost files in'),
      async () => (await import('./recovery-work')).doctorWorkspace
    )
    add(
      'workspace backup',
      'copy a workspace, which may be in use, into a new folder or a file *.drydock-backup, and read the copy again',
      (c) =>
        c
          .argument('<backup>', 'a new folder, or a file that ends in .drydock-backup')
          .requiredOption('-w, --workspace <dir>', 'the workspace'),
      async () => (await import('./recovery-work')).backupWorkspace
    )
    add(
      'workspace restore',
      'make a workspace of a backup; every file of it is checked',
      (c) => c.argument('<backup>', 'a backup, folder or file').argument('<new>', 'a new or empty folder'),
      async () => (await import('./recovery-work')).restoreBackup
    )
    add(
      'workspace gc',
      'delete files that nothing in the workspace names any more; never while it is in use',
      (c) => c.requiredOption('-w, --workspace <dir>', 'the workspace').option('--dry-run', 'only say what would be deleted'),
      async () => (await import('./recovery-work')).collectUnused
    )
  }
}
