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
  const findings = [{ columns: ['recovered'], title: '"recovered" may give the outcome away', next: 'Leave it out.', dataset: 'loans' }]
  const results = [
    rule('leak', { outcome: 'error', errorDetail: 'Nobody looked.' }),
    rule('speed', { findings }),
    rule('size', { outcome: 'pass' })
  ]
  const at = { sha256: Sha256.parse('a'.repeat(64)), evaluatedAt: '2026-03-01T10:00:00.000Z', reason: 'Not met.' }
  const report = { schema: 'drydock.gate-report', version: 2, subject: null, policy: 'p', title: 'P', outcome: 'fail' } as const
  screen = await renderPlain(<GateReportView report={{ ...report, ...at, results, tests: [] }} />)
  expect(screen.text()).toContain('Nobody looked.')
  expect(screen.text()).toContain('So it is with speed.')
  expect(screen.text()).not.toMatch(/So it is with (leak|size)/)
  expect(screen.text()).toContain('"recovered" may give the outcome away. Leave it out. Open the columns of loans')
  expect(document.querySelector('a[href="#/data/loans?tab=columns"]')).not.toBeNull()
  expect(screen.text()).toContain('The size')
  await screen.unmount()
  screen = await renderPlain(<GateReportView onlyOpen report={{ ...report, ...at, results, tests: [] }} />)
  expect(screen.text()).toContain('The speed')
  expect(screen.text()).not.toContain('The size')
})
