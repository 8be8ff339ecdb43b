import { expect, it } from 'vitest'
import { examinePolicy } from './policies'

/** What is told of a text, in its order: line, column, path, words. */
function told(text: string): string[] {
  const { policy, problems } = examinePolicy(text)
  expect(policy).toBeNull()
  return [...problems]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    .map(({ line, column, severity, path, message }) => `${line}:${column} ${severity} ${path} ${message}`)
}

const head = 'schema: drydock.policy\nversion: 1\nname: floor\ntitle: Ranks well enough\n'
const rule = (fields: string): string => `  - { id: ranks, title: Ranks, message: It ranks badly., ${fields} }\n`
const tests = `tests:\n  - { name: good, given: { metrics: { auc: 0.9 } }, expect: { ranks: pass } }\n  - { name: bad, given: { metrics: { auc: 0.1 } }, expect: { ranks: fail } }\n`
const sound = 'severity: block, expression: metrics.auc > 0.5'

it('tells wrong types, misspelt and missing keys, wrong words and too long texts, each at its place', () => {
  const text = `schema: drydock.policy\nversion: "1"\nname: Floor\ntitle: 7\nrules:\n${rule('severity: blok, expresion: metrics.auc > 0.5')}  - ${'x'.repeat(5)}\ntests:\n  - { name: ${'x'.repeat(201)}, given: { metric: {} }, expect: { ranks: passed } }\n`
  expect(told(text)).toEqual([
    '2:10 error version "version" takes 1, not "1".',
    '3:7 error name "name": use lower-case words joined by hyphens, such as discrimination-floor',
    '4:8 error title "title" takes a text of at most 200 characters, not the number 7. Write it in quotes.',
    '6:7 error rules.0.expression "expression" is missing. It takes a text of at most 4,000 characters.',
    '6:68 error rules.0.severity "severity" takes "block" or "warn", not "blok". Did you mean "block"?',
    '6:74 error rules.0.expresion There is no key "expresion" here. Did you mean "expression"?',
    '7:5 error rules.1 Entry 2 of "rules" takes a mapping, not the text "xxxxx".',
    '9:13 error tests.0.name "name" takes a text of at most 200 characters; there are 201 characters.',
    '9:225 error tests.0.given.metric There is no key "metric" here. Did you mean "metrics"?',
    '9:256 error tests.0.expect.ranks "ranks" takes "pass", "fail" or "error", not "passed". Did you mean "pass"?'
  ])
})

it('tells with the faults of the structure which rules do not compile and what the tests say', () => {
  const broken = `${head}descripton: x\nrules:\n${rule('severity: blok, expression: metric.auc >')}  - { id: apart, title: Apart, severity: block, expression: data.leakage_finding == 0.0, message: It leaks. }\n${tests}  - { name: odd, given: {}, expect: { apar: pass } }\n  - { name: leaks, given: { data: { leakage_finding: 1 } }, expect: { apart: pass } }\n`
  expect(told(broken)).toEqual([
    '5:1 error descripton There is no key "descripton" here. Did you mean "description"?',
    '7:68 error rules.0.severity "severity" takes "block" or "warn", not "blok". Did you mean "block"?',
    expect.stringMatching(/^7:\d+ error rules\.0\.expression /),
    expect.stringMatching(/^8:\d+ warning rules\.1\.expression data\.leakage_finding is not a fact.*Did you mean "data\.leakage_findings"/),
    expect.stringMatching(/^10:\d+ error tests\.0\.expect\.ranks .* expects pass from the rule "ranks" and got error/),
    expect.stringMatching(/^11:\d+ error tests\.1\.expect\.ranks .* expects fail from the rule "ranks" and got error/),
    '12:45 error tests.2.expect.apar No rule has the id "apar". Did you mean "apart"?',
    expect.stringMatching(/^13:\d+ error tests\.3\.expect\.apart The test "leaks" expects pass from the rule "apart" and got fail/)
  ])
})

it('tells nothing that only follows from another fault', () => {
  // The tests of a rule whose id or expression cannot be read, and the rule that nothing shows because a test cannot be read.
  expect(told(`${head}rules:\n${rule(sound).replace('ranks', 'Ranks')}${tests}`)).toEqual([
    '6:11 error rules.0.id "id": use lower-case words joined by hyphens, such as discrimination-floor'
  ])
  expect(told(`${head}rules:\n${rule('severity: block, expression: 5')}${tests}`)).toEqual([
    '6:87 error rules.0.expression "expression" takes a text of at most 4,000 characters, not the number 5. Write it in quotes.'
  ])
  expect(told(`${head}rules:\n${rule('severity: warm, expression: metrics.auc > 0.5')}${tests}`)).toHaveLength(1)
  expect(told(`${head}rules:\n${rule(sound)}${tests.replace('expect: { ranks: fail }', 'expects: { ranks: fail }')}`)).toEqual([
    '9:7 error tests.1.expect "expect" is missing. It takes a mapping.',
    '9:52 error tests.1.expects There is no key "expects" here. Did you mean "expect"?'
  ])
  expect(told(`${head}rules: none\n`)).toEqual(['5:8 error rules "rules" takes a list of 1 to 200 entries, not the text "none".'])
  expect(told(`${head}rules: []\n`)).toEqual(['5:8 error rules "rules" is empty. It takes a list of 1 to 200 entries.'])
})

it('tells keys that stand twice with what else is wrong, and two rules of one id', () => {
  expect(
    told(
      `${head}title: Again\nrules:\n${rule(`${sound}, severity: warn`)}${rule('severity: fatal, expression: metrics.auc > 0.5')}${tests}`
    )
  ).toEqual([
    '5:1 error  "title" stands twice in a mapping. Remove one.',
    '7:106 error  "severity" stands twice in a mapping. Remove one.',
    '8:11 error rules.1.id The rule id "ranks" is used twice. Rename one.',
    '8:68 error rules.1.severity "severity" takes "block" or "warn", not "fatal".'
  ])
})

it('places what is no YAML', () => {
  expect(told(`${head}rules:\n\t- id: a\n`)).toEqual([expect.stringMatching(/^6:1 error {2}Tabs /)])
  expect(told(`${head}rules: [\n`)[0]).toMatch(/^\d+:\d+ error /)
})
