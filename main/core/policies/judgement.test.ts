import { describe, expect, it } from 'vitest'
import type { GateFacts, PolicyDocument, PolicyRule } from '../../model/policy'
import { checkPolicy, evaluatePolicy, runPolicyTests } from './gate'
import { parsePolicy } from './policy-document'
import { policyOf } from './policy-text.fixture'

type Tests = PolicyDocument['tests']
const rule = (id: string, expression: string, more: Partial<PolicyRule> = {}): PolicyRule => ({
  id,
  title: `Rule ${id}`,
  severity: 'block',
  expression,
  message: `${id} does not hold.`,
  ...more
})
/** JSON is YAML. */
const policyWith = (rules: PolicyRule[], tests: Tests = []) =>
  parsePolicy(JSON.stringify({ schema: 'drydock.policy', version: 1, name: 'example', title: 'Example', rules, tests }, null, 1))
const given = (name: string, auc: number | null, expected: Tests[number]['expect']): Tests[number] => ({
  name,
  given: { metrics: { auc } },
  expect: expected
})

describe('what is wrong with an expression', () => {
  /** Without the warnings that a rule has no tests. */
  const problemsOf = (...expressions: string[]) =>
    checkPolicy(policyWith(expressions.map((expression, index) => rule(`r${index}`, expression)))).filter(({ path }) =>
      path.endsWith('expression')
    )

  it('stands at its rule with its place in the expression and in the text', () => {
    const text = policyOf('metrics.auc > 0.4 && metrics["auc"] + 1 > 1.0')
    expect(checkPolicy(parsePolicy(text))[0]).toEqual({
      severity: 'error',
      path: 'rules.0.expression',
      rule: 'rule',
      message: 'The operator + does not take (double, int). Measured numbers are doubles: write 1.0 instead of 1.',
      from: 0,
      to: 45,
      line: 9,
      column: 18
    })
    expect(problemsOf('true', 'metrics.auc >', 'false', 'median(1)')).toMatchObject([
      { severity: 'error', path: 'rules.1.expression', rule: 'r1', from: 12, to: 13, line: 18 },
      { severity: 'error', path: 'rules.3.expression', rule: 'r3', from: 0, to: 6, line: 32 }
    ])
  })

  it('is a warning for every fact that the workbench does not record, and then nothing else is said of the rule', () => {
    expect(problemsOf('metrics.acu + 1 > fairness.colour')).toEqual([
      expect.objectContaining({
        severity: 'warning',
        message: expect.stringMatching(
          /^metrics\.acu is not a fact of the workbench\. If no run records it, the rule always fails\. Did you mean "metrics\.auc"/
        ),
        from: 0,
        to: 11
      }),
      expect.objectContaining({ severity: 'warning', message: expect.stringMatching(/^fairness\.colour is not/), from: 18, to: 33 })
    ])
    expect(problemsOf('has(metrics.mine.deeper) && metrics.auc > 0.5')).toMatchObject([
      { message: expect.stringMatching(/^metrics\.mine\.deeper is not/) }
    ])
  })

  it('is an error for what no value of a fact can have', () => {
    expect(problemsOf('metrics.auc.low > 0.5')).toMatchObject([
      { severity: 'error', message: expect.stringMatching(/^The fact metrics\.auc\.low is missing/), from: 0, to: 15 }
    ])
    for (const expression of [
      'metrics.auc == "high" || metrics.auc > "high"',
      'run.seeded > 0.5',
      'model.algorithm > 1.0',
      'model.features > 1.0'
    ])
      expect(problemsOf(expression), expression).toMatchObject([{ severity: 'error', message: expect.stringContaining('does not take') }])
  })

  it('is a warning for a blocking rule that can hold because a fact was not measured, however it asks for the fact', () => {
    const held = (expression: string) =>
      problemsOf(expression).map(({ severity, message, from, to }) => [severity, /where (\S+) was not/.exec(message)?.[1], from, to])
    for (const [expression, fact, from, to] of [
      ['!has(metrics.brier) || metrics.brier < 0.1', 'metrics.brier', 5, 18],
      ['!("brier" in metrics) || metrics["brier"] < 0.1 || !("brier" in metrics)', null],
      ['!("brier" in metrics)', 'metrics.brier', 2, 9],
      ['!("brier" in metrics && metrics.map(k, k == "brier" && metrics[k] > 0.1).exists(x, x))', 'metrics.brier', 2, 9],
      ['metrics.auc > 0.9 && (has(data.rows) ? data.rows > 100.0 : true)', 'data.rows', 26, 35],
      ['has(metrics.brier) && metrics.brier < 0.1', null],
      ['"brier" in metrics', null]
    ] as const)
      expect([expression, held(expression)]).toEqual([expression, fact === null ? [] : [['warning', fact, from, to]]])
  })

  it('is nothing for whole groups, types, and every kind of fact used as what it is', () => {
    expect(
      problemsOf(
        'size(metrics) > 0 && metrics.size() > 0 && metrics == metrics',
        'type(timestamp("2026-01-01T00:00:00Z")) == google.protobuf.Timestamp',
        'metrics.auc < 0.9 && model.algorithm.startsWith("x") && (run.seeded || !run.reproducible)',
        'model.features.all(name, size(name) > 0) && !("cost" in model.features)'
      )
    ).toEqual([])
  })
})

