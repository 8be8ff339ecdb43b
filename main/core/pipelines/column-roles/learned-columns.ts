import type { HoldBack } from '../../../model/training'
import type { StepProblem } from '../define-step'
import { whyNoFeature, type LeftOutReason } from '../../../model/dataset'
import { columnsByName, type ColumnFacts, type TableFacts } from './table-facts'

interface Wanted {
  target: string
  features?: readonly string[]
  exclude: readonly string[]
}

const words: Record<LeftOutReason, string> = {
  identifier: 'an identifier',
  ignored: 'to be ignored',
  'known after': 'known only after the outcome',
  weight: 'what rows count by',
  exposure: 'what amounts are divided by',
  target: 'a target'
}
/** `"id" of the dataset "cases" is an identifier`, as far as its way can be told. */
const describe = (name: string, facts: ColumnFacts, reason: LeftOutReason): string => {
  const from = facts.sources.find((source) => whyNoFeature(source) === reason)
  return `"${name}" is ${words[reason]}${from ? ` in the dataset "${from.dataset}"${from.name === name ? '' : `, where it is called "${from.name}"`}` : ''}`
}

/** What a training asks for against what is said of the columns in Data. */
export function checkTrainingRoles({ target, features, exclude }: Wanted, table: TableFacts): StepProblem[] {
  const columns = columnsByName(table)
  const problems: StepProblem[] = []
  for (const name of features ?? []) {
    const facts = columns.get(name)
    const reason = facts && name !== target && !exclude.includes(name) ? whyNoFeature(facts) : null
    if (reason)
      problems.push({
        message: `${describe(name, facts!, reason)}, and a feature here. A model would learn what it must not. Take it out of the features, or change its role in Data.`,
        parameter: 'features'
      })
  }
  const role = columns.get(target)?.role ?? null
  const named = [...columns].filter(([, facts]) => facts.role === 'target').map(([name]) => name)
  if (role === 'ignored' || role === 'identifier' || role === 'weight' || role === 'exposure')
    problems.push({
      message: `${describe(target, columns.get(target)!, role)}, and the target here. Choose another target, or change its role in Data.`,
      parameter: 'target'
    })
  else if (role !== null && role !== 'target' && named.length)
    problems.push({
      message: `The target is "${target}", but in Data "${named.join('", "')}" has the role target. Choose that one, or change the roles in Data.`,
      parameter: 'target'
    })
  return [...problems, ...carriedOutcomes({ target, features, exclude }, columns)]
}

/** Which column Data names as the target, for a training that names none; null where none has the role. */
export function adviseTarget(table: TableFacts): string | null {
  const named = [...columnsByName(table)].filter(([, facts]) => facts.role === 'target')
  if (named.length === 0) return null
  const said = named.map(([name, { sources }]) => (sources[0] ? `\`${sources[0].dataset}.${sources[0].name}\`` : `\`${name}\``))
  return `${said.join(' and ')} ${named.length === 1 ? 'has' : 'have'} the role target: set ${named.map(([name]) => `target: ${name}`).join(' or ')}.`
}

/** Warnings for features that are made of the outcome, or of what is known only after it, as far as the queries say. */
function carriedOutcomes({ target, features, exclude }: Wanted, columns: ReadonlyMap<string, ColumnFacts>): StepProblem[] {
  return (features ?? [...columns.keys()]).flatMap((name): StepProblem[] => {
    const facts = columns.get(name)
    if (!facts || facts.role !== null || name === target || exclude.includes(name)) return []
    const from = facts.sources.find((source) => ['target', 'known after'].includes(whyNoFeature(source) ?? ''))
    if (!from) return []
    const what = words[whyNoFeature(from)!]
    return [
      {
        severity: 'warning',
        message: `"${name}" is a feature made of "${from.name}" of the dataset "${from.dataset}", which is ${what}. If it carries the outcome, the model learns what it must not. Leave it out, or make it of other columns.`,
        parameter: 'features'
      }
    ]
  })
}

/**
 * What a run of a training is frozen with, by column: why it is no feature, else its role. Columns whose role cannot be told are not in it.
 */
export const rolesForTraining = ({ target }: Wanted, table: TableFacts): Record<string, string> =>
  Object.fromEntries(
    [...columnsByName(table)].flatMap(([name, facts]) => {
      const role = whyNoFeature(facts) ?? facts.role
      return name === target || role === null ? [] : [[name, role]]
    })
  )

/** How a training keeps rows from its fit: as the split before it divided them, else by the column whose role says what must stay together. */
export function holdBackOf({ target }: Wanted, table: TableFacts): HoldBack {
  if (table.divided) return table.divided
  const roles = [...columnsByName(table)].flatMap(([name, { role }]) => (name === target ? [] : [{ name, role }]))
  const found = roles.find(({ role }) => role === 'group') ?? roles.find(({ role }) => role === 'time')
  return found ? { by: found.role === 'group' ? 'group' : 'time', column: found.name } : { by: 'random', column: null }
}

export interface LearnedColumns {
  features: string[]
  /** Columns left out because of what Data says of them, and excluded ones that divide the rows. */
  leftOut: { name: string; reason: string }[]
  /** Features whose role cannot be told; empty for a run that was frozen without roles. */
  unknown: string[]
}

/** The columns of a table that a training learns from: those asked for, or all that no role speaks against. */
export function learnedColumns(
  wanted: Wanted,
  columns: readonly string[],
  roles: Readonly<Record<string, string>> | undefined
): LearnedColumns {
  const offered = (wanted.features ?? columns).filter((name) => name !== wanted.target && !wanted.exclude.includes(name))
  const reasonOf = (name: string): string | null => {
    const role = roles && Object.hasOwn(roles, name) ? roles[name] : null
    return role !== null && Object.hasOwn(words, role) ? role : null
  }
  /** An excluded column that divides the rows is missed in the features by whoever knows the table: it is told too. */
  const dividing = wanted.exclude.flatMap((name) => {
    const role = roles && name !== wanted.target && columns.includes(name) && Object.hasOwn(roles, name) ? roles[name] : null
    return role === 'time' || role === 'group' ? [{ name, reason: `${role} column, excluded` }] : []
  })
  const features = offered.filter((name) => reasonOf(name) === null)
  return {
    features,
    leftOut: [...offered.flatMap((name) => (reasonOf(name) === null ? [] : [{ name, reason: reasonOf(name)! }])), ...dividing],
    unknown: roles ? features.filter((name) => !Object.hasOwn(roles, name)) : []
  }
}
