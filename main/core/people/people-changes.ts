import type { WorkspaceContext } from '../workspace'
import { PersonId } from '../../model/reference'
import { Role } from '../../model/workspace'
import { assertFreeName } from './names'
import type { PeopleWriter } from './people-interface'
import type { Session } from './session'
import { assertPresent, type StoredPeople } from './stored-people'
import { person as personTable, personFormerName, setting } from './tables'

/** How people come, change and go; each call joins the caller's transaction. */
export function createPeopleChanges(
  { ledger, clock, newId }: WorkspaceContext,
  { get, list, namesOf, current }: StoredPeople,
  session: Session
): Pick<PeopleWriter, 'create' | 'update' | 'use' | 'leave'> {
  const setCurrent = (id: PersonId): void => ledger.insert(setting, { key: 'current-person', value: id }, 'OR REPLACE')
  const assertName = (name: string, own?: PersonId): void =>
    assertFreeName(
      name,
      list()
        .filter(({ id }) => id !== own)
        .map((person) => ({ person, names: namesOf(person.id) }))
    )
  return {
    create({ name, title, email, roles, demo }) {
      assertName(name)
      const id = PersonId.parse(newId())
      ledger.insert(personTable, {
        id,
        name,
        title,
        email,
        roles: JSON.stringify(roles ?? (list().length === 0 ? Role.options : ['author'])),
        demo: demo ? 1 : 0,
        created_at: clock().toISOString()
      })
      if (current() === undefined) setCurrent(id)
      return get(id)
    },
    update(id, { name, title, email, roles }) {
      const before = get(id)
      assertPresent(before)
      if (name !== before.name) {
        assertName(name, id)
        ledger.insert(personFormerName, { person_id: id, name: before.name, until: clock().toISOString() })
      }
      const values = [name, title, email, JSON.stringify(roles)]
      ledger.run('UPDATE person SET name = ?, title = ?, email = ?, roles = ? WHERE id = ?', ...values, id)
      return get(id)
    },
    use(id) {
      setCurrent(get(id).id)
      return get(id)
    },
    leave(id) {
      assertPresent(get(id))
      ledger.run('UPDATE person SET left_at = ? WHERE id = ?', clock().toISOString(), id)
      ledger.run("DELETE FROM setting WHERE key = 'current-person' AND value = ?", id)
      session.lock(id)
      return get(id)
    }
  }
}
