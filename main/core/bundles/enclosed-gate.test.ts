import { describe, expect, it } from 'vitest'
import { aBundle } from '../bundle-format/documents/bundle-facts.fixture'
import { judgeGate } from './enclosed-gate'

const policy = (...rules: string[]) => `schema: drydock.policy
version: 1
name: alone
title: Alone
rules:
${rules.map((rule, at) => `  - { id: r${at}, title: Rule ${at}, severity: block, expression: '${rule}', message: Mend it. }`).join('\n')}
`

async function judge(change: Record<string, string | null> = {}) {
  const facts = aBundle()
  const files = new Map(
    Object.entries({
      'policy/policy.yaml': policy('metrics.auc > 0.5', 'run.trials > 0', 'model.parity < 0.001'),
      'policy/results.json': JSON.stringify({ outcome: 'fail' }),
      'evidence/evaluation.json': JSON.stringify(facts.evaluation),
      'evidence/training.json': JSON.stringify(facts.training),
      'evidence/trials.json': JSON.stringify({ counts: { total: 3 } }),
      'model/signature.json': JSON.stringify(facts.signature),
      ...change
    }).flatMap(([name, text]) => (text === null ? [] : [[name, Buffer.from(text)] as const]))
  )
  return judgeGate([...files.keys()], (name) => Promise.resolve(files.get(name)))
}

describe('the gate of a bundle, held anew', () => {
  it('passes by the enclosed evidence, whatever is stored', async () => {
    expect(await judge()).toMatchObject({ outcome: 'pass', policy: expect.stringMatching(/^alone@sha256:[0-9a-f]{64}$/), reasons: [] })
    const stored = { 'policy/results.json': JSON.stringify({ outcome: 'pass' }) }
    expect(await judge({ ...stored, 'policy/policy.yaml': policy('metrics.auc > 0.5', 'metrics.auc > 2.0') })).toMatchObject({
      outcome: 'fail',
      reasons: ['the rule "Rule 1" does not hold. Mend it.']
    })
  })

  it('fails a rule on what the bundle does not enclose, and says that it is undecided', async () => {
    const { outcome, reasons } = await judge({ 'evidence/training.json': null, 'evidence/trials.json': null })
    expect(outcome).toBe('fail')
    expect(reasons).toEqual([
      expect.stringContaining('the rule "Rule 1" cannot be decided: '),
      expect.stringContaining('the rule "Rule 2" cannot be decided: ')
    ])
  })

  it.each([
    ['no policy', { 'policy/policy.yaml': null }, 'the bundle encloses no policy'],
    ['two policies', { 'policy/other.yml': policy('true') }, 'the bundle encloses 2 policies (policy/policy.yaml, policy/other.yml)'],
    ['a policy that is none', { 'policy/policy.yaml': 'rules: [' }, 'The policy cannot be read'],
    [
      'a policy whose own tests do not hold',
      { 'policy/policy.yaml': `${policy('metrics.auc > 0.5')}tests: [{ name: T, given: {}, expect: { r0: pass } }]\n` },
      'own tests do not hold'
    ],
    ['evidence that cannot be read', { 'evidence/evaluation.json': '{}' }, 'evidence/evaluation.json cannot be read']
  ])('fails with %s and says so', async (_what, change, words) => {
    expect(await judge(change)).toMatchObject({ outcome: 'fail', reasons: [expect.stringContaining(words)] })
  })
})
