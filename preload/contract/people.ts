import { z } from 'zod'
import { Passphrase, Person, PersonInput } from '../../main/model/workspace'
import { command, query } from '../wire/definitions'

export const people = {
  list: query({ input: z.object({}), output: z.array(Person) }),
  create: command({ input: PersonInput, output: Person, changes: ['people'] }),
  update: command({ input: PersonInput.extend({ id: z.string() }), output: Person, changes: ['people'] }),
  /** Whose name new records carry from now on. */
  use: command({ input: z.object({ id: z.string() }), output: Person, changes: ['people'] }),
  /** Makes a P-256 key; the private half is written only as a passphrase-protected file in the user's own folder. */
  createKey: command({ input: z.object({ id: z.string(), passphrase: Passphrase }), output: Person, changes: ['people'] }),
  /** Takes in the public half (and the place of the private half) of a key made elsewhere. */
  addKey: command({
    input: z.object({ id: z.string(), path: z.string().min(1), passphrase: z.string() }),
    output: Person,
    changes: ['people']
  }),
  savePublicKey: command({ input: z.object({ fingerprint: z.string(), path: z.string().min(1) }), output: z.object({ path: z.string() }) })
}