describe('what is wrong with the tests of a policy', () => {
  it.each([
    ['no test', [], 'passes'],
    ['one that passes', ['pass'], 'fails'],
    ['one that fails', ['fail'], 'passes'],
    ['one that cannot be decided', ['error'], 'passes'],
    ['one of both', ['fail', 'pass'], null],
    ['one that passes and one that cannot be decided', ['pass', 'error'], null]
  ] as const)('with %s', (_, outcomes, missing) => {
    const tests = outcomes.map((outcome) => given(outcome, { pass: 0.9, fail: 0.1, error: null }[outcome], { second: outcome }))
    const policy = policyWith(
      [rule('first', 'metrics.auc > 0.5'), rule('second', 'metrics.auc > 0.5')],
      [...tests, given('p', 0.9, { first: 'pass' }), given('f', 0.1, { first: 'fail' })]
    )
    expect(checkPolicy(policy)).toEqual(
      missing
        ? [
            {
              severity: 'warning',
              path: 'rules.1',
              rule: 'second',
              message: `No test shows a case where the rule "second" ${missing}.`,
              line: 14,
              column: 3
            }
          ]
        : []
    )
  })

  it('is every expectation that does not hold, with what came instead and why', () => {
    const policy = policyWith(
      [rule('high', 'metrics.auc > 0.5'), rule('low', 'metrics.auc < 0.5')],
      [
        given('good', 0.9, { high: 'pass', low: 'fail' }),
        given('swapped', 0.9, { high: 'fail', low: 'pass' }),
        given('lost', null, { high: 'error', low: 'fail' }),
        given('bad', 0.1, { low: 'pass' })
      ]
    )
    const detail = 'The fact metrics.auc is missing: it was not measured or is not known by this name.'
    expect(runPolicyTests(policy)).toEqual([
      { name: 'good', passed: true, differences: [] },
      {
        name: 'swapped',
        passed: false,
        differences: [
          { rule: 'high', expected: 'fail', actual: 'pass', detail: undefined },
          { rule: 'low', expected: 'pass', actual: 'fail', detail: undefined }
        ]
      },
      { name: 'lost', passed: false, differences: [{ rule: 'low', expected: 'fail', actual: 'error', detail }] },
      { name: 'bad', passed: true, differences: [] }
    ])
    expect(checkPolicy(policy).map(({ severity, path, rule: at, message }) => [severity, path, at, message])).toEqual([
      ['error', 'tests.1.expect.high', 'high', 'The test "swapped" expects fail from the rule "high" and got pass.'],
      ['error', 'tests.1.expect.low', 'low', 'The test "swapped" expects pass from the rule "low" and got fail.'],
      ['error', 'tests.2.expect.low', 'low', `The test "lost" expects fail from the rule "low" and got error. ${detail}`]
    ])
    const { text } = policy
    for (const { rule: at, line, column } of checkPolicy(policy))
      expect(
        text
          .split('\n')
          [line! - 1].slice(0, column! - 1)
          .trim()
      ).toBe(`"${at}":`)
  })
})

