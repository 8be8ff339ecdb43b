import { policyContradictions, policyRule, policyTest, type PolicyDocument, type PolicyProblem, type PolicyRule } from '../../model/policy'
import type { SchemaProblem } from '../../model/schema-words'

/** Begins the id of a rule whose own cannot be read; no document has it, and no sentence about one is told. */
const NO_NAME = '\u0000'

/** Most rules and tests of a policy that is looked at further. */
const mostParts = 500

/** What fits of a policy that does not. Rules and tests keep their places. */
export interface SoundParts {
  document: PolicyDocument
  /** Where the parts that fit contradict each other. */
  contradictions: { path: (string | number)[]; message: string }[]
  /** A finding of a further check as it may be told; none where it only follows from what does not fit. */
  told(problem: PolicyProblem): PolicyProblem[]
}

/** Puts harmless values in the place of what does not fit, and knows afterwards which findings come of them. */
export function soundPolicy(value: unknown, problems: readonly SchemaProblem[]): SoundParts {
  const { rules: givenRules, tests: givenTests } = isMapping(value) ? value : {}
  const touched = new Set(problems.map(({ path }) => path.map(String).join('.')))
  const isFaulty = (place: string): boolean => [...touched].some((each) => each === place || each.startsWith(`${place}.`))
  const rules = listOf(givenRules).map((rule, index) =>
    isFaulty(`rules.${index}`) ? soundRule(rule, index, problems) : (rule as PolicyRule)
  )
  const tests = listOf(givenTests).map((test, index) => (isFaulty(`tests.${index}`) ? noTest : policyTest.parse(test)))
  const hasHidden = rules.some(({ id }) => id.startsWith(NO_NAME)) || touched.has('rules')
  const contradictions = policyContradictions({ rules, tests }).filter(({ path }) => path[0] === 'rules' || !hasHidden)
  for (const { path } of policyContradictions({ rules, tests })) {
    const index = Number(path[1])
    if (path[0] === 'rules') rules[index] = { ...rules[index]!, id: `${NO_NAME}${index}` }
    else tests[index] = noTest
  }
  const lacksTests = tests.includes(noTest) || isFaulty('tests')
  const lacksExpression = (id: string | undefined): boolean =>
    rules.some((rule, index) => rule.id === id && (touched.has(`rules.${index}`) || touched.has(`rules.${index}.expression`)))
  return {
    document: { schema: 'drydock.policy', version: 1, name: 'unnamed', title: 'Unnamed', description: '', rules, tests },
    contradictions,
    told({ rule, ...problem }) {
      const { path, message } = problem
      const parts = path.split('.')
      const isCovered = parts.some((_, length) => touched.has(parts.slice(0, length + 1).join('.')))
      const isUntested = /^rules\.\d+$/.test(path) && lacksTests
      const isNoGate = path === 'rules' && (isFaulty('rules') || hasHidden)
      const isOfTest = parts[0] === 'tests' && lacksExpression(rule)
      if (isCovered || isUntested || isNoGate || isOfTest || message.includes(NO_NAME)) return []
      return [rule === undefined || rule.startsWith(NO_NAME) ? problem : { ...problem, rule }]
    }
  }
}

/** Shows nothing, so that it holds. */
const noTest: PolicyDocument['tests'][number] = { name: '-', given: {}, expect: {} }

function soundRule(given: unknown, index: number, problems: readonly SchemaProblem[]): PolicyRule {
  const harmless = { id: `${NO_NAME}${index}`, title: '-', severity: 'warn', expression: 'true', message: '-' } as const
  if (!isMapping(given)) return harmless
  const wrong = new Set(problems.flatMap(({ path: [list, at, key] }) => (list === 'rules' && at === index ? [key] : [])))
  const fitting = Object.entries(given).filter(([key]) => Object.hasOwn(policyRule.shape, key) && !wrong.has(key))
  return { ...harmless, ...(Object.fromEntries(fitting) as Partial<PolicyRule>) }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) && value.length <= mostParts ? value : [])
const isMapping = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value)
