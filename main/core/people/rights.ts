import { WorkbenchError } from '../../model/errors'
import type { PersonId } from '../../model/reference'
import type { Person, Role } from '../../model/workspace'
import type { People, PeopleWriter } from './people-interface'
import type { OpenedKey } from './session'

const hasKey = (person: Person): boolean => person.keys.some((key) => key.retiredAt === undefined)

/** True for somebody who gave the passphrase, and for somebody who has no key to prove it with. */
export const isConfirmed = (person: Person): boolean => person.unlocked === true || !hasKey(person)

/** Somebody who is known by a public key alone proves nothing here, so nobody may be made to wait for them. */
const canProve = (person: Person): boolean => person.keys.some((key) => key.retiredAt === undefined && key.privateKeyPath !== null)

/** Approvers who can prove to be it. Before there is one, everybody sets up people and keys; afterwards they do. */
const governors = (people: People): Person[] =>
  people.list().filter((person) => person.leftAt === undefined && person.roles.includes('approver') && canProve(person))

/**
 * Throws FORBIDDEN unless who is at this machine may set up a person: an approver, or that person for what is only their own.
 * @param own the person whose own matter it is; null for what nobody does for themselves, such as roles
 */
export function assertManages(people: People, own: PersonId | null, what: string): void {
  const able = governors(people)
  if (able.length === 0) return
  const asker = people.current()
  if (asker && isConfirmed(asker) && (asker.id === own || asker.roles.includes('approver'))) return
  const who = `${own === null ? '' : `${people.get(own).name} or `}an approver (${able.map(({ name }) => name).join(', ')})`
  throw new WorkbenchError(
    'FORBIDDEN',
    `${what} takes ${who}, with the passphrase of the key. Nothing was changed. Let one of them take over: in the window under Settings, People and keys, on the command line with --as NAME.`
  )
}

/** Proves that a person acts: the passphrase opens the key; undefined where none is needed. Throws FORBIDDEN with the way. */
export async function proveIdentity(people: PeopleWriter, id: PersonId, passphrase: string | undefined): Promise<OpenedKey | undefined> {
  const person = people.get(id)
  if (person.leftAt !== undefined)
    throw new WorkbenchError('FORBIDDEN', `${person.name} left this workspace and acts here no more. Choose somebody else.`)
  const isAlready = person.current && passphrase === undefined
  if (isAlready) return undefined
  if (!hasKey(person)) {
    const isAlone = people.list().every((each) => each.id === id || each.leftAt !== undefined)
    if (person.current || isAlone) return undefined
    throw new WorkbenchError(
      'FORBIDDEN',
      `${person.name} has no key yet, so nobody can prove to be ${person.name}. Make a key first: in the window under Settings, People and keys, or with "drydock person key".`
    )
  }
  if (passphrase === undefined && person.keys.some((key) => key.usable))
    throw new WorkbenchError('FORBIDDEN', `Acting as ${person.name} takes the passphrase of the key of ${person.name}. Nobody took over.`)
  return people.openKey(id, passphrase ?? '')
}

/** Who decides now, with the key that signs it. Throws FORBIDDEN: nobody is known, the role is missing, or the passphrase was not given. */
export function assertDecides(people: PeopleWriter, role: Role, what: string): { person: Person; key: OpenedKey } {
  const person = people.current()
  if (!person)
    throw new WorkbenchError(
      'FORBIDDEN',
      `${what} is signed by a person, and nobody has introduced themselves. Add yourself: in the window under Settings, People and keys, or with "drydock person add".`
    )
  if (!person.roles.includes(role))
    throw new WorkbenchError(
      'FORBIDDEN',
      `${what} takes the role ${role}, which ${person.name} does not have. An approver gives roles: in the window under Settings, People and keys, or with "drydock person roles".`
    )
  const key = people.session.keyOf(person.id)
  if (!key)
    throw new WorkbenchError(
      'FORBIDDEN',
      hasKey(person)
        ? `${what} is signed with the key of ${person.name}, which is locked. Give its passphrase, then decide; on the command line --as asks for it.`
        : `${what} is signed with a key, and ${person.name} has none yet. Make one: in the window under Settings, People and keys, or with "drydock person key".`
    )
  return { person, key }
}
