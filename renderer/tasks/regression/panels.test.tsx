// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest'
import { compareWithConstant } from '../../../main/core/tasks/regression/baseline'
import { judgeRows, rowsToJudge } from '../../../main/core/tasks/regression/judge-rows'
import type { Column } from '../../../main/core/frames'
import { Random } from '../../../main/core/numerics'
import { renderPlain, type RenderedScreen } from '../../host/testing'
import { regressionPanels } from '.'
import type { JudgedAmounts } from './judged'

let screen: RenderedScreen | undefined
afterEach(async () => screen?.unmount())

const rows = 400

/** Costs of two sites; the model does not know the site, so it expects too little in one and too much in the other. */
async function judged(): Promise<JudgedAmounts> {
  const random = new Random(6)
  const load = Float64Array.from({ length: rows }, () => 10 * random.uniform())
  const codes = Int32Array.from(load, (_, row) => row % 2)
  const cost = load.map((each, row) => 5 * each + 12 * codes[row]! + random.uniform())
  const frame = {
    rows,
    columns: new Map<string, Column>([
      ['load', { kind: 'number' as const, values: load, outOfRange: 0 }],
      ['site', { kind: 'category' as const, codes, categories: ['north', 'south'] }],
      ['cost', { kind: 'number' as const, values: cost, outOfRange: 0 }]
    ])
  }
  const target = { name: 'cost', objective: 'squared' as const }
  const scores = load.map((each) => 5 * each + 6.5)
  const found = rowsToJudge(frame, 'cost', target)
  const { figures, fairness } = await judgeRows(found, scores, 'site', { minimumGroupSize: 30, bootstrapSamples: 60, seed: 1 }, {})
  return {
    ...figures,
    target,
    seed: 1,
    rows: { judged: rows, ...found.counts },
    fairness,
    baseline: compareWithConstant(found.target, scores, 25, { target })
  }
}

it('shows residuals, calibration, and distributions of one run, and several runs over each other', async () => {
  const evaluation = await judged()
  const run = { id: 'a', name: 'first' }
  screen = await renderPlain(<regressionPanels.EvaluationPanels run={run} evaluation={evaluation} />)
  for (const title of [
    'Residuals by prediction',
    'Calibration by tenths',
    'Residuals by load',
    'Distribution of residuals',
    'Outcomes and predictions'
  ])
    expect(screen.text()).toContain(title)
  expect(screen.text()).toMatch(/Bias -?\u2212?[\d.]+ \(.* to .*\); slope/)
  await screen.unmount()
  screen = await renderPlain(<regressionPanels.ComparedPanels judged={[{ run, evaluation }]} />)
  expect(screen.text()).toContain('Calibration by tenths')
})

it('says in words what the figures come to, and compares the groups', async () => {
  const evaluation = await judged()
  expect(regressionPanels.besideNaive(evaluation).map(({ status, text }) => [status, text.split(':')[0]])).toEqual([
    ['ok', 'Predicts better than a constant'],
    ['ok', 'On average it is not shown to expect too much or too little']
  ])
  expect(regressionPanels.outcomes(evaluation)).toMatch(/^cost [\d.]+ on average, [\d.]+ to [\d.]+$/)
  expect(regressionPanels.decision(evaluation)).toBe('Predictions state the mean of cost.')
  screen = await renderPlain(<regressionPanels.GroupsPanel evaluation={evaluation} />)
  expect(screen.text()).toContain('north (n=200)')
  expect(screen.text()).toMatch(/Mean error gap.*differ by more than chance/)
})
