import type { ClassCosts } from '../../model/class-decision'
import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'

/** Costs as people write them: of the class of the first name what deciding for that of the second costs. */
export type NamedCosts = Readonly<Record<string, Readonly<Record<string, number>>>>

const fail = (message: string): never => {
  throw new WorkbenchError('INVALID_INPUT', message)
}

/**
 * The costs of all decisions in the order of the classes. What is not said costs nothing where it is right and 1 where it is wrong.
 * @throws WorkbenchError INVALID_INPUT for a class that the model does not know, and for costs by which a class had better be decided wrongly
 */
export function placeCosts(named: NamedCosts, classes: readonly string[]): ClassCosts {
  const placeOf = (name: string): number => {
    const place = classes.indexOf(name)
    return place >= 0
      ? place
      : fail(`The model has no class "${name}". It has: ${classes.slice(0, 40).join(', ')}.${didYouMean(name, classes)} Correct the costs.`)
  }
  const costs: ClassCosts = classes.map((_, was) => classes.map((__, decided) => (was === decided ? 0 : 1)))
  for (const [was, decisions] of Object.entries(named))
    for (const [decided, cost] of Object.entries(decisions)) costs[placeOf(was)]![placeOf(decided)] = cost
  for (const [place, own] of costs.entries()) {
    const least = own.reduce((best, cost, at) => (at !== place && cost < own[best]! ? at : best), place)
    if (least !== place)
      fail(
        `A row of "${classes[place]}" costs ${own[place]} decided rightly and ${own[least]} decided for "${classes[least]}", so a mistake would be best. Correct the costs.`
      )
    if (own.every((cost) => cost === own[place]))
      fail(`A row of "${classes[place]}" costs ${own[place]} whatever is decided, so the class says nothing. Correct the costs.`)
  }
  return costs
}
