import { afterEach, expect, it } from 'vitest'
import type { RuleResult } from '../../main/model/policy'
import { Sha256 } from '../../main/model/reference'
import { renderPlain, type RenderedScreen } from '../host/testing'
import { GateReportView } from './gate-report'

let screen: RenderedScreen
afterEach(() => screen.unmount())

it('says of a rule that is undecided why, and not what would be so if it did not hold', async () => {
  const rule = (name: string, about: Partial<RuleResult>): RuleResult => ({
    ...{
      rule: name,
      title: `The ${name}`,
      outcome: 'fail',
      severity: 'block',
      expression: 'true',
      message: `So it is with ${name}.`,
      evidence: []
    },
    ...about
  })
  const results = [rule('leak', { outcome: 'error', errorDetail: 'Nobody looked.' }), rule('speed', {}), rule('size', { outcome: 'pass' })]
  const at = { sha256: Sha256.parse('a'.repeat(64)), evaluatedAt: '2026-03-01T10:00:00.000Z', reason: 'Not met.' }
  const report = { schema: 'drydock.gate-report', version: 2, subject: null, policy: 'p', title: 'P', outcome: 'fail' } as const
  screen = await renderPlain(<GateReportView report={{ ...report, ...at, results, tests: [] }} />)
  expect(screen.text()).toContain('Nobody looked.')
  expect(screen.text()).toContain('So it is with speed.')
  expect(screen.text()).not.toMatch(/So it is with (leak|size)/)
})