describe('rows that the training had too', () => {
  const passing = policyWith([rule('sound', 'size(metrics) >= 0')])
  const judge = (evaluation: GateFacts['evaluation']) => evaluatePolicy(passing, evaluation ? { evaluation } : {})

  it('are said by no policy: none of them, or nothing of the rows at all', () => {
    const without: GateFacts['evaluation'][] = [
      undefined,
      {},
      { rows: 200, rows_shared: 0, independent: true },
      { rows: 200, rows_shared: 0, independent: false },
      { rows_shared: 3 }
    ]
    for (const evaluation of without) expect(judge(evaluation)).toMatchObject({ outcome: 'pass', results: [{ rule: 'sound' }] })
  })

  it('warn where it is not known whether there are any', () => {
    const unknown: GateFacts['evaluation'][] = [{ rows: 200 }, { rows: 200, rows_shared: 0 }, { rows: 200, rows_shared: null }]
    for (const evaluation of unknown) {
      const report = judge(evaluation)
      expect(report).toMatchObject({ outcome: 'pass', results: [{ rule: 'independent-rows', outcome: 'fail', severity: 'warn' }, {}] })
      expect(report.results[0].message).toMatch(/^Whether the judged rows are apart from the training rows is not known\. Divide/)
      expect(report.results[0].evidence).toEqual([{ fact: 'evaluation.independent', value: null, present: false }])
    }
  })

  it('warn up to a hundredth of those that were judged', () => {
    for (const shared of [1, 2]) {
      const report = judge({ rows: 200, rows_shared: shared })
      expect(report).toMatchObject({
        outcome: 'pass',
        results: [
          { rule: 'independent-rows', outcome: 'fail', severity: 'warn', expression: 'evaluation.rows_shared == 0' },
          { rule: 'sound' }
        ]
      })
      expect(report.reason).toBe('All blocking rules hold (1 of 2 rules). 1 warning rule does not hold.')
    }
  })

  it('keep every gate shut above that, with the figures', () => {
    const report = judge({ rows: 200, rows_shared: 3 })
    expect(report.outcome).toBe('fail')
    expect(report.reason).toBe('Not met: 1 of 2 blocking rules is broken: "The judged rows are apart from the training rows".')
    expect(judge({ rows: 20_000, rows_shared: 3_000 }).results[0]!.message).toMatch(/^3,000 of 20,000 judged rows stand/)
    expect(report.results[0]).toEqual({
      rule: 'independent-rows',
      title: 'The judged rows are apart from the training rows',
      outcome: 'fail',
      severity: 'block',
      expression: 'evaluation.rows_shared <= 0.01 * evaluation.rows',
      message: expect.stringMatching(/^3 of 200 judged rows .* Split the table/),
      evidence: [
        { fact: 'evaluation.rows_shared', value: 3, present: true },
        { fact: 'evaluation.rows', value: 200, present: true }
      ]
    })
  })
})

describe('groups and times that tie the judged rows to the training', () => {
  const judge = (split: GateFacts['split']) => evaluatePolicy(policyWith([rule('sound', 'size(metrics) >= 0')]), { split })

  it.each([
    ['independent-groups', 'groups_shared', 'group_rows_share', /^160 groups .*100\.0% of the judged rows/],
    ['independent-times', 'time_overlap', 'time_overlap_share', /^160 training rows are later .*100\.0%/]
  ])('%s: shut every gate above a hundredth, warn below, and are silent where there are none', (id, count, share, words) => {
    const shut = judge({ [count]: 160, [share]: 1 })
    expect(shut).toMatchObject({
      outcome: 'fail',
      results: [{ rule: id, outcome: 'fail', severity: 'block', expression: `split.${share} <= 0.01` }, { rule: 'sound' }]
    })
    expect(shut.results[0].message).toMatch(words)
    expect(shut.results[0].evidence).toEqual([
      { fact: `split.${count}`, value: 160, present: true },
      { fact: `split.${share}`, value: 1, present: true }
    ])
    for (const few of [0, 0.01])
      expect(judge({ [count]: 1, [share]: few })).toMatchObject({
        outcome: 'pass',
        results: [{ rule: id, outcome: 'fail', severity: 'warn', expression: `split.${count} == 0` }, {}]
      })
    for (const none of [{}, { [count]: 0, [share]: 0 }]) expect(judge(none).results.map((each) => each.rule)).toEqual(['sound'])
  })
})

