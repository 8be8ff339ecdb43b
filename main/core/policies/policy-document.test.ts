import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import type { PolicyProblem } from '../../model/policy'
import { sha256 } from '../../storage/objects/durable-files'
import { maximumPolicyBytes, parsePolicy } from './policy-document'
import { policyOf } from './policy-text.fixture'

function refusalOf(text: string): WorkbenchError {
  try {
    parsePolicy(text)
  } catch (error) {
    expect(error).toBeInstanceOf(WorkbenchError)
    return error as WorkbenchError
  }
  throw new Error('the policy was accepted')
}
function problemsOf(text: string): PolicyProblem[] {
  const refusal = refusalOf(text)
  expect(refusal.code).toBe('INVALID_INPUT')
  return refusal.details?.problems as PolicyProblem[]
}

describe('parsing', () => {
  it('names line and column of broken YAML and of a wrong value', () => {
    expect(problemsOf('schema: drydock.policy\nname: "x" y\n')[0]).toMatchObject({ line: 2, column: 11 })
    const [problem] = problemsOf(policyOf('true').replace('severity: block', 'severity: fatal'))
    expect(problem).toMatchObject({ path: 'rules.0.severity', line: 8, column: 15 })
  })

  it('refuses duplicate keys, duplicate rules, unknown fields, tests of unknown rules, and a bomb of aliases', () => {
    expect(problemsOf(policyOf('true').replace('version: 1', 'version: 1\nversion: 1'))[0]).toMatchObject({
      message: '"version" stands twice in a mapping. Remove one.',
      line: 3,
      column: 1
    })
    const twice = policyOf('true')
    expect(problemsOf(`${twice}${twice.slice(twice.indexOf('  - id'))}`)[0]?.message).toContain('used twice')
    expect(problemsOf(policyOf('true').replace('title: Example', 'title: Example\ncolour: red\ndescripton: x'))).toEqual([
      {
        severity: 'error',
        path: 'colour',
        message: expect.stringMatching(/no key "colour" here\. There is schema, version/),
        line: 5,
        column: 1
      },
      { severity: 'error', path: 'descripton', message: expect.stringMatching(/Did you mean "description"\?/), line: 6, column: 1 }
    ])
    const misspelt = policyOf('true', { tests: 'tests:\n  - { name: t, given: { metric: {} }, expect: { rule: pass } }' })
    expect(problemsOf(misspelt)).toMatchObject([
      { path: 'tests.0.given.metric', message: expect.stringContaining('Did you mean "metrics"?'), line: 12, column: 25 }
    ])
    expect(problemsOf(policyOf('true', { tests: 'tests: [{ name: t, given: {}, expect: { other: pass } }]' }))[0]).toMatchObject({
      path: 'tests.0.expect.other'
    })
    expect(problemsOf(policyOf('true', { tests: 'tests: [{ name: t, given: {}, expect: { rul: pass } }]' }))[0]?.message).toContain(
      '"rule"?'
    )
    const bomb = Array.from(
      { length: 12 },
      (_, index) =>
        `a${index}: &a${index} [${
          index === 0
            ? '1'
            : Array(9)
                .fill(`*a${index - 1}`)
                .join(',')
        }]`
    ).join('\n')
    expect(problemsOf(bomb).length).toBeGreaterThan(0)
  })

  it('is bounded in time by the length of the text, whatever it repeats', () => {
    const many = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join('\n')
    const indented = many(32_000, (index) => `        k${index}: ${index}`)
    const tests = `tests:\n  - name: t\n    given:\n      metrics:\n${indented}\n    expect: {}\n`
    const hostile = [
      many(32_000, (index) => `k${index}: ${index}`),
      policyOf('true', { tests }),
      many(20_000, (index) => `k${index}: &a${index} 1`),
      many(12_000, (index) => `k${index}: !!t${index} 1`),
      many(12_000, (index) => `k${index}: "x" y`),
      `a: [${'1,'.repeat(400_000)}]`
    ]
    const before = process.cpuUsage()
    for (const text of hostile) expect(problemsOf(text)).not.toEqual([])
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(8)
    expect(problemsOf(hostile[0]!)[0]?.message).toMatch(/more than 150000 signs and words/)
    expect(
      problemsOf(policyOf('true', { tests: 'tests: [{ name: t, given: { metrics: { auc: 1, auc: 0 } }, expect: { rule: pass } }]' }))
    ).toMatchObject([{ message: '"auc" stands twice in a mapping. Remove one.', line: 11 }])
  })

  it('of a missing value names the first key of the rule it belongs to', () => {
    const text = policyOf('true')
    const rule = '  - { id: rule, title: A rule, expression: "true", message: It does not hold. }\n'
    expect(problemsOf(text.slice(0, text.indexOf('  - id')) + rule)).toMatchObject([{ path: 'rules.0.severity', line: 6, column: 7 }])
    expect(problemsOf(text.replace('    severity: block\n', ''))).toMatchObject([{ path: 'rules.0.severity', line: 6, column: 5 }])
  })

  it('takes a text of exactly the largest size, and not a byte more', () => {
    const text = `${policyOf('true')}# é`
    const fullSize = text.padEnd(text.length + maximumPolicyBytes - Buffer.byteLength(text), '-')
    expect(parsePolicy(fullSize).document.name).toBe('example')
    expect(() => parsePolicy(`${fullSize}-`)).toThrow(/larger than 1 MB/)
  })

  it('never guesses at a newer format, and reads no other kind of document', () => {
    const newer = refusalOf(policyOf('true').replace('version: 1', 'version: 2'))
    expect(newer.code).toBe('UNSUPPORTED_VERSION')
    expect(newer.message).toMatch(/format version 2; this workbench reads up to 1.*newer Drydock/)
    for (const version of ['0', '-1', '0.5', '"2"', '1.5e', 'null'])
      expect(problemsOf(policyOf('true').replace('version: 1', `version: ${version}`))).toMatchObject([
        { path: 'version', line: 2, column: 10 }
      ])
    const other = policyOf('true').replace('drydock.policy', 'drydock.pipeline').replace('version: 1', 'version: 2')
    expect(problemsOf(other).map(({ path }) => path)).toEqual(['schema', 'version'])
  })

  it.each(['', '# nothing', 'null', '7', 'text', '[]', '- schema: drydock.policy'])('takes %j for no policy', (text) => {
    expect(problemsOf(text)).toMatchObject([
      {
        path: '',
        message: expect.stringMatching(/^The document (is empty\. It )?takes a mapping/),
        line: expect.any(Number),
        column: expect.any(Number)
      }
    ])
  })

  it('reads no merged keys, no keys that are not texts, and no more than one document', () => {
    const merged = policyOf('true').replace('title: Example', '<<: { title: Example }')
    for (const text of [merged, `%YAML 1.1\n---\n${merged}`])
      expect(problemsOf(text).map(({ message }) => message)).toContainEqual(expect.stringContaining('"<<"'))
    expect(problemsOf(policyOf('true').replace('title: Example', '? [title]\n: Example'))[0].message).toMatch(/must be strings/)
    expect(
      parsePolicy(policyOf('true', { tests: 'tests: [{ name: t, given: { metrics: { 7: 1 } }, expect: { rule: pass } }]' })).document
    ).toMatchObject({ tests: [{ given: { metrics: { '7': 1 } } }] })
    expect(problemsOf(`${policyOf('true')}---\n${policyOf('true')}`)[0]).toMatchObject({
      message: expect.stringMatching(/multiple documents/),
      line: 11
    })
  })

  it('lets a text stand for many, up to fifty times, and says nothing of the text around a fault', () => {
    const metrics = (count: number) => Array.from({ length: count }, (_, index) => `m${index}: *a`).join(', ')
    const many = (count: number) =>
      policyOf('true', { tests: `tests: [{ name: t, given: { metrics: { a: &a 0.5, ${metrics(count)} } }, expect: { rule: pass } }]` })
    expect(parsePolicy(many(49)).document.tests[0].given.metrics).toMatchObject({ a: 0.5, m48: 0.5 })
    expect(refusalOf(many(50)).message).toMatch(/^The policy cannot be read: Excessive alias count.*attack\. Nothing was changed/)
    expect(refusalOf(policyOf('*nothing').replaceAll('"', '')).message).toMatch(/Unresolved alias.*nothing/)
    expect(problemsOf('schema: "x" y')[0].message).not.toMatch(/\n|line/)
  })

  it('says of texts without an end that they are nested too deeply', () => {
    for (const text of ['['.repeat(10_000), '{a: '.repeat(10_000), '- '.repeat(10_000)])
      expect(refusalOf(text).message).toMatch(/^The policy cannot be read: it is nested too deeply( at|\. Nothing)/)
  })

  it('tells the first fault with its place, how many there are, and lists a hundred', () => {
    const one = refusalOf(policyOf('true').replace('severity: block', 'severity: fatal')).message
    expect(one).toMatch(
      /^The policy cannot be read: .* \(rules\.0\.severity\) at line 8, column 15\. Nothing was changed\. Correct the text and try again\.$/
    )
    const two = refusalOf(policyOf('true').replace('severity: block', 'severity: fatal').replace('title: Example', 'title: ""')).message
    expect(two).toMatch(/\(title\) at line 4, column 8\. It is the first of 2 problems\. Nothing/)
    expect(refusalOf('').message).toMatch(/The document is empty\. It takes a mapping at line 1, column 1\. Nothing was changed/)
    const rules = Array.from(
      { length: 101 },
      (_, index) => `  - { id: r${index}, title: R, severity: fatal, expression: "true", message: M }`
    )
    const all = refusalOf(`${policyOf('true').split('  - id')[0]}${rules.join('\n')}\n`)
    expect(all.message).toContain('the first of 101 problems')
    expect(all.details?.problems).toHaveLength(100)
  })

  it('is known by the digest of its text, which it keeps as it is', () => {
    const text = `${policyOf('true')}# é\r\n`
    expect(parsePolicy(text)).toMatchObject({ text, sha256: sha256(text), document: { name: 'example', description: '', tests: [] } })
  })

  it('answers any text with a policy or a WorkbenchError', () => {
    const text = policyOf('metrics.auc > 0.5')
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 12 }), (at, cut, insert) => {
        try {
          parsePolicy(text.slice(0, at) + insert + text.slice(at + cut))
        } catch (error) {
          expect(error).toBeInstanceOf(WorkbenchError)
        }
      }),
      { numRuns: 150 }
    )
  })
})

