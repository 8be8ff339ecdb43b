import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fitted } from '../model/schema-words'
import { Preferences } from '../model/workspace'
import { writeFileDurably } from '../storage/objects/durable-files'
import type { ChangeFeed } from './changes'
import type { Application } from './application-interface'

/** What this person prefers on this machine; a file that cannot be read is as if nothing had been chosen. */
export function createPreferences(userDirectory: string, changes: ChangeFeed): Pick<Application, 'preferences' | 'setPreferences'> {
  const file = join(userDirectory, 'preferences.json')
  const preferences = (): Preferences => {
    try {
      return Preferences.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      return Preferences.parse({})
    }
  }
  return {
    preferences,
    async setPreferences(change) {
      const next = fitted(Preferences, { ...preferences(), ...change }, 'The preferences')
      await writeFileDurably(file, JSON.stringify(next, null, 2))
      changes.publish('system')
      return next
    }
  }
}
