import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { samplePolicyText } from '../../../resources/sample/policy'
import { factVocabulary, gateReport, type GateFacts, type PolicyRule } from '../../model/policy'
import { checkPolicy, runPolicyTests } from './gate'
import { evaluatePolicy, parsePolicy } from './index'
import { policyOf } from './policy-text.fixture'

const facts: GateFacts = {
  metrics: { auc: 0.85, auc_lower: 0.81, latency_p99: 0.001 },
  fairness: { disparate_impact: 0.7, column: 'phase' },
  data: { errors: 0 },
  model: { features: ['speed', 'phase'] }
}
const outcomeOf = (expression: string, given: GateFacts = facts) => evaluatePolicy(parsePolicy(policyOf(expression)), given).results.at(-1)!

describe('checking', () => {
  it('accepts the sample policy, whose tests hold', () => {
    const policy = parsePolicy(samplePolicyText)
    expect(checkPolicy(policy)).toEqual([])
    expect(runPolicyTests(policy).map((test) => test.passed)).toEqual([true, true, true])
  })

  it.each([
    ['metrics.auc >= 0.8 &&', 'not valid CEL', 19],
    ['metric.auc >= 0.8', '"metric" is not known', 0],
    ['metrics.auc >= 0.8 && median(metrics.auc) > 1.0', 'function "median" does not exist', undefined],
    ['metrics.auc + 1 > 1.5', 'write 1.0 instead of 1', undefined],
    ['metrics.auc', 'did not yield true or false', undefined],
    ['metrics.auc == 0.8 || metrics.acu > 0.8', 'metrics.acu is not a fact', 22]
  ])('says what is wrong with %s', (expression, message, from) => {
    const problem = checkPolicy(parsePolicy(policyOf(expression))).find((candidate) => candidate.message.includes(message))
    expect(problem).toMatchObject({ rule: 'rule', line: 9 })
    if (from !== undefined) expect(problem).toMatchObject({ from, column: 18 + from })
  })

  it('marks the function that does not exist, to its last letter', () => {
    const expression = 'metrics.auc >= 0.8 && median(metrics.auc) > 1.0'
    const [problem] = checkPolicy(parsePolicy(policyOf(expression)))
    expect(expression.slice(problem.from, problem.to)).toBe('median')
  })

  it('asks for a test of both outcomes and reports tests that do not hold', () => {
    const problems = checkPolicy(
      parsePolicy(
        policyOf('metrics.auc > 0.9', { tests: 'tests: [{ name: t, given: { metrics: { auc: 0.8 } }, expect: { rule: pass } }]' })
      )
    )
    expect(problems.map((problem) => problem.severity)).toEqual(['warning', 'error'])
    expect(problems[1]?.message).toContain('expects pass from the rule "rule" and got fail')
  })
})