describe('the report of a gate', () => {
  it('holds for each rule what it says, what it came to, what it looked at and why it could not be decided', () => {
    const { results } = evaluatePolicy(
      policyWith([
        rule('holds', 'metrics.auc > 0.5', { reference: 'SR 26-2', severity: 'warn' }),
        rule('not', 'metrics.auc > 0.9'),
        rule('lost', 'metrics.brier < 0.1'),
        rule('broken', 'metrics.auc >')
      ]),
      { metrics: { auc: 0.8 } }
    )
    const auc = { fact: 'metrics.auc', value: 0.8, present: true }
    expect(results).toEqual([
      { ...about(rule('holds', 'metrics.auc > 0.5')), severity: 'warn', reference: 'SR 26-2', outcome: 'pass', evidence: [auc] },
      { ...about(rule('not', 'metrics.auc > 0.9')), outcome: 'fail', evidence: [auc] },
      {
        ...about(rule('lost', 'metrics.brier < 0.1')),
        outcome: 'error',
        evidence: [{ fact: 'metrics.brier', present: false }],
        errorDetail: expect.stringMatching(/^The fact metrics\.brier is missing/)
      },
      {
        ...about(rule('broken', 'metrics.auc >')),
        outcome: 'error',
        evidence: [],
        errorDetail: expect.stringMatching(/^The expression is not valid CEL/)
      }
    ])
  })
  const about = ({ id, ...more }: PolicyRule) => ({ rule: id, reference: undefined, ...more })

  it('is about the subject that was handed in, or none', () => {
    const policy = policyWith([rule('sound', 'size(metrics) >= 0')])
    const subject = { run: null } as unknown as ReturnType<typeof evaluatePolicy>['subject']
    expect(evaluatePolicy(policy, {}, new Date(0), subject)).toMatchObject({
      version: 2,
      subject,
      title: 'Example',
      evaluatedAt: '1970-01-01T00:00:00.000Z'
    })
    expect(evaluatePolicy(policy, {}).subject).toBeNull()
  })

  it('gives as its reason what blocks, and how many warnings there are beside it', () => {
    const reasonOf = (...rules: PolicyRule[]) => {
      const { outcome, reason } = evaluatePolicy(policyWith(rules), {})
      return `${outcome}: ${reason}`
    }
    const warn = { severity: 'warn' } as const
    expect(
      reasonOf(rule('a', 'size(metrics) >= 0'), rule('b', 'false', warn), rule('c', 'metrics.auc > 0.5', warn), rule('d', 'true', warn))
    ).toBe('pass: All blocking rules hold (2 of 4 rules). 2 warning rules do not hold.')
    expect(reasonOf(rule('a', 'false'), rule('b', 'false', warn), rule('c', 'metrics.auc > 0.5'), rule('d', 'true'))).toBe(
      'fail: Not met: 1 of 3 blocking rules is broken: "Rule a". 1 is undecided: "Rule c". 1 warning rule does not hold.'
    )
  })

  it('is shut for the tests of its own policy that do not hold, and names the first', () => {
    const sound = rule('sound', 'metrics.auc > 0.5')
    const report = evaluatePolicy(
      policyWith(
        [sound],
        [given('right', 0.9, { sound: 'pass' }), given('wrong', 0.1, { sound: 'pass' }), given('lost', null, { sound: 'pass' })]
      ),
      { metrics: { auc: 0.9 } }
    )
    expect(report).toMatchObject({
      outcome: 'fail',
      results: [{ outcome: 'pass' }],
      tests: [{ passed: true }, { passed: false }, { passed: false }]
    })
    expect(report.reason).toBe(`2 of the policy's own tests do not hold ("wrong"), so it cannot pass anything. Correct the policy.`)
  })
})
