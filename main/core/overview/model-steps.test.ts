import { expect, it } from 'vitest'
import { GateResultId } from '../../model/reference'
import { uuidOf } from '../../testing/sample-runs'
import { modelSteps } from './model-steps'

const draft = { name: 'loans', version: 2, stage: 'draft' as const }
const gate = { id: GateResultId.parse(uuidOf('gate')), policy: 'floor' }

it('asks to mend the newest model before it is exported, where a gate did not let it in, and leads to its report', () => {
  const [mend, after] = modelSteps({ ...draft, gate: { ...gate, outcome: 'fail' } }, false)
  expect(mend).toMatchObject({ title: 'Mend what does not hold', route: '/models/loans/2?tab=gate', open: true })
  expect(mend.text).toContain('loans@2 is a draft without gate: the policy "floor" failed.')
  expect(after).toMatchObject({ id: 'export', open: true })
  expect(modelSteps({ ...draft, gate: null }, true)).toMatchObject([{ title: 'Apply a policy' }, { open: false }])
})

it('leads to the version that can be exported', () => {
  expect(modelSteps({ ...draft, gate: { ...gate, outcome: 'pass' } }, false)).toMatchObject([{ id: 'export', route: '/models/loans/2' }])
  expect(modelSteps(null, false)).toMatchObject([{ id: 'export', route: '/models' }])
})
