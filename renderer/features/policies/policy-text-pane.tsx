import { useMemo } from 'react'
import type { PolicyProblem } from '../../../main/model/policy'
import { CodeEditor, ErrorState, SplitPane, type CodeDiagnostic } from '../../ui'
import { PolicyProblems } from './policy-problems'
import type { PolicyDraft } from './use-policy-draft'

const toDiagnostic = (problem: PolicyProblem): CodeDiagnostic[] =>
  problem.line === undefined
    ? []
    : [
        {
          line: problem.line,
          column: problem.column,
          endColumn:
            problem.column !== undefined && problem.from !== undefined && problem.to !== undefined
              ? problem.column + Math.max(1, problem.to - problem.from)
              : undefined,
          severity: problem.severity === 'error' ? 'error' : 'warn',
          message: problem.message
        }
      ]

/** The text of the policy with its problems under it. */
export function PolicyTextPane({ draft: { text, change, check, isChecked } }: { draft: PolicyDraft }) {
  const diagnostics = useMemo(() => (check.data?.problems ?? []).flatMap(toDiagnostic), [check.data])
  return (
    <SplitPane
      name="policy problems"
      orientation="column"
      fixed="second"
      size={140}
      min={60}
      first={<CodeEditor bare language="yaml" aria-label="Policy text" value={text} onChange={change} diagnostics={diagnostics} />}
      second={
        check.error ? (
          <ErrorState compact error={check.error} onRetry={() => void check.refetch()} />
        ) : (
          <PolicyProblems problems={check.data?.problems ?? []} current={isChecked} />
        )
      }
    />
  )
}
