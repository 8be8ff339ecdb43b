import { expect, it } from 'vitest'
import { decideClass } from '../../../model/class-decision'
import type { ModelSignature } from '../../../model/training'
import { Random } from '../../numerics'
import { goalOf } from './wanted'

const costs = [
  [0, 4, 9],
  [2, 0, 3],
  [1, 1, 0]
]
const signature = {
  ...{ task: 'multiclass-classification', target: { name: 'band', classes: ['a', 'b', 'c'] }, outputs: [], inputs: [], notes: [] },
  decision: { rule: { by: 'class-costs', costs }, rows: 100, table: 'a'.repeat(64) }
} as unknown as ModelSignature

it('reaches a class exactly where the costs of the model decide for it', () => {
  const random = new Random(2)
  const goals = ['a', 'b', 'c'].map((output) => goalOf(signature, [0.2, 0.5, 0.3], { output }))
  expect(goals[0]!.words).toBe('"a" as the class of least expected cost')
  const reached = [0, 0, 0]
  for (let row = 0; row < 2000; row++) {
    const shares = Array.from({ length: 3 }, () => -Math.log(1 - random.uniform()))
    const scores = shares.map((each) => Math.fround(each / shares.reduce((a, b) => a + b)))
    const decided = decideClass(scores, 0, 3, costs)
    goals.forEach(({ miss }, place) => expect(miss(scores) <= 0, `${scores.join(', ')} for ${place}`).toBe(place === decided))
    reached[decided]!++
  }
  expect(Math.min(...reached)).toBeGreaterThan(50)
})

it('wants the class that is next to be decided for where none is named', () => {
  // By costs: a 1.3, b 1.1 and c 3.3 are expected, so b is decided for and a is next.
  expect(goalOf(signature, [0.2, 0.5, 0.3], undefined).output).toBe('a')
})
