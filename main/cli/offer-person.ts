import type { Command } from 'commander'

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
