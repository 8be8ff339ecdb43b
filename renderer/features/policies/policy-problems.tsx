import type { PolicyProblem } from '../../../main/model/policy'
import { StatusIcon } from '../../ui'

export interface PolicyProblemsProps {
  problems: readonly PolicyProblem[]
  /** False while a newer text is being checked. */
  current: boolean
}

/** What is wrong with the text, with its place. */
export function PolicyProblems({ problems, current }: PolicyProblemsProps) {
  if (!current && problems.length === 0) return <p className="px-3 py-2 text-muted">Checking the text</p>
  if (problems.length === 0)
    return (
      <p className="flex items-center gap-2 px-3 py-2">
        <StatusIcon status="ok" /> The policy is sound: every expression compiles and every rule has a test that passes and one that fails.
      </p>
    )
  return (
    <ul aria-label="Problems of the policy" tabIndex={0} className="h-full overflow-auto">
      {problems.map((problem, index) => (
        <li key={index} className="flex items-start gap-2 border-b px-3 py-1.5 last:border-b-0" data-selectable>
          <StatusIcon status={problem.severity === 'error' ? 'error' : 'warn'} className="mt-0.5" />
          <span className="w-16 shrink-0 font-mono text-caption text-muted">
            {problem.line === undefined ? '' : `${problem.line}:${problem.column ?? 1}`}
          </span>
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <span className="sr-only">{problem.severity === 'error' ? 'Error: ' : 'Warning: '}</span>
            {problem.message}
          </span>
        </li>
      ))}
    </ul>
  )
}
