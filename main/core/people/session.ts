import type { KeyObject } from 'node:crypto'
import type { PersonId, Sha256 } from '../../model/reference'

/** A private key that its passphrase opened. */
export interface OpenedKey {
  key: KeyObject
  fingerprint: Sha256
}

/** Who proved to be who at this machine, while the workspace is open. In memory only. */
export interface Session {
  /** Who is acted for until the workspace is closed, in the place of the one whom the ledger names. */
  actingAs(): PersonId | undefined
  isUnlocked(id: PersonId): boolean
  /** The opened key of a person; undefined when the passphrase was not given. */
  keyOf(id: PersonId): OpenedKey | undefined
  unlock(id: PersonId, key: OpenedKey): void
  /** Somebody takes over: what was open for anybody else is closed. */
  switchTo(id: PersonId, options: { onlyHere: boolean }): void
  lock(id: PersonId): void
}

export function createSession(): Session {
  let open: { id: PersonId; key: OpenedKey } | undefined
  let acting: PersonId | undefined
  const keyOf = (id: PersonId): OpenedKey | undefined => (open?.id === id ? open.key : undefined)
  return {
    actingAs: () => acting,
    isUnlocked: (id) => keyOf(id) !== undefined,
    keyOf,
    unlock: (id, key) => void (open = { id, key }),
    switchTo(id, { onlyHere }) {
      if (open?.id !== id) open = undefined
      acting = onlyHere ? id : undefined
    },
    lock(id) {
      if (open?.id === id) open = undefined
      if (acting === id) acting = undefined
    }
  }
}
