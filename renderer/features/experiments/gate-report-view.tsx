import type { GateReport, RuleOutcome, RuleResult } from '../../../main/model/policy'
import { Badge, classNames, formatAuto, HashChip, StatusIcon, TimeText, type Status } from '../../ui'

const statusOf = (outcome: RuleOutcome, severity: RuleResult['severity']): Status =>
  outcome === 'pass' ? 'ok' : severity === 'warn' ? 'warn' : 'error'
const words: Record<RuleOutcome, string> = { pass: 'holds', fail: 'does not hold', error: 'could not be decided' }

function factText(value: unknown): string {
  if (typeof value === 'number') return formatAuto(value, 6)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What a gate decided: each rule with the facts it looked at. */
export function GateReportView({ report }: { report: GateReport }) {
  const failedTests = report.tests.filter((test) => !test.passed)
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Badge status={report.outcome === 'pass' ? 'ok' : 'error'}>{report.outcome === 'pass' ? 'Gate passed' : 'Gate failed'}</Badge>
        <p className="font-medium">{report.reason}</p>
      </div>
      <p className="flex flex-wrap items-center gap-2 text-caption text-muted">
        {report.title} <HashChip hash={report.sha256} label="Policy" /> <TimeText value={report.evaluatedAt} />
        <span>
          {report.tests.length - failedTests.length} of {report.tests.length} tests of the policy passed
        </span>
      </p>
      {failedTests.map((test) => (
        <p key={test.name} className="rounded-md bg-error-soft p-2">
          The policy's own test "{test.name}" failed, so the gate stays shut:{' '}
          {test.differences.map((each) => `${each.rule} was ${each.actual}, expected ${each.expected}`).join('; ')}.
        </p>
      ))}
      <ol className="flex flex-col rounded-md border">
        {report.results.map((result) => (
          <Rule key={result.rule} result={result} />
        ))}
      </ol>
    </div>
  )
}

function Rule({ result }: { result: RuleResult }) {
  const held = result.outcome === 'pass'
  return (
    <li className="flex flex-col gap-1 border-b p-3 last:border-b-0">
      <div className="flex items-start gap-2">
        <StatusIcon status={statusOf(result.outcome, result.severity)} className="mt-1" />
        <div className="min-w-0 flex-1">
          <p>
            <span className="font-medium">{result.title}</span>{' '}
            <span className={classNames('text-caption', held ? 'text-muted' : 'font-medium')}>
              {words[result.outcome]}
              {!held && result.severity === 'warn' && ' (a warning, does not fail the gate)'}
            </span>
          </p>
          {!held && <p>{result.message}</p>}
          {result.errorDetail && <p className="text-caption text-muted">{result.errorDetail}</p>}
          <p className="font-mono text-caption [overflow-wrap:anywhere] text-muted">{result.expression}</p>
        </div>
        {result.reference && <span className="shrink-0 text-caption text-muted">{result.reference}</span>}
      </div>
      {result.evidence.length > 0 && (
        <dl className="ml-6 flex flex-wrap gap-x-4 gap-y-0.5 font-mono text-caption">
          {result.evidence.map((fact) => (
            <div key={fact.fact} className="flex gap-1">
              <dt className="text-muted">{fact.fact} =</dt>
              <dd className={fact.present ? '' : 'text-error'}>{fact.present ? factText(fact.value) : 'not measured'}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  )
}
