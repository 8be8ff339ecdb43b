import { randomBytes } from 'node:crypto'
import { chosenPlace, type PlaceUse } from '../model/place'

/** For what a person chose a path: a dialog to open or a drop, a dialog to save, a dialog for a folder, the command line. */
export type ChosenFor = 'read' | 'write' | 'folder'

export type Taken = { path: string } | { refused: string }

/** The paths that a person chose in this session, each under a random token; the page knows tokens, the shell and the host paths. */
export interface ChosenPlaces {
  /** What the page gets for a path. The same choice to read again is the same place; each choice to write is a new one. */
  give(path: string, purpose: ChosenFor): string
  /** The path of a token, when it was chosen for this use. A file to write is held until `settle`. */
  take(token: string, use: PlaceUse): Taken
  /** `done`: it was written, and nothing may write there again by the same choice; else it may be tried again. */
  settle(token: string, done: boolean): void
}

interface Choice {
  path: string
  purpose: ChosenFor
  state: 'free' | 'held' | 'spent'
}

/** What each purpose may be used for. What was written may be read: the bundle just saved is opened, the public key is checked with. */
const allowed: Record<ChosenFor, readonly PlaceUse[]> = {
  read: ['read', 'key'],
  write: ['write', 'read'],
  folder: ['folder', 'read']
}

export function createChosenPlaces(newToken = () => randomBytes(18).toString('base64url')): ChosenPlaces {
  const choices = new Map<string, Choice>()
  const again = new Map<string, string>()
  return {
    give(path, purpose) {
      const key = `${purpose} ${path}`
      const token = (purpose !== 'write' && again.get(key)) || newToken()
      again.set(key, token)
      choices.set(token, { path, purpose, state: 'free' })
      return chosenPlace(token, path)
    },
    take(token, use) {
      const choice = choices.get(token)
      if (!choice)
        return { refused: 'This place was not chosen since the program was started. Nothing was read or written. Choose it again.' }
      if (!allowed[choice.purpose].includes(use))
        return { refused: `This place was not chosen ${wanted[use]}. Nothing was read or written. Choose it again, for this.` }
      if (use !== 'write') return { path: choice.path }
      if (choice.state !== 'free')
        return { refused: 'A place that was chosen once is written once, and this one has been. Nothing was written. Choose it again.' }
      choice.state = 'held'
      return { path: choice.path }
    },
    settle(token, done) {
      const choice = choices.get(token)
      if (choice?.state === 'held') choice.state = done ? 'spent' : 'free'
    }
  }
}

const wanted: Record<PlaceUse, string> = { read: 'to be read', key: 'as a key file', write: 'to be written', folder: 'as a folder' }
