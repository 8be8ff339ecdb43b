import type { CountedFinding, GateFacts, GateReport, PolicyProblem, PolicyRule, PolicyTestResult, RuleResult } from '../../model/policy'
import { countOf } from '../../model/count-of'
import { didYouMean } from '../../model/near-names'
import { factVocabulary } from '../../model/policy'
import {
  bindFacts,
  collectEvidence,
  compileExpression,
  decide,
  factsAskedFor,
  isFact,
  isOfFacts,
  type AbsentFacts,
  type Compiled,
  type CompiledExpression,
  type FactBindings
} from './cel-expression'
import type { FactReference } from './cel-syntax'
import type { ParsedPolicy } from './policy-document'
import { standingResults } from './standing-rules'
import { createTimeBudget, type TimeBudget } from './time-bound'

function compileRules(policy: ParsedPolicy, budget: TimeBudget): Map<string, Compiled> {
  return new Map(policy.document.rules.map((rule) => [rule.id, compileExpression(rule.expression, budget)]))
}

function applyRule(rule: PolicyRule, compiled: Compiled, bindings: FactBindings, budget: TimeBudget, absent: AbsentFacts = {}): RuleResult {
  const base = {
    rule: rule.id,
    title: rule.title,
    severity: rule.severity,
    expression: rule.expression,
    message: rule.message,
    reference: rule.reference
  }
  if (!compiled.ok) return { ...base, outcome: 'error', evidence: [], errorDetail: compiled.problem.message }
  const verdict = decide(compiled.expression, bindings, budget, absent)
  const evidence = collectEvidence(compiled.expression.syntax, bindings)
  return verdict.outcome === 'error'
    ? { ...base, outcome: 'error', evidence, errorDetail: verdict.detail }
    : { ...base, outcome: verdict.outcome, evidence }
}

/** Runs the examples that lie beside the rules with the engine that the gate uses. */
export function runPolicyTests(policy: ParsedPolicy): PolicyTestResult[] {
  const budget = createTimeBudget()
  return runTests(policy, compileRules(policy, budget), budget)
}

function runTests(policy: ParsedPolicy, compiled: ReadonlyMap<string, Compiled>, budget: TimeBudget): PolicyTestResult[] {
  const rules = new Map(policy.document.rules.map((rule) => [rule.id, rule]))
  return policy.document.tests.map((test) => {
    const bindings = bindFacts(test.given)
    const differences: PolicyTestResult['differences'] = []
    for (const [id, expected] of Object.entries(test.expect)) {
      const result = applyRule(rules.get(id)!, compiled.get(id)!, bindings, budget)
      if (result.outcome !== expected) differences.push({ rule: id, expected, actual: result.outcome, detail: result.errorDetail })
    }
    return { name: test.name, passed: differences.length === 0, differences }
  })
}

/** A probe has a typical value of each kind: an expression that cannot even handle these has a type mistake. No two numbers are equal, so that what is divided by their difference has a value. */
const probes = { number: 0.4, text: 'text', boolean: true, list: ['text'] }

/** @param absent facts that are left out, by name */
function probeFacts(values = probes, absent: readonly string[] = []): GateFacts {
  const facts: Record<string, Record<string, number | string | boolean | string[]>> = {}
  factVocabulary.forEach(({ path, kind }, index) => {
    if (absent.includes(path)) return
    const [group, name] = path.split('.')
    facts[group] = { ...facts[group], [name]: kind === 'number' ? values.number + index / 1_000 : values[kind] }
  })
  return facts
}

/** Values that the other parts of a rule hold with, whichever way they compare. */
const otherProbes = [probes, ...[0, 1e9, -1e9].flatMap((number) => [true, false].map((boolean) => ({ ...probes, number, boolean })))]

/** A fact that a blocking rule asks for, and without which it holds: a run with less evidence would pass it more easily. */
function heldWithout({ syntax, ...expression }: CompiledExpression, budget: TimeBudget): FactReference | undefined {
  return factsAskedFor(syntax).find(({ path }) =>
    otherProbes.some(
      (values) => decide({ syntax, ...expression }, bindFacts(probeFacts(values, [path.join('.')])), budget).outcome === 'pass'
    )
  )
}

/**
 * Compiles every expression and lists what is wrong: syntax, unknown names and functions, type mistakes, and (as
 * warnings) facts outside the vocabulary, rules without a test and tests that do not hold. Empty means sound.
 */
