import type { PolicyTestResult } from '../../main/model/policy'
import { Badge } from '../ui'

/** The policy's own tests with what they expected and what came out. */
export function PolicyTests({ tests }: { tests: readonly PolicyTestResult[] }) {
  if (tests.length === 0)
    return (
      <p className="text-muted">
        The policy has no tests. Add a case that passes and one that fails for each rule under <code className="font-mono">tests:</code>, so
        that a slip in an expression is seen before it matters.
      </p>
    )
  return (
    <ul className="flex flex-col overflow-hidden rounded-md border">
      {tests.map((test, index) => (
        <li key={`${index} ${test.name}`} className="border-b px-3 py-2 last:border-b-0" data-selectable>
          <div className="flex items-start gap-2">
            <Badge status={test.passed ? 'ok' : 'error'}>{test.passed ? 'Passes' : 'Fails'}</Badge>
            <span className="min-w-0 [overflow-wrap:anywhere]">{test.name}</span>
          </div>
          {test.differences.map((difference) => (
            <p key={difference.rule} className="mt-1 text-caption">
              <span className="font-mono">{difference.rule}</span>: expected <strong>{difference.expected}</strong>, got{' '}
              <strong>{difference.actual}</strong>. {difference.detail}
            </p>
          ))}
        </li>
      ))}
    </ul>
  )
}
