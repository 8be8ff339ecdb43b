import { basename, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { peopleShapes } from '../../model/commands/people'
import { WorkbenchError } from '../../model/errors'
import type { PersonId, Sha256 } from '../../model/reference'
import type { Person, PersonInput, Role, WorkspaceSummary } from '../../model/workspace'
import { writeFileDurably } from '../../storage/objects/durable-files'
import { anybody, commandsOn, type Rule } from '../commands'
import { openKeyFile, readPublicKeyFile } from './keyring'
import type { FoundKey, PeopleWriter } from './people-interface'
import { assertManages, proveIdentity } from './rights'
import { printReference } from '../../model/reference'

interface On {
  people: PeopleWriter
  readonly workspace: WorkspaceSummary
}
const { change, task } = commandsOn<On>()

/** Keys of demo identities lie in the workspace, so that the sample works wherever it is copied; a real person's never may. */
const newcomer: Rule<On, { demo: boolean; roles?: Role[] }> = {
  name: 'demo identities only in a sample workspace; other roles than author are given by an approver',
  assert({ workspace, people }, { demo, roles = [] }) {
    if (roles.some((role) => role !== 'author')) assertManages(people, null, 'Giving roles')
    if (demo && !workspace.sample)
      throw new WorkbenchError(
        'FORBIDDEN',
        'Demo identities belong into sample workspaces only. Nobody was added; add a real person instead.'
      )
  }
}

const manages =
  <I>(what: string, own: (scope: On, input: I) => PersonId | null) =>
  (scope: On, input: I): void =>
    assertManages(scope.people, own(scope, input), what)

/** Before somebody can prove to be an approver, everybody sets up people; then approvers do, and everybody what is their own. */
const setsUp = {
  people: (what: string): Rule<On, { id: PersonId }> => ({
    name: 'the person, or an approver',
    assert: manages(what, (_scope, { id }) => id)
  }),
  roles: {
    name: 'roles are given by an approver, names are changed by the person or an approver',
    assert({ people }, { id, name, roles }) {
      const before = people.get(id)
      if (!isDeepStrictEqual([...roles].sort(), [...before.roles].sort())) assertManages(people, null, 'Giving or taking roles')
      if (name !== before.name) assertManages(people, id, `Changing the name of ${before.name}`)
    }
  } satisfies Rule<On, PersonInput & { id: PersonId }>
}

/** The address of a person stays out of the record: that leaves the workspace in bundles, the address does not. */
const facts = ({ name, title, roles }: Pick<PersonInput, 'name' | 'title' | 'roles'>) => ({ name, title, roles })
const keyOf = (person: Person, fingerprint: string) => ({
  subject: printReference({ kind: 'key', id: fingerprint }),
  before: null,
  after: { person: person.id }
})
const newestKey = (person: Person): string => person.keys[0]!.fingerprint

/** Who adds a key of their own has just given its passphrase. */
async function unlocked(people: PeopleWriter, id: PersonId, passphrase: string): Promise<Person> {
  if (people.current()?.id === id) people.session.unlock(id, await people.openKey(id, passphrase))
  return people.get(id)
}

export const peopleCommands = {
  create: change({
    ...peopleShapes.create,
    name: 'people.create',
    allow: newcomer,
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
    allow: setsUp.roles,
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
  use: task({
    ...peopleShapes.use,
    name: 'people.use',
    allow: anybody,
    event: 'person.used',
    before: ({ people }) => people.current(),
    async work({ people }, { id, passphrase, session = false }, { commit }) {
      const key = await proveIdentity(people, id, passphrase)
      commit(() => ({ person: session ? people.get(id) : people.use(id), key: key?.fingerprint }))
      people.session.switchTo(id, { onlyHere: session })
      if (key) people.session.unlock(id, key)
      return people.get(id)
    },
    tell: ({ person, key }: { person: Person; key?: Sha256 }, { id, session }, before) =>
      before?.id === id && key === undefined
        ? null
        : // By id alone: an entry about one person must not carry the name of another into a bundle.
          {
            subject: printReference({ kind: 'person', id }),
            before: { person: before?.id ?? null },
            after: { person: id },
            detail: { name: person.name, proof: key ?? 'none', ...(session && { until: 'the workspace is closed' }) }
          }
  }),
  leave: change({
    ...peopleShapes.leave,
    name: 'people.leave',
    allow: setsUp.people('Taking a person out'),
    event: 'person.left',
    run: ({ people }, { id }) => people.leave(id),
    tell: (person: Person, { id, reason }) => ({
      subject: printReference({ kind: 'person', id }),
      before: { left: false },
      after: { left: true },
      detail: { name: person.name, reason }
    })
  }),
  retireKey: change({
    ...peopleShapes.retireKey,
    name: 'people.retireKey',
    allow: {
      name: 'the holder of the key, or an approver',
      assert: manages(
        'Retiring a key',
        ({ people }, { fingerprint }: { fingerprint: Sha256 }) => people.holderOf(fingerprint)?.person.id ?? null
      )
    },
    event: 'key.retired',
    run: ({ people }, { fingerprint }) => people.retireKey(fingerprint),
    tell: (person: Person, { fingerprint, reason }) => ({
      subject: printReference({ kind: 'key', id: fingerprint }),
      before: { retired: false },
      after: { retired: true, person: person.id },
      detail: { reason }
    })
  }),
  createKey: task({
    ...peopleShapes.createKey,
    name: 'people.createKey',
    allow: setsUp.people('Adding a key'),
    event: 'key.added',
    async work({ people }, { id, passphrase }, { commit }) {
      const key = await people.makeKey(id, passphrase)
      commit(() => people.addKey(id, key))
      return unlocked(people, id, passphrase)
    },
    tell: (person: Person) => keyOf(person, newestKey(person))
  }),
  addKey: task({
    ...peopleShapes.addKey,
    name: 'people.addKey',
    allow: setsUp.people('Adding a key'),
    event: 'key.added',
    async work({ people }, { id, path, passphrase }, { commit }) {
      people.get(id)
      const { fingerprint, publicPem } = await openKeyFile(path, passphrase)
      const key: FoundKey = { fingerprint, publicPem, path: resolve(path) }
      commit(() => people.addKey(id, key))
      return unlocked(people, id, passphrase)
    },
    tell: (person: Person) => keyOf(person, newestKey(person))
  }),
  addPublicKey: task({
    ...peopleShapes.addPublicKey,
    name: 'people.addPublicKey',
    allow: setsUp.people('Adding a key'),
    event: 'key.added',
    async work({ people }, { id, path, fingerprint }, { commit }) {
      people.get(id)
      const key: FoundKey = { ...(await readPublicKeyFile(path)), path: null }
      if (fingerprint !== undefined && key.fingerprint !== fingerprint)
        throw new WorkbenchError(
          'DIGEST_MISMATCH',
          `"${basename(path)}" holds another key than the one that was shown. No key was added. Choose the file again and compare the fingerprint.`,
          { details: { expected: fingerprint, found: key.fingerprint } }
        )
      return commit(() => people.addKey(id, key))
    },
    tell: (person: Person) => ({ ...keyOf(person, newestKey(person)), detail: { half: 'public' } })
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