export function checkPolicy(policy: ParsedPolicy): PolicyProblem[] {
  const budget = createTimeBudget()
  const known = new Set(factVocabulary.map((fact) => fact.path))
  const probe = bindFacts(probeFacts())
  const compiled = compileRules(policy, budget)
  const problems: PolicyProblem[] = []
  policy.document.rules.forEach((rule, index) => {
    const path = ['rules', index, 'expression']
    const add = (severity: PolicyProblem['severity'], message: string, from: number, to: number): void => {
      problems.push({ severity, path: path.join('.'), message, rule: rule.id, from, to, ...policy.place(path, from) })
    }
    const result = compiled.get(rule.id)!
    if (!result.ok) {
      add('error', result.problem.message, result.problem.from, result.problem.to)
      return
    }
    const unknown = result.expression.syntax.references.filter(
      (reference) => isFact(reference) && !known.has(reference.path.slice(0, 2).join('.'))
    )
    for (const reference of unknown)
      add(
        'warning',
        `${reference.path.join('.')} is not a fact of the workbench. If no run records it, the rule always fails.${didYouMean(reference.path.slice(0, 2).join('.'), known)}`,
        reference.from,
        reference.to
      )
    if (unknown.length > 0) return
    const verdict = decide(result.expression, probe, budget)
    if (verdict.outcome === 'error') add('error', verdict.detail, verdict.from ?? 0, verdict.to ?? rule.expression.length)
    const held = rule.severity === 'block' ? heldWithout(result.expression, budget) : undefined
    if (held)
      add(
        'warning',
        `The rule can hold where ${held.path.join('.')} was not measured, so less evidence passes more easily. If that is not meant, name the fact without asking whether it is there: a rule on a fact that is missing fails.`,
        held.from,
        held.to
      )
  })
  if (!blocks(policy, compiled))
    problems.push({
      severity: 'warning',
      path: 'rules',
      message: `No rule of this policy blocks${byFacts(policy)}, so it is no gate: nothing passes it. ${nextToNoGate}`,
      ...policy.place(['rules'])
    })
  return [...problems, ...checkTests(policy, compiled, budget)]
}

function checkTests(policy: ParsedPolicy, compiled: ReadonlyMap<string, Compiled>, budget: TimeBudget): PolicyProblem[] {
  const problems: PolicyProblem[] = []
  const { rules, tests } = policy.document
  rules.forEach((rule, index) => {
    const expected = new Set(tests.map((test) => test.expect[rule.id]))
    const missing = expected.has('pass') ? (expected.has('fail') || expected.has('error') ? '' : 'fails') : 'passes'
    if (missing)
      problems.push({
        severity: 'warning',
        path: `rules.${index}`,
        rule: rule.id,
        message: `No test shows a case where the rule "${rule.id}" ${missing}.`,
        ...policy.place(['rules', index])
      })
  })
  runTests(policy, compiled, budget).forEach((result, index) => {
    for (const { rule, expected, actual, detail } of result.differences)
      problems.push({
        severity: 'error',
        path: `tests.${index}.expect.${rule}`,
        rule,
        message: `The test "${result.name}" expects ${expected} from the rule "${rule}" and got ${actual}.${detail ? ` ${detail}` : ''}`,
        ...policy.place(['tests', index, 'expect', rule])
      })
  })
  return problems
}

/**
 * Decides a gate. Errors count as failures; a failing `warn` rule does not fail the gate; a policy whose own tests do
 * not hold cannot pass one. Facts that are null count as missing, those that are not finite as undecided; `absent` says of some why they are.
 * @param counted findings behind facts, by name: a rule that does not hold names those it is about
 */
export function evaluatePolicy(
  policy: ParsedPolicy,
  facts: GateFacts,
  now: Date = new Date(),
  subject: GateReport['subject'] = null,
  absent: AbsentFacts = {},
  counted: Readonly<Record<string, CountedFinding[]>> = {}
): GateReport {
  const budget = createTimeBudget()
  const compiled = compileRules(policy, budget)
  const bindings = bindFacts(facts)
  const own = policy.document.rules.map((rule) => applyRule(rule, compiled.get(rule.id)!, bindings, budget, absent))
  const results = [...standingResults(facts), ...own].map((result) => withFindings(result, counted))
  const tests = runTests(policy, compiled, createTimeBudget())
  const conclusion = conclude(policy, compiled, results, tests)
  return {
    schema: 'drydock.gate-report',
    version: 2,
    subject,
    policy: policy.document.name,
    title: policy.document.title,
    sha256: policy.sha256,
    results,
    tests,
    ...conclusion,
    evaluatedAt: now.toISOString()
  }
}

