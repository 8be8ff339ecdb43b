import type { StepProblem } from '../define-step'
import { columnsByName, type TableFacts } from './table-facts'

/** The roles that say how rows count. */
export type CountedRole = 'weight' | 'exposure'

/** What a step asks for itself; it goes before what Data says. */
type Asked = Partial<Record<CountedRole, string>> & { target?: string }

const withRole = (table: TableFacts, role: CountedRole, target: string | undefined): string[] =>
  [...columnsByName(table)].flatMap(([name, facts]) => (facts.role === role && name !== target ? [name] : []))

/** The columns that Data says rows count by, for what the step does not ask for itself. */
export function countedByRole(asked: Asked, table: TableFacts, roles: readonly CountedRole[]): Partial<Record<CountedRole, string>> {
  const found = roles.flatMap((role) => {
    const [name] = asked[role] === undefined ? withRole(table, role, asked.target) : []
    return name === undefined ? [] : [[role, name] as const]
  })
  return Object.fromEntries(found)
}

/** Two columns with a role of which a step can take one. */
export function checkCountedRoles(asked: Asked, table: TableFacts, roles: readonly CountedRole[]): StepProblem[] {
  return roles.flatMap((role): StepProblem[] => {
    const names = withRole(table, role, asked.target)
    if (asked[role] !== undefined || names.length < 2) return []
    return [
      {
        message: `"${names.join('" and "')}" have the role ${role} in Data, and rows can count by one of them. Name it with ${role}: ${names[0]}, or change the roles in Data.`,
        parameter: role
      }
    ]
  })
}
