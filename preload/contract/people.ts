import { z } from 'zod'
import { peopleShapes } from '../../main/model/commands/people'
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
  addPublicKey: command(peopleShapes.addPublicKey),
  savePublicKey: command(peopleShapes.savePublicKey)
}
