import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { PersonId } from '../../model/reference'
import { RoleWord, type Person, type PersonKey } from '../../model/workspace'
import type { WorkspaceContext } from '../workspace'
import type { People } from './people-interface'
import type { Session } from './session'
import type { KeyRow, PersonRow } from './tables'

/** What is read of the people of a workspace. */
export type StoredPeople = Pick<People, 'list' | 'get' | 'current' | 'namesOf' | 'holderOf'>

/** Reads people and keys out of the ledger; who acts, and whose key is open, the session knows. */
export function createStoredPeople({ ledger, directory }: WorkspaceContext, session: Session): StoredPeople {
  const currentId = (): PersonId | undefined =>
    session.actingAs() ?? ledger.get<{ value: PersonId }>("SELECT value FROM setting WHERE key = 'current-person'")?.value
  const keysOf = (row: PersonRow): PersonKey[] =>
    ledger.all<KeyRow>('SELECT * FROM person_key WHERE person_id = ? ORDER BY rowid DESC', row.id).map((key) => {
      const known = toKey(key, directory)
      return { ...known, usable: known.usable && row.left_at === null }
    })
  const toPerson = (row: PersonRow): Person => ({
    id: row.id,
    name: row.name,
    title: row.title,
    email: row.email,
    roles: RoleWord.array().parse(JSON.parse(row.roles)),
    demo: row.demo === 1,
    current: row.id === currentId(),
    createdAt: row.created_at,
    keys: keysOf(row),
    ...(session.isUnlocked(row.id) && { unlocked: true as const }),
    ...(row.left_at !== null && { leftAt: row.left_at })
  })
  const get = (id: PersonId): Person => {
    const row = ledger.get<PersonRow>('SELECT * FROM person WHERE id = ?', id)
    if (!row) throw new WorkbenchError('NOT_FOUND', `There is no person "${id}" in this workspace. Choose one who is listed.`)
    return toPerson(row)
  }
  return {
    get,
    list: () => ledger.all<PersonRow>('SELECT * FROM person ORDER BY rowid').map(toPerson),
    current: () => {
      const id = currentId()
      return id === undefined ? undefined : get(id)
    },
    namesOf: (id) => [
      get(id).name,
      ...ledger.all<{ name: string }>('SELECT name FROM person_former_name WHERE person_id = ?', id).map(({ name }) => name)
    ],
    holderOf: (fingerprint) => {
      const row = ledger.get<KeyRow>('SELECT * FROM person_key WHERE fingerprint = ?', fingerprint)
      return row && { person: get(row.person_id), key: toKey(row, directory) }
    }
  }
}

function toKey(row: KeyRow, directory: string): PersonKey {
  const path = row.private_path === null || isAbsolute(row.private_path) ? row.private_path : resolve(directory, row.private_path)
  return {
    fingerprint: row.fingerprint,
    publicPem: row.public_pem,
    createdAt: row.created_at,
    usable: row.retired_at === null && path !== null && existsSync(path),
    privateKeyPath: path,
    ...(row.retired_at !== null && { retiredAt: row.retired_at })
  }
}

/** Throws FORBIDDEN for somebody who left. */
export function assertPresent(person: Person): void {
  if (person.leftAt !== undefined)
    throw new WorkbenchError('FORBIDDEN', `${person.name} left this workspace and neither acts nor signs here any more. Nothing was done.`)
}
