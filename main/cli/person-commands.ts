import { commands } from '../core/all-commands'
import { WorkbenchError } from '../model/errors'
import { Role, RoleWord, type Person } from '../model/workspace'
import { personNamed, takeOver } from './acting'
import type { AddCommand, CommandGroup } from './command'
import { listOf, textTable } from './output'
import { addKeyCommands, commandOfKey } from './person-keys'
import { inWorkspace } from './workspace-client'

const directory = ['-w, --workspace <dir>', 'the workspace'] as const
const reason = ['--reason <text>', 'why; kept for good'] as const

const stateOf = ({ current, leftAt }: Person): string => (leftAt !== undefined ? `left ${leftAt.slice(0, 10)}` : current ? 'current' : '')
const keysOf = ({ keys }: Person): string =>
  keys.map(({ fingerprint, retiredAt }) => `${fingerprint.slice(0, 8)}${retiredAt === undefined ? '' : ' (retired)'}`).join(', ') || 'none'

function rolesOf(given: unknown): Role[] | undefined {
  if (given === undefined) return undefined
  const roles = RoleWord.array().safeParse(given)
  if (roles.success) return roles.data
  throw new WorkbenchError('INVALID_INPUT', `--role is ${Role.options.join(', ')}; give it once for each. Nobody was added.`)
}

const addPersonCommands = (add: AddCommand): void => {
  add(
    'person list',
    'who is known here, with roles and keys',
    (c) => c.requiredOption(...directory),
    (context, _positional, options) =>
      inWorkspace(context, options.workspace, async ({ people }) => {
        const items = await people.list({})
        const rows = items.map((person) => [person.name, person.roles.join(', '), keysOf(person), stateOf(person)])
        context.output.result(listOf(items), textTable(['name', 'roles', 'keys', ''], rows))
      })
  )
  add(
    'person add',
    'add a person; the first of a workspace has every role, everybody after is an author',
    (c) =>
      c
        .argument('<name>', 'printed name')
        .requiredOption(...directory)
        .option('--title <text>', 'position')
        .option('--email <address>', 'stays in the workspace')
        .option('--role <role...>', Role.options.join(', ')),
    (context, [name], options) =>
      inWorkspace(context, options.workspace, async (workspace) => {
        const { title, email } = options as { title?: string; email?: string }
        const person = await workspace.do(commands.people.create, { name, title, email, roles: rolesOf(options.role) })
        const key = commandOfKey(options.workspace, person.name)
        context.output.result(person, [
          `Added ${person.name} (${person.roles.join(', ')}).`,
          `A key of their own: ${key}`,
          `or, where they sign elsewhere, their public key: ${key} --public THEIRS.pub.pem`
        ])
      })
  )
  add(
    'person use',
    'whose name new records carry from now on; asks for the passphrase of the key',
    (c) => c.argument('<name>', 'printed name').requiredOption(...directory),
    (context, [name], options) =>
      inWorkspace(context, options.workspace, async (workspace) => {
        const person = await takeOver(workspace, name, { session: false, signal: context.signal })
        context.output.result(person, [`New records carry the name ${person.name}.`])
      })
  )
  addKeyCommands(add)
  addEndings(add)
}

const addEndings = (add: AddCommand): void => {
  add(
    'person leave',
    'somebody leaves: stays in the record, acts and signs no more',
    (c) =>
      c
        .argument('<name>', 'printed name')
        .requiredOption(...directory)
        .requiredOption(...reason),
    (context, [name], options) =>
      inWorkspace(context, options.workspace, async (workspace) => {
        const person = await workspace.do(commands.people.leave, {
          id: (await personNamed(workspace, name)).id,
          reason: String(options.reason)
        })
        context.output.result(person, [`${person.name} left. What was done and signed under this name stays.`])
      })
  )
}

export const personCommands: CommandGroup = {
  place: 1.7,
  nouns: { person: 'who works in a workspace, their roles and keys' },
  add: addPersonCommands
}
