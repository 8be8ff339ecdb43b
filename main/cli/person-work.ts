import { commands } from '../core/all-commands'
import { WorkbenchError } from '../model/errors'
import { Role, RoleWord, type Person } from '../model/workspace'
import { personNamed, takeOver } from './acting'
import type { CommandBody } from './command'
import { listOf, textTable } from './output'
import { commandOfKey } from './person-keys'
import { inWorkspace } from './workspace-client'

const stateOf = ({ current, leftAt }: Person): string => (leftAt !== undefined ? `left ${leftAt.slice(0, 10)}` : current ? 'current' : '')
const keysOf = ({ keys }: Person): string =>
  keys.map(({ fingerprint, retiredAt }) => `${fingerprint.slice(0, 8)}${retiredAt === undefined ? '' : ' (retired)'}`).join(', ') || 'none'

function rolesOf(given: unknown): Role[] | undefined {
  if (given === undefined) return undefined
  const roles = RoleWord.array().safeParse(given)
  if (roles.success) return roles.data
  throw new WorkbenchError('INVALID_INPUT', `--role is ${Role.options.join(', ')}; give it once for each. Nobody was added.`)
}

/** `person list`. */
export const listPeople: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async ({ people }) => {
    const items = await people.list({})
    const rows = items.map((person) => [person.name, person.roles.join(', '), keysOf(person), stateOf(person)])
    context.output.result(listOf(items), textTable(['name', 'roles', 'keys', ''], rows))
  })

/** `person add`. */
export const addPerson: CommandBody = (context, [name], options) =>
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

/** `person use`. */
export const usePerson: CommandBody = (context, [name], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const person = await takeOver(workspace, name, { session: false, signal: context.signal })
    context.output.result(person, [`New records carry the name ${person.name}.`])
  })

/** `person leave`. */
export const leavePerson: CommandBody = (context, [name], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const person = await workspace.do(commands.people.leave, {
      id: (await personNamed(workspace, name)).id,
      reason: String(options.reason)
    })
    context.output.result(person, [`${person.name} left. What was done and signed under this name stays.`])
  })
