import { z } from 'zod'
import { contract } from '../../preload/contract'
import { command, query, stream, type Handlers } from '../../preload/wire/definitions'
import type { Application } from '../core/application'
import { compareWithBundle, keyFileCommands } from '../core/bundles'
import { bundleShapes } from '../model/commands/bundles'
import { RecordState } from '../model/record'
import { bindCommands } from './bind-commands'
import { handlers } from './handlers'

/** What a person's own programs ask of each other besides what a page may: no page can ask it, whatever it says. */
export const programContract = {
  ...contract,
  keyFiles: {
    /** Signs with any key file, and may start a program that asks a time-stamping authority. */
    export: stream({ ...bundleShapes.exportWithKey, item: z.object({ fraction: z.number().nullable(), message: z.string() }) })
  },
  holder: {
    /** Says that this person trusts the workspace now, or does not any more: a window opens it anew then, a command starts nothing new. */
    heedTrust: command({ input: z.object({}), output: z.object({ heeds: z.enum(['anew', 'later', 'already']) }) })
  },
  record: {
    /** Recomputes the record and holds it against the record in bundles. */
    check: query({
      input: z.object({ bundles: z.array(z.string()).max(1000) }),
      output: RecordState.extend({
        bundles: z.array(z.object({ path: z.string(), held: z.number(), differs: z.number().nullable() }))
      })
    })
  }
}
export type ProgramContract = typeof programContract

export const programHandlers: Handlers<ProgramContract, Application> = {
  ...handlers,
  keyFiles: bindCommands(keyFileCommands),
  holder: { heedTrust: (_input, { workbench: app }) => ({ heeds: app.heedTrust() }) },
  record: {
    async check({ bundles }, { workbench: { audit } }) {
      const state = audit.state()
      const chain = audit.chain()
      return { ...state, bundles: await Promise.all(bundles.map(async (path) => ({ path, ...(await compareWithBundle(path, chain)) }))) }
    }
  }
}
