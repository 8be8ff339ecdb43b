import { expect, it } from 'vitest'
import type { PipelineDocument } from '../../model/pipeline'
import { runTitleOf, type LiveStep } from './live-run'
import { stepRegistry } from './steps'

const declared: PipelineDocument['parameters'] = [
  { name: 'trees', type: 'integer', default: 120 },
  { name: 'rate', type: 'number', default: 0.05 },
  { name: 'token', type: 'secret' }
]
const titleOf = (parameters: Record<string, string | number>, title?: string): string =>
  runTitleOf({ document: { schema: 'drydock.pipeline', version: 1, name: 'p', parameters: declared, steps: [] }, parameters }, {
    step: { id: 'train', type: 'train', title },
    definition: stepRegistry.get('train')!,
    parameters: { algorithm: 'gradient-boosting' }
  } as unknown as LiveStep)

it('calls a run by its title and what it was given, never by a secret, and by the algorithm where nobody gave a title', () => {
  expect(titleOf({ trees: 120, rate: 0.05 }, 'Boosted')).toBe('Boosted')
  expect(titleOf({ trees: 300, rate: 0.05, token: 'hidden' }, 'Boosted')).toBe('Boosted (trees 300)')
  expect(titleOf({ trees: 300, rate: 0.1 })).toBe('Gradient boosting (trees 300, rate 0.1)')
})
