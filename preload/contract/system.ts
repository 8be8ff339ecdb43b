import { z } from 'zod'
import { Preferences, PreferencesChange } from '../../main/model/workspace'
import { command, query, stream } from '../wire/definitions'

export const system = {
  info: query({
    input: z.object({}),
    output: z.object({
      drydock: z.string(),
      node: z.string(),
      electron: z.string().nullable(),
      platform: z.string(),
      arch: z.string(),
      cpu: z.string(),
      cores: z.number(),
      memory: z.number(),
      userDirectory: z.string(),
      logFile: z.string().nullable(),
      /** What starts the command line of this program from any folder. */
      launcher: z.string().nullable(),
      offline: z.literal(true)
    })
  }),
  /** The feed of stale topics; it ends only when the window or the host goes. */
  changes: stream({ input: z.object({}), item: z.object({ topics: z.array(z.string()) }), output: z.null() }),
  preferences: query({ input: z.object({}), output: Preferences }),
  setPreferences: command({ input: PreferencesChange, output: Preferences, topics: ['system'] })
}
