import { commands } from '../core/all-commands'
import { WorkbenchError } from '../model/errors'
import { Role, RoleWord, type Person } from '../model/workspace'
import { personNamed, takeOver } from './acting'
import type { CommandBody } from './command'
import { listOf, textTable } from './output'
import { commandOfKey } from './person-keys'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

const stateOf = ({ current, leftAt }: Person): string => (leftAt !== undefined ? `left ${leftAt.slice(0, 10)}` : current ? 'current' : '')
const keysOf = ({ keys }: Person): string =>
  keys.map(({ fingerprint, retiredAt }) => `${fingerprint.slice(0, 8)}${retiredAt === undefined ? '' : ' (retired)'}`).join(', ') || 'none'

function rolesOf(given: unknown): Role[] | undefined {
  if (given === undefined) return undefined
  const roles = RoleWord.array().safeParse(given)
  if (roles.success) return roles.data
  throw new WorkbenchError('INVALID_INPUT', `--role is ${Role.options.join(', ')}; give it once for each. Nothing was changed.`)
}

/** Nobody is stuck: as long as no approver has a key, everybody gives roles. But who wants to approve should not find out then. */
async function sayWhatIsMissing({ people }: WorkspaceClient, workspace: unknown): Promise<string[]> {
  const here = (await people.list({})).filter(({ leftAt }) => leftAt === undefined)
  if (here.length === 0 || here.some(({ roles }) => roles.includes('approver'))) return []
  const [{ name, roles }] = here
  const given = Role.options.filter((role) => roles.includes(role) || role === 'approver').join(' ')
  return [
    'Nobody in this workspace has the role approver, so no model can be approved or released.',
    `Give it to somebody who is here: drydock person roles -w ${String(workspace)} "${name}" --role ${given}`,
    `or to somebody else: drydock person add -w ${String(workspace)} NAME --role approver`
  ]
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
      `or, where they sign elsewhere, their public key: ${key} --public THEIRS.pub.pem`,
      ...(await sayWhatIsMissing(workspace, options.workspace))
    ])
  })

/** `person roles`. */
export const giveRoles: CommandBody = (context, [name], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const { id, title, email, ...before } = await personNamed(workspace, name)
    const roles = rolesOf(options.role) ?? before.roles
    const person = await workspace.do(commands.people.update, { id, name: before.name, title, email, roles })
    context.output.result(person, [
      `${person.name} has the roles ${person.roles.join(', ')}.`,
      ...(await sayWhatIsMissing(workspace, options.workspace))
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
