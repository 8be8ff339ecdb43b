import { resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { WorkbenchError } from '../model/errors'
import { Sha256 } from '../model/reference'
import type { Person } from '../model/workspace'
import { personNamed } from './acting'
import type { CommandBody, CommandContext } from './command'
import { askPassphrase } from './passphrase'
import { refuseToOverwrite } from './text-file'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

/** How a key of a person is made or given out, as it is typed. */
export const commandOfKey = (workspace: unknown, name: string): string => `drydock person key -w ${String(workspace)} "${name}"`

/** One of the four things that are done about a key; more than one at once would leave open which key is meant. */
type About = { file: string } | { public: string } | { publicOut: string } | 'new'

function aboutOf(options: Record<string, unknown>): About {
  const given = (['file', 'public', 'publicOut'] as const).filter((name) => options[name] !== undefined)
  if (given.length > 1)
    throw new WorkbenchError('INVALID_INPUT', '--file, --public and --public-out are three different things. Nothing was done; give one.')
  const [name] = given
  return name === undefined ? 'new' : ({ [name]: resolve(String(options[name])) } as Exclude<About, 'new'>)
}

/** Makes a key, or takes one in. */
async function addKey(
  workspace: WorkspaceClient,
  { id, name }: Person,
  about: Exclude<About, { publicOut: string }>,
  signal: AbortSignal
): Promise<Person> {
  if (about === 'new') {
    const passphrase = await askPassphrase(`Passphrase for the new key of ${name}`, { confirm: true, signal })
    return workspace.do(commands.people.createKey, { id, passphrase })
  }
  if ('public' in about) return workspace.do(commands.people.addPublicKey, { id, path: about.public })
  const passphrase = await askPassphrase(`Passphrase of the key file of ${name}`, { signal })
  return workspace.do(commands.people.addKey, { id, path: about.file, passphrase })
}

/** Writes the public half of the newest key that is not retired. Throws NOT_FOUND with the way to one. */
async function giveOut({ output }: CommandContext, workspace: WorkspaceClient, person: Person, path: string, make: string): Promise<void> {
  const held = person.keys.find(({ retiredAt }) => retiredAt === undefined)
  if (!held)
    throw new WorkbenchError(
      'NOT_FOUND',
      `${person.name} has no key ${person.keys.length > 0 ? 'that is not retired' : 'yet'}. Make one: ${make}`
    )
  refuseToOverwrite(path)
  await workspace.do(commands.people.savePublicKey, { fingerprint: held.fingerprint, path })
  output.result({ person: person.name, fingerprint: held.fingerprint, publicKey: path }, [
    `Public key  ${path}`,
    `Fingerprint ${held.fingerprint}`,
    'Give the file out by another way than what it signs, and tell the fingerprint by voice.'
  ])
}

/** `person key`. */
export const keyOfPerson: CommandBody = async (context, [name], options) => {
  const about = aboutOf(options)
  await inWorkspace(context, options.workspace, async (workspace) => {
    const holder = await personNamed(workspace, name)
    const again = commandOfKey(options.workspace, holder.name)
    if (about !== 'new' && 'publicOut' in about) return giveOut(context, workspace, holder, about.publicOut, again)
    const person = await addKey(workspace, holder, about, context.signal)
    const [{ fingerprint, privateKeyPath }] = person.keys
    context.output.result(person, [
      `${holder.name} has the key ${fingerprint}`,
      `private  ${privateKeyPath ?? 'with its holder, not on this machine'}`,
      `public   ${again} --public-out FILE.pub.pem writes it`
    ])
  })
}

/** `person retire-key`. */
export const retireKey: CommandBody = (context, [start], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const people = await workspace.people.list({})
    const held = people.flatMap(({ keys }) => keys.filter((key) => start.length >= 8 && key.fingerprint.startsWith(start)))
    if (held.length !== 1)
      throw new WorkbenchError(
        'NOT_FOUND',
        `"${start}" names no key of this workspace. Give at least 8 digits, as "person list" shows them.`
      )
    const fingerprint = Sha256.parse(held[0].fingerprint)
    const person = await workspace.do(commands.people.retireKey, { fingerprint, reason: String(options.reason) })
    context.output.result(person, [`The key ${fingerprint.slice(0, 8)} of ${person.name} is retired. What it signed stays.`])
  })
