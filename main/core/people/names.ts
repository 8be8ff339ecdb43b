import { WorkbenchError } from '../../model/errors'
import { lookOfName, nameProblem } from '../../model/person-name'
import type { Person } from '../../model/workspace'

/** Throws INVALID_INPUT for a name that nobody can have, and CONFLICT for one that another person has or had: records carry it for good. */
export function assertFreeName(name: string, others: readonly { person: Person; names: readonly string[] }[]): void {
  const problem = nameProblem(name)
  if (problem !== null) throw new WorkbenchError('INVALID_INPUT', `${problem} Nothing was changed. Give another name.`)
  const look = lookOfName(name)
  for (const { person, names } of others) {
    const same = names.find((each) => lookOfName(each) === look)
    if (same !== undefined)
      throw new WorkbenchError(
        'CONFLICT',
        `"${name}" cannot be told from "${same}", ${same === person.name ? `who is in this workspace${person.leftAt === undefined ? '' : ' and left'}` : `the name that ${person.name} had`}. Records carry names for good. Nothing was changed; add what tells the two apart, such as a middle name or a department.`
      )
  }
}