describe('the gate', () => {
  it('passes and fails by the facts and shows which it looked at', () => {
    expect(outcomeOf('metrics.auc >= 0.8 && fairness["disparate_impact"] >= 0.6')).toMatchObject({
      outcome: 'pass',
      evidence: [
        { fact: 'metrics.auc', value: 0.85, present: true },
        { fact: 'fairness.disparate_impact', value: 0.7, present: true }
      ]
    })
    expect(outcomeOf('metrics.auc >= 0.9').outcome).toBe('fail')
    expect(outcomeOf('model.features.exists(name, name == "speed")').outcome).toBe('pass')
    expect(outcomeOf('data.errors == 0').outcome).toBe('pass')
  })

  it.each([
    'metrics.nope > 0.5',
    'metrics.nope > 0.5 || true',
    'true || metrics.nope > 0.5',
    '!(metrics.nope > 0.5)',
    'metrics["nope"] != 0.5',
    'data.toString == "x" || true',
    'metrics.__proto__ != metrics.constructor',
    'metrics.auc > "0.5"',
    'metrics.auc > fairness.column',
    'metrics.auc',
    '"true"',
    '1 / 0 == 1',
    'nothing.at_all || true',
    'unknown(1) || true',
    'true &&',
    `[1].all(a, true) == ${'['.repeat(30)}`
  ])('counts %s as an error, which fails', (expression) => {
    const report = evaluatePolicy(parsePolicy(policyOf(expression)), facts)
    expect(report.results[0]?.outcome).toBe('error')
    expect(report.results[0]?.errorDetail).toBeTruthy()
    expect(report.outcome).toBe('fail')
  })

  it('compares a text with a word that is not a fact', () => {
    expect(outcomeOf('fairness.column == "phase"')).toMatchObject({
      outcome: 'pass',
      evidence: [{ fact: 'fairness.column', value: 'phase', present: true }]
    })
  })

  it('knows the types of CEL by their names, and its messages', () => {
    const typed = ['true bool', 'b"a" bytes', 'metrics.auc double', '1 int', '[1] list', '{1: 2} map', 'null null_type', '"a" string']
    for (const [value, type] of [...typed, 'int type', '1u uint'].map((pair) => pair.split(/ (?=\w+$)/)))
      expect(outcomeOf(`type(${value}) == ${type}`), type).toMatchObject({ outcome: 'pass' })
    expect(outcomeOf('google.protobuf.DoubleValue{value: metrics.auc} == 0.85')).toMatchObject({
      outcome: 'pass',
      evidence: [{ fact: 'metrics.auc', value: 0.85, present: true }]
    })
    expect(outcomeOf('{metrics.auc: 1}.size() == 1').evidence).toMatchObject([{ fact: 'metrics.auc' }])
  })

  it("takes what is null as not measured and decides nothing by what is not finite, in a policy's own tests too", () => {
    for (const value of [null, Number.NaN, Infinity])
      expect(outcomeOf('!(metrics.log_loss > 0.5)', { metrics: { log_loss: value } })).toMatchObject({ outcome: 'error' })
    const tests = 'tests: [{ name: t, given: { metrics: { auc: .nan } }, expect: { rule: error } }]'
    expect(runPolicyTests(parsePolicy(policyOf('!has(metrics.auc) || metrics.auc < 0.9', { tests })))).toMatchObject([{ passed: true }])
  })

  it('lets a rule deal with an absent fact by asking for it', () => {
    expect(outcomeOf('!has(fairness.tpr_difference) || fairness.tpr_difference < 0.1').outcome).toBe('pass')
    expect(outcomeOf('has(fairness.tpr_difference) && fairness.tpr_difference < 0.1').outcome).toBe('fail')
  })

  it('never passes an expression in which a named fact is missing and not asked for', () => {
    const names = factVocabulary.filter((fact) => fact.kind === 'number').map((fact) => fact.path)
    const comparison = fc
      .tuple(fc.constantFrom(...names), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), fc.double({ min: -1, max: 1, noNaN: true }))
      .map(([name, operator, value]) => `${name} ${operator} ${value.toFixed(3)}`)
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        comparison,
        fc.constantFrom('true', 'false'),
        fc.tuple(tie('expression'), fc.constantFrom('&&', '||'), tie('expression')).map((parts) => `(${parts.join(' ')})`),
        tie('expression').map((inner) => `!(${inner})`)
      )
    }))
    fc.assert(
      fc.property(expression, fc.subarray(names), (source, present) => {
        const given: Record<string, Record<string, number>> = {}
        for (const path of present) {
          const [group = '', name = ''] = path.split('.')
          given[group] = { ...given[group], [name]: 0.5 }
        }
        const result = outcomeOf(source, given)
        const missing = names.filter((name) => new RegExp(`${name.replace('.', '\\.')} `).test(source) && !present.includes(name))
        if (missing.length > 0) expect(result.outcome).toBe('error')
        else expect(result.outcome).toBe(oracle(source) ? 'pass' : 'fail')
      }),
      { numRuns: 200 }
    )
  })

  it('reports a failing warning and lets the gate pass', () => {
    const blocking = { id: 'blocks', title: 'Blocks', severity: 'block', expression: 'metrics.auc > 0.1', message: 'No.' }
    const { document, ...parsed } = parsePolicy(policyOf('metrics.auc > 0.9', { severity: 'warn' }))
    const policy = { ...parsed, document: { ...document, rules: [...document.rules, blocking as PolicyRule] } }
    const report = evaluatePolicy(policy, facts)
    expect(report).toMatchObject({ outcome: 'pass', results: [{ outcome: 'fail', severity: 'warn' }, { outcome: 'pass' }] })
    expect(report.reason).toContain('1 warning rule')
  })

  it('is no gate where nothing blocks, whatever holds, and warns of it', () => {
    const policy = parsePolicy(policyOf('true', { severity: 'warn' }))
    const report = evaluatePolicy(policy, facts)
    expect(report).toMatchObject({ outcome: 'fail', shortfall: 'no gate', reason: expect.stringMatching(/^No gate: no rule .* blocks/) })
    expect(gateReport.parse(report)).toEqual(report)
    expect(checkPolicy(policy)).toContainEqual(
      expect.objectContaining({ severity: 'warning', path: 'rules', line: 6, message: expect.stringContaining('it is no gate') })
    )
    expect(evaluatePolicy(parsePolicy(policyOf('metrics.auc > 0.1')), facts)).not.toHaveProperty('shortfall')
  })

  it.each(['true', '1 == 1', '[] == []', '[].filter(x, x > 1) == []', '"a" != "b"'])(
    'is no gate where all that blocks is %s',
    (expression) => {
      const policy = parsePolicy(policyOf(expression))
      expect(evaluatePolicy(policy, facts)).toMatchObject({
        ...{ outcome: 'fail', shortfall: 'no gate', results: [{ outcome: 'pass' }] },
        reason: expect.stringMatching(/^No gate: no rule of this policy blocks by a fact of the run/)
      })
      expect(checkPolicy(policy)).toContainEqual(expect.objectContaining({ message: expect.stringContaining('it is no gate') }))
      // Groups of facts, and facts whose names are computed, count as read.
      for (const read of ['size(metrics) > 0', 'metrics["a" + "uc"] > 0.1'])
        expect(evaluatePolicy(parsePolicy(policyOf(`${expression} && ${read}`)), facts)).toMatchObject({ outcome: 'pass' })
    }
  )

  it('is undecided, which fails, where an error is all that keeps it from passing', () => {
    expect(evaluatePolicy(parsePolicy(policyOf('metrics.nope > 0.5')), facts)).toMatchObject({
      outcome: 'fail',
      shortfall: 'undecided',
      reason: 'Not decided: 1 of 1 blocking rule is undecided: "A rule".'
    })
    expect(evaluatePolicy(parsePolicy(policyOf('metrics.auc > 0.9')), facts)).not.toHaveProperty('shortfall')
  })

  it('speaks of warnings only where there are some', () => {
    const reasonOf = (expression: string, severity: string) => evaluatePolicy(parsePolicy(policyOf(expression, { severity })), facts).reason
    expect(reasonOf('metrics.auc > 0.1', 'block')).toBe('All blocking rules hold (1 of 1 rules).')
    expect(reasonOf('false', 'block')).toBe('Not met: 1 of 1 blocking rule is broken: "A rule".')
  })

  it('names the columns by which a rule does not hold, and the findings, at most as many as fit', () => {
    const counted = {
      'data.errors': ['a', 'b', 'c', 'd'].map((column) => ({ columns: [column], title: `${column} is wrong`, next: 'Mend it.' }))
    }
    const held = (expression: string) =>
      evaluatePolicy(parsePolicy(policyOf(expression)), { ...facts, data: { errors: 4 } }, new Date(), null, {}, counted)
    const failed = held('data.errors == 0')
    expect(failed.reason).toBe('Not met: 1 of 1 blocking rule is broken: "A rule" (a, b, c and 1 more).')
    expect(gateReport.parse(JSON.parse(JSON.stringify(failed))).results[0]?.findings).toEqual(counted['data.errors'])
    expect(held('data.errors == 4').results[0]).not.toHaveProperty('findings')
    expect(held('metrics.auc > 0.9').results[0]).not.toHaveProperty('findings')
  })

  it('stays shut when the own tests of the policy do not hold', () => {
    const tests = 'tests: [{ name: wrong, given: { metrics: { auc: 0.1 } }, expect: { rule: pass } }]'
    const report = evaluatePolicy(parsePolicy(policyOf('metrics.auc > 0.5', { tests })), facts)
    expect(report.results[0]?.outcome).toBe('pass')
    expect(report.outcome).toBe('fail')
    expect(report.reason).toContain('own tests')
  })

  it('is stamped with the digest of its text and the time, and fits its schema', () => {
    const policy = parsePolicy(samplePolicyText)
    const report = evaluatePolicy(policy, facts, new Date(0))
    expect(gateReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(JSON.parse(JSON.stringify(report)))
    expect(report).toMatchObject({ policy: 'strike-damage', sha256: policy.sha256, evaluatedAt: '1970-01-01T00:00:00.000Z' })
  })
})

