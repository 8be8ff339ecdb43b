import { act } from 'react'
import { afterEach, expect, it } from 'vitest'
import { describeType } from '../../../main/core/pipelines/describe-type'
import { stepRegistry } from '../../../main/core/pipelines/steps'
import { Sha256 } from '../../../main/model/reference'
import { algorithmSchema } from '../../../main/model/training'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { algorithmChoices, numbersAmong } from './algorithm-choices'
import { settleWith } from './change-of-algorithm'
import { ParameterForm } from './parameter-form'

let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

it('writes a policy inside of the gate step, where there is none to pick, and picks it', async () => {
  const changes: unknown[] = []
  const saved = { title: '', sha256: Sha256.parse('a'.repeat(64)), rules: 8, blocking: 7, tests: 3, testsPassed: 3, updatedAt: '' }
  const form = (
    <ParameterForm
      step={{ id: 'gate', type: 'gate' }}
      type={describeType(stepRegistry.get('gate')!)}
      problems={[]}
      declared={[]}
      onChange={(key, value) => changes.push([key, value])}
    />
  )
  screen = await renderWithHost(form, {
    policies: {
      list: () => [],
      template: ({ name }) => ({ text: `name: ${name}` }),
      save: ({ text }) => ({ ...saved, name: text.slice('name: '.length) })
    }
  })
  await screen.shows('There is no policy yet.')
  await screen.click(screen.find('button', 'Write a policy'))
  await screen.settle(80)
  expect(changes).toEqual([['policy', 'model-policy']])
})

const columns = [
  { name: 'age', type: 'DOUBLE', role: null },
  { name: 'income', type: 'BIGINT', role: null },
  { name: 'town', type: 'VARCHAR', role: null }
]

/** The form of a train step with these parameters; what it changes is collected. */
async function trainForm(parameters: Record<string, unknown>) {
  const changes: unknown[] = []
  screen = await renderWithHost(
    <ParameterForm
      step={{ id: 'train', type: 'train', parameters: parameters as never }}
      type={describeType(stepRegistry.get('train')!)}
      problems={[]}
      declared={[]}
      columns={{ stepId: 'train', columns, isOpen: false }}
      onChange={(key, value, also = {}) => changes.push(Object.keys(also).length > 0 ? [key, value, also] : [key, value])}
    />,
    {}
  )
  const labels = (): string[] => [...screen!.container.querySelectorAll('label')].map(({ textContent }) => textContent ?? '')
  return { screen, changes, labels }
}

it('offers a train step the trainers of its question with what each is for, its own settings, and no field of another question', async () => {
  const counts = await trainForm({ target: 'visits', task: 'regression', objective: 'poisson', algorithm: 'explainable-boosting' })
  expect(counts.screen.text()).toContain('the curves are the whole model')
  expect(counts.labels().join()).toMatch(/Rounds.*Bags/)
  expect(counts.labels().join()).not.toMatch(/Positive value|Base score|Trees/)
  const offered = (values: Record<string, unknown>) => algorithmChoices(values, values['algorithm']).map(({ value }) => value)
  expect(offered({ task: 'regression', objective: 'quantile' })).toEqual(['gradient-boosting'])
  expect(offered({})).toEqual(['gradient-boosting', 'logistic-regression', 'explainable-boosting', 'scorecard'])
  expect(algorithmChoices({ task: 'multiclass' }, 'scorecard').at(-1)).toMatchObject({ value: 'scorecard', disabled: true })
  await screen!.unmount()
  expect((await trainForm({ target: 'paid', algorithm: 'scorecard' })).labels().join()).toMatch(/Positive value.*Base score/)
})

it('chooses the columns that only rise by their names, numbers alone', async () => {
  expect(numbersAmong({ stepId: 'train', columns, isOpen: false })!.map(({ value }) => value)).toEqual(['age', 'income'])
  expect(numbersAmong({ stepId: 'train', columns, isOpen: true })).toBeUndefined()
  const { screen: form, changes } = await trainForm({ target: 'paid', parameters: { rising: 'age, income' } })
  await form.click(form.find('button', 'Remove age'))
  expect(changes).toEqual([['parameters', { rising: 'income' }]])
})

const train = describeType(stepRegistry.get('train')!)

it('keeps the settings that another algorithm knows too, within its bounds, and says which it left out', async () => {
  const parameters = { trees: 300, learningRate: 0.1, maxBins: 255, l2: 2, rising: 'age', minRowsPerLeaf: '${{ leaves }}' }
  const change = settleWith(train, { target: 'paid', parameters }, 'algorithm', 'explainable-boosting')
  expect(change.also).toEqual({ parameters: { learningRate: 0.1, l2: 2, rising: 'age', minRowsPerLeaf: '${{ leaves }}' } })
  expect(change.told).toEqual(['Left out, as Explainable boosting does not take them: Trees 300, Bins 255. What both know was kept.'])
  expect(settleWith(train, { parameters: { trees: 5 } }, 'algorithm', 'scorecard').also).toEqual({ parameters: undefined })
  expect(settleWith(train, { parameters: { l2: 5 } }, 'algorithm', 'scorecard')).toEqual({ also: {}, told: [] })
  // The same algorithm by its name, and another parameter, change nothing.
  expect(settleWith(train, { parameters: { trees: 5 } }, 'algorithm', 'gradient-boosting')).toEqual({ also: {}, told: [] })
  expect(settleWith(train, { parameters: { trees: 5 } }, 'seed', 1)).toEqual({ also: {}, told: [] })
})

