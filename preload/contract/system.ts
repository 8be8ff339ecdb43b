import { z } from 'zod'
import { placeInput } from '../../main/model/place'
import { Diagnosis, ProgramFacts } from '../../main/model/program'
import { Sha256 } from '../../main/model/reference'
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
  /** What is installed here and how it is set up, the machine settings among it. */
  program: query({ input: z.object({}), output: ProgramFacts }),
  /** What support asks for, to be looked at; nothing is written. */
  diagnosis: query({ input: z.object({}), output: Diagnosis }),
  /** Writes the diagnosis that was looked at as a ZIP file. */
  saveDiagnosis: command({
    input: z.object({ digest: Sha256, path: placeInput('write') }),
    output: z.object({ bytes: z.number() }),
    topics: []
  }),
  /** The feed of stale topics; it ends only when the window or the host goes. */
  changes: stream({ input: z.object({}), item: z.object({ topics: z.array(z.string()) }), output: z.null() }),
  preferences: query({ input: z.object({}), output: Preferences }),
  setPreferences: command({ input: PreferencesChange, output: Preferences, topics: ['system'] })
}