/** Work of this process in ms; the time on the wall also counts what other programs do. */
const workedSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

describe('hostile expressions', () => {
  it('that nest thousands deep are errors or decided, never a crash', () => {
    expect(outcomeOf('('.repeat(1900) + 'true' + ')'.repeat(1900))).toMatchObject({ outcome: 'error' })
    expect(outcomeOf(`${'!'.repeat(1999)}true`).outcome).toMatch(/fail|error/)
    expect(outcomeOf(`true${' && true'.repeat(480)}`).outcome).toMatch(/pass|error/)
    expect(outcomeOf(`0${' + 1'.repeat(900)} > 0`).outcome).toMatch(/pass|error/)
  })

  const list = `[${Array(100).fill('1').join(',')}]`
  it.each([
    ['three nested loops over long lists', `${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c > 0)))`],
    [
      'a list that doubles',
      `[[1]]${'.map(x, x + x)'.repeat(60)}.all(x, size(x) > 0) && [[1]]${'.map(x, x + x)'.repeat(60)}[0].all(y, y > 0)`
    ],
    ['loops beyond the limit', '[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))']
  ])('are stopped in time: %s', (_, expression) => {
    const started = process.cpuUsage()
    const result = outcomeOf(expression)
    expect(workedSince(started)).toBeLessThan(2_000)
    expect(result.outcome).toBe('error')
    expect(outcomeOf('metrics.auc > 0.5').outcome).toBe('pass')
  })

  it('have one budget for a whole policy', () => {
    const rules = Array.from({ length: 60 }, (_, index) =>
      policyOf(`${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c > ${index % 1})))`)
        .split('\n')
        .slice(5, 10)
        .join('\n')
        .replace('id: rule', `id: rule-${index}`)
    )
    const text = `${policyOf('true').split('\n').slice(0, 5).join('\n')}\n${rules.join('\n')}\n`
    const started = process.cpuUsage()
    const report = evaluatePolicy(parsePolicy(text), facts)
    expect(workedSince(started)).toBeLessThan(4_000)
    expect(report.results.every((result) => result.outcome === 'error')).toBe(true)
  })
})

/** Boolean expressions of the property test mean the same in JavaScript once every fact is 0.5. */
function oracle(source: string): boolean {
  return Boolean(new Function(`return ${source.replace(/[a-z]+\.[a-z0-9_]+(?= [<>=!])/g, '0.5')}`)())
}