describe('the place of a value', () => {
  /** What stands in the text from the place on, for so many letters. */
  function at(text: string, path: PropertyKey[], offset: number | undefined, letters: number): string | undefined {
    const place = parsePolicy(text).place(path, offset)
    return place && text.split('\n')[place.line - 1].slice(place.column - 1, place.column - 1 + letters)
  }
  const expression = ['rules', 0, 'expression']
  const written = (style: string) => policyOf('true').replace('"true"', style)

  it.each([
    ['plain', 'metrics.a > 0.5'],
    ['in double quotes', '"metrics.a > 0.5"'],
    ['in single quotes', "'metrics.a > 0.5'"],
    ['in a block', '|\n      metrics.a > 0.5'],
    ['in a folded block', '>-\n      metrics.a > 0.5'],
    ['behind a name', '&it "metrics.a > 0.5"']
  ])('is found in an expression that stands %s', (_, style) => {
    const text = written(style)
    expect(at(text, expression, 0, 9)).toBe('metrics.a')
    expect(at(text, expression, 8, 3)).toBe('a >')
    expect(at(text, expression, 12, 3)).toBe('0.5')
  })

  it('is that of the line in a block, though an earlier one holds the same words', () => {
    const text = written('| # run.a\n      true || run.a || run.b ||\n        run.a ||\n\n      run.a\n')
    const value = parsePolicy(text).document.rules[0].expression
    expect(parsePolicy(text).place(expression, value.indexOf('  run.a') + 2)).toEqual({ line: 11, column: 9 })
    expect(parsePolicy(text).place(expression, value.lastIndexOf('run.a'))).toEqual({ line: 13, column: 7 })
    expect(parsePolicy(text.replaceAll('\n', '\r\n')).place(expression, value.lastIndexOf('run.a'))).toEqual({ line: 13, column: 7 })
    // The end of the text is the end of what is written, not the line after.
    expect(parsePolicy(text).place(expression, value.length)).toEqual({ line: 13, column: 12 })
  })

  it('is the start where the text is written otherwise than it reads', () => {
    const escaped = written('"\\x74rue && metrics.b > 0.5"')
    expect(at(escaped, expression, 8, 7)).toBe('"\\x74ru')
    const folded = written('>-\n      true &&\n      metrics.b > 0.5')
    expect(at(folded, expression, 8, 2)).toBe('>-')
    expect(at(folded, expression, 5, 2)).toBe('>-')
    expect(at(written('true &&\n      metrics.b > 0.5'), expression, 8, 4)).toBe('true')
    expect(
      at(
        written('&it "true"')
          .replace('title: A rule', 'title: *it')
          .replace('&it ', '')
          .replace('name: example', 'name: example\ndescription: &it text'),
        ['rules', 0, 'title'],
        2,
        3
      )
    ).toBe('*it')
  })

  it('is the value itself, or the first key of what it would stand in', () => {
    const text = policyOf('true', { tests: 'tests: [{ name: t, given: {}, expect: { rule: pass } }]' })
    expect(at(text, ['rules', 0, 'severity'], undefined, 5)).toBe('block')
    expect(at(text, ['rules', 0], undefined, 3)).toBe('id:')
    expect(at(text, ['rules', 0, 'reference'], undefined, 3)).toBe('id:')
    expect(at(text, ['tests', 0, 'expect', 'rule'], undefined, 4)).toBe('pass')
    expect(at(text, ['tests', 0, 'expect', 'other'], undefined, 6)).toBe('rule: ')
    expect(at(text, ['tests', 0, 'given', 'data', 'rows'], undefined, 2)).toBe('{}')
    expect(at(text, ['tests', 0, 'expect'], undefined, 6)).toBe('{ rule')
    expect(at(text, ['tests', 1], undefined, 3)).toBe('[{ ')
    expect(at(text, ['nothing'], undefined, 7)).toBe('schema:')
    expect(at(text, [], undefined, 7)).toBe('schema:')
    expect(at(text, ['title', 'deeper'], 3, 7)).toBe('Example')
  })
})
