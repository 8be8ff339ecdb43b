import { existsSync } from 'node:fs'
import { isAbsolute, relative, resolve, join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import { PersonInput, type Person, type PersonKey } from '../../model/workspace'
import { writeFileDurably } from '../../storage/objects/durable-files'
import type { WorkspaceContext } from '../workspace'
import { createKeyring, openKeyFile, type Keyring } from './keyring'

/** The people of a workspace: printed names, roles and public keys. Private keys stay in key files. */
export interface People {
  list(): Person[]
  get(id: string): Person
  /** Whose name new records carry; undefined in a workspace where nobody has introduced themselves. */
  current(): Person | undefined
  create(input: PersonInput, options?: { demo?: boolean }): Person
  update(id: string, input: PersonInput): Person
  use(id: string): Person
  createKey(id: string, passphrase: string): Promise<Person>
  addKey(id: string, path: string, passphrase: string): Promise<Person>
  savePublicKey(fingerprint: string, path: string): Promise<void>
}

interface PersonRow {
  id: string
  name: string
  title: string
  email: string
  roles: string
  demo: number
  created_at: string
}
interface KeyRow {
  fingerprint: string
  person_id: string
  public_pem: string
  private_path: string | null
  created_at: string
}

/**
 * Opens the people of a workspace. Keys made here go to the user's own keyring, so that copying the workspace never
 * copies a private key; demo keys lie in the workspace because the sample must work wherever it is copied.
 */
export function createPeople(
  context: WorkspaceContext,
  userKeyring: Keyring,
  record: (action: string, subject: string, detail?: Record<string, unknown>) => void
): People {
  const { ledger, clock, newId, directory } = context
  const demoKeyring = createKeyring(join(directory, 'keys'), clock)

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
  const currentId = (): string | undefined => ledger.get<{ value: string }>("SELECT value FROM setting WHERE key = 'current-person'")?.value
  const toPerson = (row: PersonRow): Person => ({
    id: row.id,
    name: row.name,
    title: row.title,
    email: row.email,
    roles: JSON.parse(row.roles),
    demo: row.demo === 1,
    current: row.id === currentId(),
    createdAt: row.created_at,
    keys: ledger.all<KeyRow>('SELECT * FROM person_key WHERE person_id = ? ORDER BY created_at DESC', row.id).map(toKey)
  })
  const get = (id: string): Person => {
    const row = ledger.get<PersonRow>('SELECT * FROM person WHERE id = ?', id)
    if (!row) throw new WorkbenchError('NOT_FOUND', `There is no person "${id}" in this workspace. Choose one under Settings, People.`)
    return toPerson(row)
  }
  const addKeyRow = (id: string, fingerprint: string, publicPem: string, privatePath: string): Person =>
    ledger.transaction(() => {
      const holder = ledger.get<KeyRow>('SELECT * FROM person_key WHERE fingerprint = ?', fingerprint)
      if (holder)
        throw new WorkbenchError(
          'CONFLICT',
          `This key already belongs to ${get(holder.person_id).name}. A key identifies one person; make another key.`
        )
      ledger.run('INSERT INTO person_key VALUES(?,?,?,?,?)', fingerprint, id, publicPem, privatePath, clock().toISOString())
      record('key.added', `key:${fingerprint}`, { person: id })
      context.changed('people')
      return get(id)
    })
  return {
    get,
    list: () => ledger.all<PersonRow>('SELECT * FROM person ORDER BY created_at').map(toPerson),
    current: () => {
      const id = currentId()
      return id === undefined ? undefined : get(id)
    },
    create: (input, { demo = false } = {}) =>
      ledger.transaction(() => {
        const person = PersonInput.parse(input)
        const id = newId()
        ledger.run(
          'INSERT INTO person VALUES(?,?,?,?,?,?,?)',
          id,
          person.name,
          person.title,
          person.email,
          JSON.stringify(person.roles),
          demo ? 1 : 0,
          clock().toISOString()
        )
        if (currentId() === undefined) ledger.run("INSERT OR REPLACE INTO setting VALUES('current-person', ?)", id)
        record('person.created', `person:${id}`, { name: person.name, roles: person.roles, demo })
        context.changed('people')
        return get(id)
      }),
    update: (id, input) =>
      ledger.transaction(() => {
        const person = PersonInput.parse(input)
        get(id)
        ledger.run(
          'UPDATE person SET name = ?, title = ?, email = ?, roles = ? WHERE id = ?',
          person.name,
          person.title,
          person.email,
          JSON.stringify(person.roles),
          id
        )
        record('person.updated', `person:${id}`, { name: person.name, roles: person.roles })
        context.changed('people')
        return get(id)
      }),
    use: (id) =>
      ledger.transaction(() => {
        get(id)
        ledger.run("INSERT OR REPLACE INTO setting VALUES('current-person', ?)", id)
        context.changed('people')
        return get(id)
      }),
    async createKey(id, passphrase) {
      const person = get(id)
      const card = await (person.demo ? demoKeyring : userKeyring).create(person.name, passphrase, { demo: person.demo })
      return addKeyRow(id, card.fingerprint, card.publicPem, person.demo ? relative(directory, card.keyPath) : card.keyPath)
    },
    async addKey(id, path, passphrase) {
      get(id)
      const key = await openKeyFile(path, passphrase)
      return addKeyRow(id, key.fingerprint, key.publicPem, resolve(path))
    },
    async savePublicKey(fingerprint, path) {
      const row = ledger.get<KeyRow>('SELECT * FROM person_key WHERE fingerprint = ?', fingerprint)
      if (!row) throw new WorkbenchError('NOT_FOUND', `No key ${fingerprint.slice(0, 8)} in this workspace.`)
      await writeFileDurably(path, row.public_pem)
    }
  }
}
