import { z } from 'zod'
import { peopleShapes } from '../../main/model/commands/people'
import { placeInput } from '../../main/model/place'
import { Sha256 } from '../../main/model/reference'
import { Person } from '../../main/model/workspace'
import { command, query } from '../wire/definitions'

export const people = {
  list: query({ input: z.object({}), output: z.array(Person) }),
  create: command(peopleShapes.create),
  update: command(peopleShapes.update),
  use: command(peopleShapes.use),
  leave: command(peopleShapes.leave),
  retireKey: command(peopleShapes.retireKey),
  createKey: command(peopleShapes.createKey),
  addKey: command(peopleShapes.addKey),
  /** What a file of a public key holds, shown before it is taken in, and whose it is here already. */
  publicKeyFile: query({
    input: z.object({ path: placeInput('read') }),
    output: z.object({ fingerprint: Sha256, holder: z.string().nullable() })
  }),
  addPublicKey: command(peopleShapes.addPublicKey),
  savePublicKey: command(peopleShapes.savePublicKey)
}
