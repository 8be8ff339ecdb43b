import { widthOf, type Objective } from '../../model/objective'

export type { Labels } from '../tasks'
export { objectiveSchema, widthOf, type Objective } from '../../model/objective'

export const isClassObjective = ({ name }: Objective): boolean => name === 'logistic' || name === 'softmax'

/** How a margin becomes what the model states. */
export function linkOf({ name }: Objective): 'sigmoid' | 'softmax' | 'exp' | 'identity' {
  if (name === 'logistic') return 'sigmoid'
  if (name === 'softmax') return 'softmax'
  return name === 'poisson' || name === 'gamma' ? 'exp' : 'identity'
}

/** From margins, row-major with the width of the objective, to what the exported graph states: rounded to float32 as it does. */
export function applyLink(objective: Objective, margins: Float64Array): Float64Array {
  switch (linkOf(objective)) {
    case 'sigmoid':
      return margins.map((margin) => Math.fround(1 / (1 + Math.exp(-margin))))
    case 'exp':
      return margins.map((margin) => Math.fround(Math.exp(margin)))
    case 'identity':
      return margins.map(Math.fround)
    case 'softmax':
      return softmax(margins, widthOf(objective))
  }
}

function softmax(margins: Float64Array, width: number): Float64Array {
  const stated = new Float64Array(margins.length)
  for (let at = 0; at < margins.length; at += width) {
    let largest = -Infinity
    for (let k = 0; k < width; k++) largest = Math.max(largest, margins[at + k]!)
    let sum = 0
    for (let k = 0; k < width; k++) sum += stated[at + k] = Math.exp(margins[at + k]! - largest)
    for (let k = 0; k < width; k++) stated[at + k] = Math.fround(stated[at + k]! / sum)
  }
  return stated
}