it('goes back to the default where an algorithm does not answer the new question, and leaves out what concerns another', async () => {
  const values = { target: 'paid', positive: 'yes', algorithm: 'scorecard', parameters: { baseScore: 500, l2: 3 } }
  const { also, told } = settleWith(train, values, 'task', 'regression')
  expect(also).toEqual({ positive: undefined, algorithm: undefined, parameters: { l2: 3 } })
  expect(told.join(' ')).toContain('Scorecard does not answer this question; it is Gradient boosting now.')
  expect(told.join(' ')).toContain('Base score 500')
  const counts = { task: 'regression', objective: 'poisson', algorithm: 'explainable-boosting', parameters: { bags: 4 } }
  expect(settleWith(train, counts, 'objective', 'gamma')).toEqual({ also: {}, told: [] })
  expect(settleWith(train, counts, 'objective', 'quantile').also).toEqual({ algorithm: undefined, parameters: undefined })
})

it('cleans the candidates of a cross-validation', async () => {
  const folds = describeType(stepRegistry.get('cross-validate')!)
  const candidates = [{ trees: 50, l2: 1 }, { trees: 100, l2: 1 }, { l2: 9 }]
  expect(settleWith(folds, { candidates }, 'algorithm', 'logistic-regression').also).toEqual({ candidates: [{ l2: 1 }, { l2: 9 }] })
})

it('sets for the step what the candidates agree on where fewer than two different ones are left, and says so', async () => {
  const folds = describeType(stepRegistry.get('cross-validate')!)
  const candidates = [
    { trees: 50, l2: 1 },
    { trees: 100, l2: 1 }
  ]
  const both = 'Left out, as Scorecard does not take them: Trees 50 and 100. What both know was kept.'
  const left = 'The candidates are left out too: fewer than two different ones are left.'
  expect(settleWith(folds, { candidates }, 'algorithm', 'scorecard')).toEqual({
    also: { candidates: undefined, parameters: { l2: 1 } },
    told: [both, left, 'What they agree on is set for the step now.']
  })
  // They go before the settings of the step, and what chose among them has nothing to choose.
  const values = { parameters: { l2: 7, trees: 20, maxBins: 64 }, candidates, metric: 'auc' }
  expect(settleWith(folds, values, 'algorithm', 'scorecard').also).toMatchObject({
    candidates: undefined,
    metric: undefined,
    parameters: { l2: 1 }
  })
  const trees = settleWith(folds, { candidates: [{ trees: 50 }, { trees: 100 }] }, 'algorithm', 'scorecard')
  expect(trees).toEqual({ also: { candidates: undefined }, told: [both, left] })
  // Settings that a pipeline parameter gives are not written over.
  const given = settleWith(folds, { parameters: '${{ parameters.settings }}', candidates }, 'algorithm', 'scorecard')
  expect(given).toEqual({ also: { candidates: undefined }, told: [both, left] })
  const unread = { parameters: { trees: 20 }, candidates: '${{ parameters.candidates }}' }
  expect(settleWith(folds, unread, 'algorithm', 'scorecard').also).toEqual({ parameters: undefined })
})

it('leaves alone what concerns a question that a pipeline parameter says', async () => {
  const nothing = { also: {}, told: [] }
  const [task, objective] = ['${{ parameters.task }}', '${{ parameters.objective }}']
  const counts = { task: 'regression', objective: 'poisson', quantile: 0.9, algorithm: 'generalised-linear-model', parameters: { l2: 3 } }
  expect(settleWith(train, counts, 'task', task)).toEqual(nothing)
  expect(settleWith(train, counts, 'objective', objective)).toEqual(nothing)
  expect(settleWith(train, { ...counts, objective }, 'task', 'regression')).toEqual(nothing)
  // Taken back, the question is chosen next; only then what it does not concern goes.
  expect(settleWith(train, { ...counts, task }, 'task', undefined)).toEqual(nothing)
  expect(settleWith(train, { ...counts, objective }, 'objective', undefined)).toEqual(nothing)
  expect(settleWith(train, counts, 'task', 'binary').also).toMatchObject({
    objective: undefined,
    quantile: undefined,
    algorithm: undefined
  })
  // What no amount is answered by still makes way, whichever objective will be asked for.
  expect(settleWith(train, { objective, algorithm: 'scorecard' }, 'task', 'regression').also).toEqual({ algorithm: undefined })
  // An algorithm that is named takes its own settings alone.
  expect(settleWith(train, { ...counts, task, parameters: { l2: 3, bags: 4 } }, 'algorithm', 'logistic-regression').also).toEqual({
    parameters: { l2: 3 }
  })
  const offered = (values: Record<string, unknown>) => algorithmChoices(values, values['algorithm']).map(({ value }) => value)
  expect(offered({ task })).toEqual(algorithmSchema.options)
  expect(offered({ task: 'regression', objective })).toEqual(['gradient-boosting', 'generalised-linear-model', 'explainable-boosting'])
  const { labels } = await trainForm({ target: 'visits', task })
  expect(['Positive value', 'Quantile'].filter((title) => !labels().join().includes(title))).toEqual([])
})

it('says below the algorithm what was left out, and hands all over as one change', async () => {
  const { screen: form, changes } = await trainForm({ target: 'paid', parameters: { trees: 300, l2: 2 } })
  await form.click(form.find('combobox', 'Gradient boosting'))
  await form.settle(60)
  const option = form.find('option', /Scorecard/)
  // A list takes a click only on what the pointer is over.
  await act(async () => void option.dispatchEvent(new MouseEvent('mousemove', { bubbles: true })))
  await form.settle(60)
  await form.click(option)
  await form.settle(60)
  expect(changes).toEqual([['algorithm', 'scorecard', { parameters: { l2: 2 } }]])
  expect(form.text()).toContain('Trees 300. What both know was kept. Undo brings it back.')
})
