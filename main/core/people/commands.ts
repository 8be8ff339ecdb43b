import { basename, resolve } from 'node:path'
import { peopleShapes } from '../../model/commands/people'
import { WorkbenchError } from '../../model/errors'
import type { Person, PersonInput, WorkspaceSummary } from '../../model/workspace'
import { writeFileDurably } from '../../storage/objects/durable-files'
import { anybody, commandsOn, type Rule } from '../commands'
import { openKeyFile } from './keyring'
import type { FoundKey, PeopleWriter } from './people'
import { printReference } from '../../model/reference'

interface On {
  people: PeopleWriter
  readonly workspace: WorkspaceSummary
}
const { change, task } = commandsOn<On>()

/** Keys of demo identities lie in the workspace, so that the sample works wherever it is copied; a real person's never may. */
const demoOnlyInSample: Rule<On, { demo: boolean }> = {
  name: 'demo identities only in a sample workspace',
  assert({ workspace }, { demo }) {
    if (demo && !workspace.sample)
      throw new WorkbenchError(
        'FORBIDDEN',
        'Demo identities belong into sample workspaces only. Nobody was added; add a real person instead.'
      )
  }
}

/** The address of a person stays out of the record: that leaves the workspace in bundles, the address does not. */
const facts = ({ name, title, roles }: Pick<PersonInput, 'name' | 'title' | 'roles'>) => ({ name, title, roles })
const keyOf = (person: Person, fingerprint: string) => ({
  subject: printReference({ kind: 'key', id: fingerprint }),
  before: null,
  after: { person: person.id }
})
const newestKey = (person: Person): string => person.keys[0]!.fingerprint

export const peopleCommands = {
  create: change({
    ...peopleShapes.create,
    name: 'people.create',
    allow: demoOnlyInSample,
    event: 'person.created',
    run: ({ people }, input) => people.create(input),
    tell: (person: Person) => ({
      subject: printReference({ kind: 'person', id: person.id }),
      before: null,
      after: { ...facts(person), demo: person.demo }
    })
  }),
  update: change({
    ...peopleShapes.update,
    name: 'people.update',
    allow: anybody,
    event: 'person.updated',
    before: ({ people }, { id }) => people.get(id),
    run: ({ people }, { id, ...person }) => people.update(id, person),
    tell: (person: Person, { id }, before) => ({
      subject: printReference({ kind: 'person', id }),
      before: facts(before),
      after: facts(person),
      ...(person.email !== before.email && { detail: { address: 'changed' } })
    })
  }),
  use: change({
    ...peopleShapes.use,
    name: 'people.use',
    allow: anybody,
    event: 'person.used',
    before: ({ people }) => people.current(),
    run: ({ people }, { id }) => people.use(id),
    tell: (person: Person, { id }, before) =>
      before?.id === id
        ? null
        : // By id alone: an entry about one person must not carry the name of another into a bundle.
          {
            subject: printReference({ kind: 'person', id }),
            before: { person: before?.id ?? null },
            after: { person: id },
            detail: { name: person.name }
          }
  }),
  createKey: task({
    ...peopleShapes.createKey,
    name: 'people.createKey',
    allow: anybody,
    event: 'key.added',
    async work({ people }, { id, passphrase }, { commit }) {
      const key = await people.makeKey(id, passphrase)
      return commit(() => people.addKey(id, key))
    },
    tell: (person: Person) => keyOf(person, newestKey(person))
  }),
  addKey: task({
    ...peopleShapes.addKey,
    name: 'people.addKey',
    allow: anybody,
    event: 'key.added',
    async work({ people }, { id, path, passphrase }, { commit }) {
      people.get(id)
      const { fingerprint, publicPem } = await openKeyFile(path, passphrase)
      const key: FoundKey = { fingerprint, publicPem, path: resolve(path) }
      return commit(() => people.addKey(id, key))
    },
    tell: (person: Person) => keyOf(person, newestKey(person))
  }),
  savePublicKey: task({
    ...peopleShapes.savePublicKey,
    name: 'people.savePublicKey',
    allow: anybody,
    event: 'key.saved',
    async work({ people }, { fingerprint, path }, { commit }) {
      await writeFileDurably(path, people.publicKey(fingerprint))
      return commit(() => ({ path }))
    },
    // Only the name of the file: where a person keeps things is nobody else's business.
    tell: (_saved: { path: string }, { fingerprint, path }) => ({
      subject: printReference({ kind: 'key', id: fingerprint }),
      after: { file: basename(path) }
    })
  })
}
