import type { CommandGroup } from './command'

export const recordCommands: CommandGroup = {
  place: 6,
  nouns: { record: 'who did what in a workspace' },
  add(add) {
    add(
      'record check',
      'recompute the record of who did what, and hold it against the record in bundles',
      (c) =>
        c
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--bundle <path...>', 'a bundle that was exported from this workspace and kept elsewhere'),
      async () => (await import('./record-work')).checkRecord
    )
  }
}
