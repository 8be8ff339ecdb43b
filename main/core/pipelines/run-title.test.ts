import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PipelineDocument } from '../../model/pipeline'
import type { LiveStep } from './live-run'
import { runTitleOf } from './run-title'
import { casesStep, pipelineOf, splitStep, trainStep } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'
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

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace

beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset('cases', 'SELECT i AS x, i % 3 = 0 AS outcome FROM (SELECT range AS i FROM range(120))', {
    roles: { outcome: 'target' }
  })
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

it('tells runs apart by what was edited since the first, also where the step was given another id or its title outlived the edit', async () => {
  const nameOf = async (parameters: string, title = 'Gradient boosting', id = 'train', usual?: number): Promise<string> => {
    const step = trainStep(`target: outcome, ${parameters}`).replace('id: train', `id: ${id}\n    title: ${title}`)
    const text = pipelineOf('job', casesStep, splitStep('cases.table'), step)
    const declared = usual === undefined ? '' : `parameters:\n  - { name: leaves, type: integer, default: ${usual} }\n`
    const { state } = await workspace.run(text.replace('steps:', `${declared}steps:`))
    expect(state).toBe('succeeded')
    return workspace.experiments.runs({}).runs.find(({ name }) => !seen.includes(name))!.name
  }
  const seen: string[] = []
  for (const [made, expected] of [
    [['algorithm: gradient-boosting, parameters: { trees: 5 }, seed: 3'], 'Gradient boosting'],
    [['algorithm: gradient-boosting, parameters: { trees: 6 }, seed: 3'], 'Gradient boosting (trees 6)'],
    [['algorithm: gradient-boosting, parameters: { trees: 7 }, seed: 3', 'Mine'], 'Mine (trees 7)'],
    [['algorithm: gradient-boosting, parameters: { trees: 8 }, seed: 4', 'Mine', 'fit'], 'Mine (trees 8, seed 4)'],
    [['algorithm: logistic-regression, parameters: {}, seed: 3'], 'Logistic regression'],
    [
      ['algorithm: gradient-boosting, parameters: { trees: 5, maxLeaves: "${{ parameters.leaves }}" }, seed: 3', 'Mine', 'train', 4],
      'Mine (leaves 4)'
    ]
  ] as const) {
    const name = await nameOf(...(made as unknown as Parameters<typeof nameOf>))
    expect(name).toBe(expected)
    seen.push(name)
  }
})
