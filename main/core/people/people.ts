import type { WorkspaceContext } from '../workspace'
import type { Keyring } from './keyring'
import { createPeopleChanges } from './people-changes'
import { createKeyChanges, createKeysInUse } from './people-keys'
import type { PeopleWriter } from './people-interface'
import { createSession } from './session'
import { createStoredPeople } from './stored-people'

/**
 * Opens the people of a workspace. Keys made here go to the user's own keyring, so that copying the workspace never
 * copies a private key; demo keys lie in the workspace because the sample must work wherever it is copied.
 */
export function createPeople(context: WorkspaceContext, userKeyring: Keyring): PeopleWriter {
  const session = createSession()
  const stored = createStoredPeople(context, session)
  return {
    session,
    ...stored,
    ...createKeysInUse(stored),
    ...createPeopleChanges(context, stored, session),
    ...createKeyChanges(context, stored, session, userKeyring)
  }
}
