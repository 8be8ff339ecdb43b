import { existsSync } from 'node:fs'
import { isAbsolute, relative, resolve, join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { Person, PersonInput, PersonKey } from '../../model/workspace'
import type { WorkspaceContext } from '../workspace'
import { createKeyring, type Keyring } from './keyring'
import { person as personTable, personKey, setting, type KeyRow, type PersonRow } from './tables'
import { type Sha256, PersonId } from '../../model/reference'

/** The people of a workspace: printed names, roles and public keys. Private keys stay in key files. */
export interface People {
  list(): Person[]
  get(id: PersonId): Person
  /** Whose name new records carry; undefined in a workspace where nobody has introduced themselves. */
  current(): Person | undefined
  /** Throws NOT_FOUND. */
  publicKey(fingerprint: string): string
}

/** A key before a person has it. `path` is where its private half lies, as the ledger keeps it. */
export interface FoundKey {
  fingerprint: Sha256
  publicPem: string
  path: string
}

/** What the commands of this feature write with; each call joins their transaction. */
export interface PeopleWriter extends People {
  create(input: PersonInput & { demo: boolean }): Person
  update(id: PersonId, input: PersonInput): Person
  use(id: PersonId): Person
  /** Makes a key file; the ledger does not have it yet. */
  makeKey(id: PersonId, passphrase: string): Promise<FoundKey>
  /** Throws CONFLICT when somebody else has this key. */
  addKey(id: PersonId, key: FoundKey): Person
}

/**
 * Opens the people of a workspace. Keys made here go to the user's own keyring, so that copying the workspace never
 * copies a private key; demo keys lie in the workspace because the sample must work wherever it is copied.
 */
export function createPeople(context: WorkspaceContext, userKeyring: Keyring): PeopleWriter {
  const { ledger, clock, newId, directory, log } = context
  const demoKeyring = createKeyring(join(directory, 'keys'), clock, (text) => log('warn', text))

  const keyPathOf = (stored: string | null): string | null =>
    stored === null ? null : isAbsolute(stored) ? stored : resolve(directory, stored)
  const toKey = (row: KeyRow): PersonKey => {
    const path = keyPathOf(row.private_path)
    return {
      fingerprint: row.fingerprint,
      publicPem: row.public_pem,
      createdAt: row.created_at,
      usable: path !== null && existsSync(path),
      privateKeyPath: path
    }
  }
  const currentId = (): PersonId | undefined =>
    ledger.get<{ value: PersonId }>("SELECT value FROM setting WHERE key = 'current-person'")?.value
  const setCurrent = (id: PersonId): void => ledger.insert(setting, { key: 'current-person', value: id }, 'OR REPLACE')
  const toPerson = (row: PersonRow): Person => ({
    id: row.id,
    name: row.name,
    title: row.title,
    email: row.email,
    roles: JSON.parse(row.roles),
    demo: row.demo === 1,
    current: row.id === currentId(),
    createdAt: row.created_at,
    keys: ledger.all<KeyRow>('SELECT * FROM person_key WHERE person_id = ? ORDER BY rowid DESC', row.id).map(toKey)
  })
  const get = (id: PersonId): Person => {
    const row = ledger.get<PersonRow>('SELECT * FROM person WHERE id = ?', id)
    if (!row) throw new WorkbenchError('NOT_FOUND', `There is no person "${id}" in this workspace. Choose one under Settings, People.`)
    return toPerson(row)
  }
  return {
    get,
    list: () => ledger.all<PersonRow>('SELECT * FROM person ORDER BY rowid').map(toPerson),
    current: () => {
      const id = currentId()
      return id === undefined ? undefined : get(id)
    },
    publicKey(fingerprint) {
      const row = ledger.get<KeyRow>('SELECT * FROM person_key WHERE fingerprint = ?', fingerprint)
      if (!row) throw new WorkbenchError('NOT_FOUND', `No key ${fingerprint.slice(0, 8)} in this workspace.`)
      return row.public_pem
    },
    create(person) {
      const id = PersonId.parse(newId())
      ledger.insert(personTable, {
        id,
        name: person.name,
        title: person.title,
        email: person.email,
        roles: JSON.stringify(person.roles),
        demo: person.demo ? 1 : 0,
        created_at: clock().toISOString()
      })
      if (currentId() === undefined) setCurrent(id)
      return get(id)
    },
    update(id, person) {
      ledger.run(
        'UPDATE person SET name = ?, title = ?, email = ?, roles = ? WHERE id = ?',
        person.name,
        person.title,
        person.email,
        JSON.stringify(person.roles),
        id
      )
      return get(id)
    },
    use(id) {
      setCurrent(get(id).id)
      return get(id)
    },
    async makeKey(id, passphrase) {
      const { name, demo } = get(id)
      const card = await (demo ? demoKeyring : userKeyring).create(name, passphrase, { demo })
      return { fingerprint: card.fingerprint, publicPem: card.publicPem, path: demo ? relative(directory, card.keyPath) : card.keyPath }
    },
    addKey(id, { fingerprint, publicPem, path }) {
      const holder = ledger.get<KeyRow>('SELECT * FROM person_key WHERE fingerprint = ?', fingerprint)
      if (holder)
        throw new WorkbenchError(
          'CONFLICT',
          `This key already belongs to ${get(holder.person_id).name}. A key identifies one person; make another key.`
        )
      ledger.insert(personKey, {
        fingerprint,
        person_id: id,
        public_pem: publicPem,
        private_path: path,
        created_at: clock().toISOString()
      })
      return get(id)
    }
  }
}
