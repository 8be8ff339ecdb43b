import type { DrydockContract } from '../../preload/contract'
import type { Client } from '../../preload/wire'
import { WorkbenchError } from '../model/errors'
import { didYouMean } from '../model/near-names'
import { foldName } from '../model/person-name'
import type { Person } from '../model/workspace'
import { askPassphrase, givenPassphrase } from './passphrase'

/** What people are asked for by, here or of the program that has the workspace open. */
type WithPeople = Pick<Client<DrydockContract>, 'people'>

/** The person of this name, however it is spelt. Throws NOT_FOUND with those who are there. */
export async function personNamed({ people }: WithPeople, name: string): Promise<Person> {
  const all = await people.list({})
  const found = all.find((person) => foldName(person.name) === foldName(name))
  if (found) return found
  const meant = didYouMean(
    name,
    all.map((person) => person.name)
  )
  const names = all.filter(({ leftAt }) => leftAt === undefined).map((person) => `"${person.name}"`)
  throw new WorkbenchError(
    'NOT_FOUND',
    `Nobody in this workspace is called "${name}". ${names.length === 0 ? 'Nobody has introduced themselves yet' : `There are ${names.join(', ')}`}.${meant} See "drydock person list", or add somebody by "drydock person add".`
  )
}

/**
 * Lets a person take over, with the passphrase of their key where they have one; with `session` only for this command. Where another
 * program has the workspace open the passphrase goes to it over the socket that only this person can open, and what it has opened for
 * this command holds for nothing else there.
 */
export async function takeOver(
  workspace: WithPeople,
  name: string,
  { session, signal }: { session: boolean; signal: AbortSignal }
): Promise<Person> {
  const { id, keys, name: printed } = await personNamed(workspace, name)
  const passphrase = keys.some((key) => key.usable)
    ? await askPassphrase(`Passphrase of the key of ${printed}`, { signal, acting: true })
    : undefined
  try {
    return await workspace.people.use({ id, passphrase, ...(session && { session }) })
  } catch (error) {
    if (passphrase === undefined || !(error instanceof WorkbenchError) || error.code !== 'FORBIDDEN') throw error
    throw wrongPassphrase(printed, error)
  }
}

/** Says whose key stays closed and where the passphrase came from: a command may know two. */
function wrongPassphrase(name: string, cause: WorkbenchError): WorkbenchError {
  const from = givenPassphrase(true)?.variable
  const other =
    from === 'DRYDOCK_PASSPHRASE' ? ' Where a command takes two, that of the person of --as goes into DRYDOCK_AS_PASSPHRASE.' : ''
  return new WorkbenchError(
    'FORBIDDEN',
    `The passphrase ${from === undefined ? '' : `in ${from} `}does not open the key of ${name}. Nothing was done. Give the passphrase of ${name}, and try again.${other}`,
    { cause, details: cause.details }
  )
}
