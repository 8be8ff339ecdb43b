import { Option } from 'commander'
import type { CommandGroup } from './command'

const checkExamples = `
Exit codes: 0 it may be applied, or its version runs already, 1 it is refused, with the reason.

Examples:
  drydock update check drydock-0.2.0-linux-x64.drydock-update
  drydock update check /media/stick/release-0.2.0-linux-x64       a release folder
  drydock update check FILE --release-key release.pub.pem         from a checkout, which pins no key`

const applyExamples = `
Nothing is changed unless the file holds: exit code 1 says that it was refused. The version before is kept, see "drydock update back".

Examples:
  drydock update apply drydock-0.2.0-linux-x64.drydock-update
  drydock update apply FILE --for machine        take out the package, and print the command for the administrator`

export const updateCommands: CommandGroup = {
  place: 8,
  nouns: { update: 'bring a new version of Drydock from a file; a network is never asked' },
  add(add) {
    add(
      'update check',
      'check an update file or release folder: who signed it, whether it may be applied, what changes, what becomes of the workspaces',
      (c) =>
        c
          .argument('<path>', 'a file *.drydock-update, or a release folder')
          .option('--release-key <file>', 'a public key whose releases are taken; for a checkout, which pins none')
          .addHelpText('after', checkExamples),
      async () => (await import('./update-work')).check
    )
    add(
      'update apply',
      'put the version of an update file in place, after a backup, or hand its package over to the administrator',
      (c) =>
        c
          .argument('<path>', 'a file *.drydock-update, or a release folder')
          .addOption(new Option('--for <whom>', 'for this user, or for everybody on this machine').choices(['me', 'machine']).default('me'))
          .option('--without-backup', 'back up nothing before; what the new version migrates can then not be had back')
          .addHelpText('after', applyExamples),
      async () => (await import('./update-work')).apply
    )
    add(
      'update back',
      'let the version before start again, and say which backups to restore',
      (c) => c,
      async () => (await import('./update-work')).back
    )
    add(
      'update list',
      'list the versions on this machine: which runs, which starts next, when and by whom each was applied',
      (c) => c,
      async () => (await import('./update-work')).list
    )
  }
}
