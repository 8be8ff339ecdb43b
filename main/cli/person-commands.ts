import { personRoles } from '../model/choice-words'
import type { CommandGroup } from './command'

const directory = ['-w, --workspace <dir>', 'the workspace'] as const
const reason = ['--reason <text>', 'why; kept for good'] as const

export const personCommands: CommandGroup = {
  place: 1.7,
  nouns: { person: 'who works in a workspace, their roles and keys' },
  add(add) {
    add(
      'person list',
      'who is known here, with roles and keys',
      (c) => c.requiredOption(...directory),
      async () => (await import('./person-work')).listPeople
    )
    add(
      'person add',
      'add a person; the first of a workspace has every role, everybody after is an author',
      (c) =>
        c
          .argument('<name>', 'printed name')
          .requiredOption(...directory)
          .option('--title <text>', 'position')
          .option('--email <address>', 'stays in the workspace')
          .option('--role <role...>', personRoles.join(', ')),
      async () => (await import('./person-work')).addPerson
    )
    add(
      'person roles',
      'give a person other roles; once an approver has a key, approvers do this',
      (c) =>
        c
          .argument('<name>', 'printed name')
          .requiredOption(...directory)
          .requiredOption('--role <role...>', `all that the person has from now on: ${personRoles.join(', ')}`),
      async () => (await import('./person-work')).giveRoles
    )
    add(
      'person use',
      'whose name new records carry from now on; asks for the passphrase of the key',
      (c) => c.argument('<name>', 'printed name').requiredOption(...directory),
      async () => (await import('./person-work')).usePerson
    )
    add(
      'person key',
      'make a signing key for a person, take one in, or give out its public half',
      (c) =>
        c
          .argument('<name>', 'printed name')
          .requiredOption(...directory)
          .option('--file <key.pem>', 'take in a private key that was made elsewhere')
          .option('--public <pub.pem>', 'take in the public key of a person who signs elsewhere')
          .option('--public-out <pub.pem>', 'make none: write the public half of the newest key there'),
      async () => (await import('./person-keys')).keyOfPerson
    )
    add(
      'person retire-key',
      'a key signs nothing more; what it signed stays',
      (c) =>
        c
          .argument('<fingerprint>', 'as "person list" shows it')
          .requiredOption(...directory)
          .requiredOption(...reason),
      async () => (await import('./person-keys')).retireKey
    )
    add(
      'person leave',
      'somebody leaves: stays in the record, acts and signs no more',
      (c) =>
        c
          .argument('<name>', 'printed name')
          .requiredOption(...directory)
          .requiredOption(...reason),
      async () => (await import('./person-work')).leavePerson
    )
  }
}
