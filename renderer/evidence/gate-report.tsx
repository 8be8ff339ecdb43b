import { useState, type ReactNode } from 'react'
import { gateWord } from '../../main/model/gate-standing'
import { factVocabulary, type CountedFinding, type GateEvidence, type GateReport, type RuleResult } from '../../main/model/policy'
import { Badge, Checkbox, formatAuto, HashChip, Link, Section, StatusIcon, TimeText, Tooltip, type Status } from '../ui'
import { PolicyTests } from './policy-tests'

const statusOf = ({ outcome, severity }: RuleResult): { status: Status; word: string } =>
  outcome === 'pass'
    ? { status: 'ok', word: 'Holds' }
    : severity === 'warn'
      ? { status: 'warn', word: outcome === 'error' ? 'Undecided, warns' : 'Does not hold, warns' }
      : { status: 'error', word: outcome === 'error' ? 'Undecided, blocks' : 'Does not hold, blocks' }

interface GateReportViewProps {
  report: GateReport
  actions?: ReactNode
  /** Begins with what does not hold, where the reader asked for that. */
  onlyOpen?: boolean
}

const titles = { passed: 'The gate passed', failed: 'The gate failed', undecided: 'The gate is undecided', 'no gate': 'This is no gate' }

/** What a rule that does not hold is about: each finding with its next step and the way to its columns. */
export function CountedFindings({ findings = [] }: { findings?: readonly CountedFinding[] }) {
  if (findings.length === 0) return null
  return (
    <ul className="mt-1 flex list-disc flex-col gap-1 pl-4 [overflow-wrap:anywhere]" data-selectable>
      {findings.map(({ columns, title, next, dataset }) => (
        <li key={title}>
          {title}. {next}{' '}
          {dataset !== undefined && (
            <Link area="data" path={[dataset]} query={{ tab: columns.length > 0 ? 'columns' : 'quality' }}>
              {columns.length > 0 ? `Open the columns of ${dataset}` : `Open ${dataset}`}
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}

/** A gate report: the outcome with its reason, every rule with its evidence, and the policy's own tests. */
export function GateReportView({ report, actions, onlyOpen: openFirst = false }: GateReportViewProps) {
  const [onlyOpen, setOnlyOpen] = useState(openFirst && report.outcome !== 'pass')
  const open = report.results.filter((result) => result.outcome !== 'pass')
  const shown = onlyOpen ? open : report.results
  return (
    <div className="mx-auto flex max-w-260 flex-col gap-4">
      <div className="flex flex-wrap items-start gap-3 rounded-md border p-3">
        <StatusIcon status={report.outcome === 'pass' ? 'ok' : 'error'} className="mt-0.5 size-5" />
        <div className="min-w-60 flex-1" data-selectable>
          <p className="font-semibold">{titles[gateWord(report)]}</p>
          <p>{report.reason}</p>
          <p className="mt-1 flex flex-wrap items-center gap-2 text-caption text-muted">
            <Link area="policies" path={[report.policy]}>
              {report.title}
            </Link>
            <HashChip hash={report.sha256} label="Policy digest" /> <TimeText value={report.evaluatedAt} />
          </p>
        </div>
        {actions}
      </div>
      <Section
        title={`Rules (${report.results.length})`}
        actions={
          open.length > 0 && <Checkbox checked={onlyOpen} onChange={setOnlyOpen} label={`Only what does not hold (${open.length})`} />
        }
      >
        <ul className="flex flex-col overflow-hidden rounded-md border">
          {shown.map((result) => (
            <Rule key={result.rule} result={result} />
          ))}
        </ul>
      </Section>
      <Section title={`Tests of the policy (${report.tests.length})`} hint="run just before the gate; one that fails keeps it shut">
        <PolicyTests tests={report.tests} />
      </Section>
    </div>
  )
}

function Rule({ result }: { result: RuleResult }) {
  const { status, word } = statusOf(result)
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-1 border-b p-3 last:border-b-0 lg:grid-cols-[minmax(0,3fr)_minmax(220px,2fr)]">
      <div className="min-w-0" data-selectable>
        <div className="flex flex-wrap items-center gap-2">
          <Badge status={status}>{word}</Badge>
          <h3 className="font-medium">{result.title}</h3>
        </div>
        <code className="mt-1 block font-mono text-caption [overflow-wrap:anywhere]">{result.expression}</code>
        {/* What a rule says where it does not hold is not known to be so while it is undecided. */}
        {result.errorDetail ? (
          <p className="mt-1 text-error">{result.errorDetail}</p>
        ) : (
          result.outcome !== 'pass' && <p className="mt-1">{result.message}</p>
        )}
        <CountedFindings findings={result.findings} />
        <p className="mt-1 text-caption text-muted">
          {result.rule}, {result.severity === 'block' ? 'blocks' : 'warns'} when it does not hold
          {result.reference && `. ${result.reference}`}
        </p>
      </div>
      <Evidence evidence={result.evidence} />
    </li>
  )
}

function Evidence({ evidence }: { evidence: readonly GateEvidence[] }) {
  if (evidence.length === 0) return <p className="text-caption text-muted">Looks at no fact.</p>
  return (
    <dl className="min-w-0 self-start text-caption" data-selectable>
      {evidence.map((entry) => (
        <div key={entry.fact} className="flex gap-3 py-0.5">
          <dt className="min-w-0 flex-1 font-mono [overflow-wrap:anywhere] text-muted">
            <Tooltip content={factVocabulary.find((fact) => fact.path === entry.fact)?.meaning}>
              <span>{entry.fact}</span>
            </Tooltip>
          </dt>
          <dd className="max-w-[60%] text-right font-mono [overflow-wrap:anywhere]">
            {entry.present ? showFact(entry.value) : <span className="text-error">was not measured</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function showFact(value: GateEvidence['value']): string {
  if (typeof value === 'number') return formatAuto(value)
  if (typeof value === 'string') return value
  return JSON.stringify(value ?? null)
}
