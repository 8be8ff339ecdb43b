// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest'
import { drawRows } from '../../../main/core/tasks/multiclass/fixtures/drawn-rows'
import { compareWithShares } from '../../../main/core/tasks/multiclass/baseline'
import { deriveClassFairness } from '../../../main/core/tasks/multiclass/fairness'
import { judgeClasses } from '../../../main/core/tasks/multiclass/judge'
import { Random } from '../../../main/core/numerics'
import { renderPlain, type RenderedScreen } from '../../host/testing'
import { multiclassPanels } from '.'
import { confusionsOf } from './confusions'
import type { JudgedClasses } from './judged'

let screen: RenderedScreen | undefined
afterEach(async () => screen?.unmount())

async function judged(classCount: number, rows: number): Promise<JudgedClasses> {
  const classes = Array.from({ length: classCount }, (_, place) => `kind ${place}`)
  const shares = classes.map(() => 1 / classCount)
  const { labels, scores } = drawRows(rows, shares, 1.5, new Random(5))
  const outcomes = { labels, weights: null }
  const figures = await judgeClasses(outcomes, scores, { classes, bootstrapSamples: 60, seed: 1 })
  const codes = Int32Array.from({ length: rows }, (_, row) => row % 2)
  const rules = { minimumGroupSize: 30, minimumClassSize: 10 }
  return {
    ...figures,
    baseline: compareWithShares(outcomes, scores, shares),
    target: { name: 'species', classes },
    rows: { judged: rows, classes: figures.classes.map(({ count }) => count) },
    seed: 1,
    fairness: deriveClassFairness('site', { codes, names: ['north', 'south'] }, { ...outcomes, classes }, scores, rules)
  }
}

it('shows the matrix of a few classes, and of very many the largest confusions', async () => {
  const few = await judged(3, 300)
  screen = await renderPlain(<multiclassPanels.EvaluationPanels run={{ id: 'a', name: 'first' }} evaluation={few} />)
  expect(document.querySelectorAll('svg[aria-label^="Rows: 300 cases"] rect')).toHaveLength(9)
  expect(screen.text()).toContain('Recall by class')
  expect(screen.text()).toContain('A calibrated model looks as far off in')
  await screen.unmount()
  const many = await judged(60, 600)
  screen = await renderPlain(<multiclassPanels.EvaluationPanels run={{ id: 'a', name: 'first' }} evaluation={many} />)
  const [largest] = confusionsOf(many.target.classes, many.confusion)
  expect(screen.text()).toContain(`${largest.was} as ${largest.decided}`)
  expect(screen.text()).toContain('30 further classes in the table')
  expect(document.querySelector('svg[aria-label^="Rows:"]')).toBeNull()
})

it('says in words what the figures come to, and compares the groups', async () => {
  const evaluation = await judged(4, 400)
  expect(multiclassPanels.besideNaive(evaluation).map(({ status, text }) => [status, text.split(':')[0]])).toEqual([
    ['ok', 'Its probabilities say more than the class shares'],
    ['ok', 'Decides better than the most frequent class']
  ])
  // What decides by costs is not meant to be right as often.
  const decided = { ...evaluation, decision: { costs: [], likeliest: 1 } }
  expect(multiclassPanels.besideNaive(decided).map(({ text }) => text.split(':')[0])).toEqual([
    'Its probabilities say more than the class shares'
  ])
  expect(multiclassPanels.outcomes(evaluation)).toMatch(/^4 classes, most with species = kind \d \(\d\d\.\d%\)$/)
  expect(multiclassPanels.outcomesShort(evaluation)).toBe('4 classes')
  screen = await renderPlain(<multiclassPanels.GroupsPanel evaluation={evaluation} />)
  expect(screen.text()).toContain('Groups by site')
  expect(screen.text()).toContain('north (n=200)')
  expect(screen.text()).toMatch(/Accuracy gap.*95% CI/)
  await screen.unmount()
  screen = await renderPlain(<multiclassPanels.GroupsPanel evaluation={{ ...evaluation, fairness: null }} />)
  expect(screen.text()).toContain('groups were not compared')
  await screen.unmount()
  const both = [{ run: { id: 'a', name: 'first' }, evaluation }]
  screen = await renderPlain(<multiclassPanels.ComparedPanels judged={both} />)
  expect(screen.text()).toContain('F1 by class')
})
