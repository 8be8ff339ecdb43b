import { gateWord } from '../model/gate-standing'
import type { GateReport, PolicyTestResult, RuleResult } from '../model/policy'
import { numberInWords } from '../model/reported-number'
import { tableLines } from './output'

const valueOf = (value: unknown): string =>
  typeof value === 'number' ? (numberInWords(value) ?? String(Number(value.toPrecision(4)))) : JSON.stringify(value)

const reasonOf = ({ outcome, errorDetail, message }: RuleResult): string =>
  outcome === 'pass' ? '' : outcome === 'error' ? (errorDetail ?? message) : message

const outcomeWords = { pass: 'holds', fail: 'broken', error: 'undecided' } as const

/** Each rule with what it came to, the facts that it looked at, and why; below them what the gate came to. */
export function describeReport(report: GateReport): string[] {
  const broken = report.tests.filter(({ passed }) => !passed)
  return [
    ...tableLines(
      ['rule', 'severity', 'outcome', 'facts', 'reason'],
      report.results.map((result) => [
        result.rule,
        result.severity,
        outcomeWords[result.outcome],
        result.evidence.map(({ fact, value, present }) => `${fact} ${present ? valueOf(value) : 'missing'}`).join(', '),
        reasonOf(result)
      ])
    ),
    ...broken.flatMap(describeTest),
    `${gateWord(report)}: ${report.reason}`
  ]
}

/** One line of an example, and one for each rule that came to something else than it should. */
export const describeTest = ({ name, passed, differences }: PolicyTestResult): string[] => [
  `${passed ? 'holds  ' : 'broken '} ${name}`,
  ...differences.map(
    ({ rule, expected, actual, detail }) =>
      `          rule "${rule}": expected ${expected}, came to ${actual}.${detail ? ` ${detail}` : ''}`
  )
]
