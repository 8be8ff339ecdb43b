import type { Command } from 'commander'
import { commands } from '../core/all-commands'
import type { Application } from '../core/application'
import type { Workbench } from '../core/workbench'
import { WorkbenchError } from '../model/errors'
import { foldName } from '../model/person-name'
import type { Person } from '../model/workspace'
import { askPassphrase } from './passphrase'

/** Commands that leave nothing behind under anybody's name. */
const reading = [
  'sql',
  'profile',
  'runs',
  'models',
  'model list',
  'model show',
  'policy list',
  'policy show',
  'policy check',
  'policy test',
  'experiment list',
  'dataset list',
  'dataset show',
  'experiment compare',
  'record check',
  'person list',
  'pipeline list',
  'pipeline check',
  'pipeline show',
  'job list',
  'job logs'
]

/** Whether a command of a workspace can be done as somebody: all that write something. */
const canAct = (spec: string): boolean => !reading.includes(spec) && !spec.startsWith('workspace ')

/** Lets a command that writes to a workspace be done as somebody, and says whether it is one. */
export function offerPerson(spec: string, command: Command): boolean {
  const has = (flag: string): boolean => command.options.some(({ long }) => long === flag)
  if (!canAct(spec) || !has('--workspace') || has('--as')) return false
  command.option('--as <name>', 'do it as this person; asks for the passphrase of the key')
  return true
}

/** The person of this name, however it is spelt. Throws NOT_FOUND with those who are there. */
export function personNamed({ people }: Pick<Workbench, 'people'>, name: string): Person {
  const all = people.list()
  const found = all.find((person) => foldName(person.name) === foldName(name))
  if (found) return found
  const names = all.filter(({ leftAt }) => leftAt === undefined).map((person) => `"${person.name}"`)
  throw new WorkbenchError(
    'NOT_FOUND',
    `Nobody in this workspace is called "${name}". ${names.length === 0 ? 'Nobody has introduced themselves yet' : `There are ${names.join(', ')}`}. See "drydock person list", or add somebody by "drydock person add".`
  )
}

/** Lets a person take over, with the passphrase of their key where they have one; only until the workspace is closed with `session`. */
export async function takeOver(
  workbench: Workbench,
  name: string,
  { session, signal }: { session: boolean; signal: AbortSignal }
): Promise<Person> {
  const { id, keys, name: printed } = personNamed(workbench, name)
  const passphrase = keys.some((key) => key.usable)
    ? (process.env.DRYDOCK_AS_PASSPHRASE ?? (await askPassphrase(`Passphrase of the key of ${printed}`, { signal })))
    : undefined
  return workbench.do(commands.people.use, { id, passphrase, ...(session && { session }) })
}

/** Lets the person of `--as` act in the workspace that is open in this process. Throws CONFLICT where another program holds it, and acts for its own person. */
export async function actHere({ app, signal }: { app: Application; signal: AbortSignal }, name: string): Promise<void> {
  if (app.workspace === null)
    throw new WorkbenchError(
      'CONFLICT',
      'Another Drydock has this workspace open, and what is done through it carries the name of who works there. Nothing was done. Close it there, or let the person take over there.'
    )
  await takeOver(app.workbench(), name, { session: true, signal })
}
