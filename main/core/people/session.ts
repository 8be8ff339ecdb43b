import { AsyncLocalStorage } from 'node:async_hooks'
import type { KeyObject } from 'node:crypto'
import type { PersonId, Sha256 } from '../../model/reference'

/** A private key that its passphrase opened. */
export interface OpenedKey {
  key: KeyObject
  fingerprint: Sha256
}

/** Who proved to be who at this machine, while the workspace is open. In memory only; each caller that stands apart has its own. */
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

interface Proven {
  open?: { id: PersonId; key: OpenedKey }
  acting?: PersonId
}

const apart = new AsyncLocalStorage<Map<Session, Proven>>()

/** A program that works in a workspace which another one has open. */
export interface Caller {
  /** Does its work: whom it acts for and which key it opened holds for that alone, and what others opened does not hold for it. */
  working<T>(work: () => T): T
  /** Its keys are closed. What still runs for it goes on in the name that it acted for. */
  leave(): void
}

export function createCaller(): Caller {
  const proven = new Map<Session, Proven>()
  return {
    working: (work) => apart.run(proven, work),
    leave() {
      for (const each of proven.values()) each.open = undefined
    }
  }
}

export function createSession(): Session {
  const here: Proven = {}
  const everywhere = new Set<Proven>([here])
  const proven = (): Proven => {
    const own = apart.getStore()
    if (!own) return here
    let mine = own.get(session)
    if (!mine) {
      own.set(session, (mine = {}))
      everywhere.add(mine)
    }
    return mine
  }
  const keyOf = (id: PersonId): OpenedKey | undefined => {
    const { open } = proven()
    return open?.id === id ? open.key : undefined
  }
  const session: Session = {
    actingAs: () => proven().acting,
    isUnlocked: (id) => keyOf(id) !== undefined,
    keyOf,
    unlock: (id, key) => void (proven().open = { id, key }),
    switchTo(id, { onlyHere }) {
      const mine = proven()
      if (mine.open?.id !== id) mine.open = undefined
      mine.acting = onlyHere ? id : undefined
    },
    // Who left, and whose key was retired, acts and signs for no caller any more.
    lock(id) {
      for (const each of everywhere) {
        if (each.open?.id === id) each.open = undefined
        if (each.acting === id) each.acting = undefined
      }
    }
  }
  return session
}
