import { expect, it } from 'vitest'
import { exportWarnings } from './export-warnings'
import { describeGate, describeStage, type PolicyChange } from './gate-standing'
import { GateResultId, Sha256 } from './reference'
import { ModelPurpose, type ModelVersion } from './registry'

const gate: NonNullable<ModelVersion['gate']> = {
  id: GateResultId.parse('00000000-0000-4000-8000-000000000000'),
  policy: 'p',
  outcome: 'pass'
}
const changed: PolicyChange = {
  was: 'failed',
  before: Sha256.parse('3f2a'.padEnd(64, '0')),
  after: Sha256.parse('9c1b'.padEnd(64, '0')),
  by: 'Ada',
  at: '2026-05-04T10:00:00.000Z',
  weakened: true
}

it('says weakened only where that is known, and changed otherwise', () => {
  const fail = { ...gate, outcome: 'fail' as const }
  expect(describeGate({ ...fail, changed })).toBe('failed (failed under 3f2a0000, passed under 9c1b0000, weakened by Ada on 2026-05-04)')
  expect(describeGate({ ...gate, changed: { ...changed, was: 'undecided', weakened: false } })).toBe(
    'passed (undecided under 3f2a0000, passed under 9c1b0000, changed by Ada on 2026-05-04)'
  )
  expect(
    [null, gate, fail, { ...fail, shortfall: 'undecided' as const }, { ...fail, shortfall: 'no gate' as const }].map(describeGate)
  ).toEqual(['none', 'passed', 'failed', 'undecided', 'no gate'])
})

it('marks a draft that no gate has let in, and no other version', () => {
  const stages = [
    ['draft', null],
    ['draft', gate],
    ['draft', { outcome: 'fail' }],
    ['retired', null]
  ] as const
  expect(stages.map(([stage, held]) => describeStage({ stage, gate: held }))).toEqual([
    'draft without gate',
    'draft',
    'draft without gate',
    'retired'
  ])
})

it('warns of a gate that is no pass, a changed policy, an empty purpose and a missing owner, and of nothing else', () => {
  const purpose = ModelPurpose.parse({ purpose: 'Ranks tides.', owner: 'Ada' })
  expect(exportWarnings({ gate, purpose })).toEqual([])
  const warned = (held: ModelVersion['gate']) => exportWarnings({ gate: held, purpose }).join(' ')
  expect(warned(null)).toContain('No gate was held')
  expect(warned({ ...gate, outcome: 'fail' })).toContain('policy "p" failed')
  expect(warned({ ...gate, outcome: 'fail', shortfall: 'undecided' })).toContain('could not be decided')
  expect(warned({ ...gate, outcome: 'fail', shortfall: 'no gate' })).toContain('is no gate')
  expect(warned({ ...gate, outcome: 'fail', changed })).toMatch(/policy "p" failed.*weakened by Ada/)
  expect(exportWarnings({ gate, purpose: { ...purpose, purpose: ' ', owner: 'unknown person' } })).toEqual([
    expect.stringContaining('purpose is empty'),
    expect.stringContaining('no owner')
  ])
})