/** A reader mends columns, not counts. */
function withFindings(result: RuleResult, counted: Readonly<Record<string, CountedFinding[]>>): RuleResult {
  if (result.outcome !== 'fail') return result
  const findings = result.evidence.flatMap(({ fact }) => counted[fact] ?? [])
  return findings.length > 0 ? { ...result, findings: findings.slice(0, 10) } : result
}

/** The title of a rule that blocks, which says what should be so, with the columns by which it is not. */
function nameBlocking({ title, findings = [] }: RuleResult): string {
  const columns = [...new Set(findings.flatMap((finding) => finding.columns))]
  const rest = columns.length > 3 ? ` and ${columns.length - 3} more` : ''
  return `"${title}"${columns.length > 0 ? ` (${columns.slice(0, 3).join(', ')}${rest})` : ''}`
}

/** How many of the rules that block are broken, how many are undecided, and which. */
function sayBlocking(results: readonly RuleResult[]): string {
  const blocking = results.filter(({ severity }) => severity === 'block')
  const groups = [
    { word: 'broken', rules: blocking.filter(({ outcome }) => outcome === 'fail') },
    { word: 'undecided', rules: blocking.filter(({ outcome }) => outcome === 'error') }
  ].filter(({ rules }) => rules.length > 0)
  return groups
    .map(({ word, rules }, index) => {
      const of = index === 0 ? ` of ${countOf(blocking.length, 'blocking rule')}` : ''
      return `${rules.length}${of} ${rules.length === 1 ? 'is' : 'are'} ${word}: ${rules.map(nameBlocking).join('; ')}.`
    })
    .join(' ')
}

/** Whether a policy can refuse a model by its own rules: one that reads no fact, as `1 == 1`, says the same of every model. */
const blocks = ({ document }: ParsedPolicy, compiled: ReadonlyMap<string, Compiled>): boolean =>
  document.rules.some(({ id, severity }) => {
    const rule = compiled.get(id)!
    return severity === 'block' && (!rule.ok || rule.expression.syntax.references.some(isOfFacts))
  })

/** What to add where some rules block, but all without a look at the model. */
const byFacts = ({ document }: ParsedPolicy): string =>
  document.rules.some(({ severity }) => severity === 'block') ? ' by a fact of the run' : ''
const nextToNoGate = 'Give at least one rule that names a fact the severity block.'

type Conclusion = Pick<GateReport, 'outcome' | 'shortfall' | 'reason'>

function conclude(
  policy: ParsedPolicy,
  compiled: ReadonlyMap<string, Compiled>,
  results: readonly RuleResult[],
  tests: readonly PolicyTestResult[]
): Conclusion {
  const blocking = results.filter((result) => result.severity === 'block' && result.outcome !== 'pass')
  const isBroken = blocking.some(({ outcome }) => outcome === 'fail')
  const undecided = isBroken ? {} : { shortfall: 'undecided' as const }
  const wrong = tests.filter((test) => !test.passed)
  if (wrong.length > 0)
    return {
      outcome: 'fail',
      ...undecided,
      reason: `${wrong.length} of the policy's own tests do not hold ("${wrong[0]?.name}"), so it cannot pass anything. Correct the policy.`
    }
  if (!blocks(policy, compiled) && !isBroken)
    return {
      outcome: 'fail',
      shortfall: 'no gate',
      reason: `No gate: no rule of this policy blocks${byFacts(policy)}, so it could refuse nothing. ${nextToNoGate}`
    }
  const warnings = results.filter((result) => result.severity === 'warn' && result.outcome !== 'pass').length
  const aside = warnings > 0 ? ` ${warnings} ${warnings === 1 ? 'warning rule does' : 'warning rules do'} not hold.` : ''
  if (blocking.length > 0)
    return {
      outcome: 'fail',
      ...undecided,
      reason: `${isBroken ? 'Not met' : 'Not decided'}: ${sayBlocking(results)}${aside}`
    }
  return { outcome: 'pass', reason: `All blocking rules hold (${results.length - warnings} of ${results.length} rules).${aside}` }
}
