import type { KeyObject } from 'node:crypto'
import type { PersonId, Sha256 } from '../../model/reference'
import type { Person, PersonInput, PersonKey, Role } from '../../model/workspace'
import type { Session } from './session'

/** The people of a workspace: printed names, roles and public keys. Private keys stay in key files. */
export interface People {
  list(): Person[]
  get(id: PersonId): Person
  /** Whose name new records carry; undefined in a workspace where nobody has introduced themselves. */
  current(): Person | undefined
  /** The name of a person and those that the person had before. */
  namesOf(id: PersonId): string[]
  /** Throws NOT_FOUND. */
  publicKey(fingerprint: string): string
  /** Who has a key, also one that was retired. */
  holderOf(fingerprint: string): { person: Person; key: PersonKey } | undefined
  /** Throws FORBIDDEN for a key that was retired, and for one of a person who left; keys of nobody here may sign. */
  assertMaySign(fingerprint: string): void
  /** The private half of a person's newest key on this machine. Throws CONFLICT, FORBIDDEN, or SIGNATURE_INVALID where the file holds another key. */
  openKey(id: PersonId, passphrase: string): Promise<{ key: KeyObject; fingerprint: Sha256 }>
}

/** A key before a person has it. `path` is where its private half lies, as the ledger keeps it; null where only its holder knows. */
export interface FoundKey {
  fingerprint: Sha256
  publicPem: string
  path: string | null
}

/** What the commands of this feature write with; each call joins their transaction. */
export interface PeopleWriter extends People {
  readonly session: Session
  /** Throws CONFLICT for a name that somebody has or had. */
  create(input: Omit<PersonInput, 'roles'> & { roles?: Role[]; demo: boolean }): Person
  update(id: PersonId, input: PersonInput): Person
  use(id: PersonId): Person
  leave(id: PersonId): Person
  retireKey(fingerprint: Sha256): Person
  /** Makes a key file; the ledger does not have it yet. */
  makeKey(id: PersonId, passphrase: string): Promise<FoundKey>
  /** Throws CONFLICT when somebody has this key; the private half of one that was known by its public half alone is added to it. */
  addKey(id: PersonId, key: FoundKey): Person
}
