import { CheckCircle2, Droplets } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { QualityFinding } from '../../main/model/quality'
import { usualTask } from '../../main/model/tasks'
import { Badge, Button, classNames, EmptyState, formatAuto, formatCount, formatNumber, SearchInput, StatusIcon, type Status } from '../ui'

const statusOf: Record<QualityFinding['severity'], Status> = { error: 'error', warning: 'warn', info: 'info' }
const severityWord: Record<QualityFinding['severity'], string> = { error: 'Error', warning: 'Warning', info: 'Note' }
const STEP = 50

/** Leakage makes every later figure wrong, so it is a group of its own before the others. */
const isLeakage = ({ kind }: QualityFinding) => kind.includes('leakage') || kind === 'outcome-order'

interface Group {
  title: string
  hint: string
  findings: QualityFinding[]
}

export function groupFindings(findings: readonly QualityFinding[]): Group[] {
  const rest = findings.filter((finding) => !isLeakage(finding))
  return [
    {
      title: 'Leakage',
      hint: 'Columns that know the outcome. A model that learns from them is measured better than it can ever be.',
      findings: findings.filter(isLeakage)
    },
    { title: 'Errors', hint: 'To be mended before the data is used.', findings: rest.filter((finding) => finding.severity === 'error') },
    {
      title: 'Warnings',
      hint: 'To be understood before the data is used.',
      findings: rest.filter((finding) => finding.severity === 'warning')
    },
    { title: 'Notes', hint: 'Good to know.', findings: rest.filter((finding) => finding.severity === 'info') }
  ].filter((group) => group.findings.length > 0)
}

export interface FindingListProps {
  findings: readonly QualityFinding[]
  /** Shows a row of the version; without it rows are told by number alone. */
  onRow?: (number: number, columns: readonly string[]) => void
}

/** Findings by severity: what was found, what it means, what to do, and where to look. */
export function FindingList({ findings, onRow }: FindingListProps) {
  const [filter, setFilter] = useState('')
  const needle = filter.trim().toLowerCase()
  const groups = useMemo(
    () =>
      groupFindings(
        findings.filter((finding) =>
          [finding.title, finding.kind, finding.what, ...finding.columns].some((text) => text.toLowerCase().includes(needle))
        )
      ),
    [findings, needle]
  )
  if (findings.length === 0)
    return (
      <EmptyState
        icon={CheckCircle2}
        title="Nothing was found"
        text="No check found anything in this version. The column profiles show what it holds."
      />
    )
  return (
    <div className="flex max-w-280 flex-col gap-5 p-4">
      <SearchInput value={filter} onChange={setFilter} placeholder="Filter by column, kind, words" className="w-72" />
      {groups.length === 0 && <p className="text-muted">No finding matches.</p>}
      {groups.map((group) => (
        <FindingGroup key={group.title} group={group} onRow={onRow} />
      ))}
    </div>
  )
}

function FindingGroup({ group, onRow }: { group: Group; onRow: FindingListProps['onRow'] }) {
  const [shown, setShown] = useState(STEP)
  const leakage = group.title === 'Leakage'
  // A column that is left out already is named here, too, but nothing is wrong with it.
  const leaks = leakage && group.findings.some((finding) => finding.severity !== 'info')
  return (
    <section
      aria-label={group.title}
      className={classNames(leakage && 'rounded-md border p-3', leaks && 'border-error/60 bg-error-soft/40')}
    >
      <header className="mb-2 flex items-center gap-2">
        {leakage && <Droplets aria-hidden className={classNames('size-4', leaks ? 'text-error' : 'text-muted')} />}
        <h2 className="text-title font-semibold">{group.title}</h2>
        <span className="text-muted">{group.findings.length}</span>
        <span className="text-caption text-muted">{group.hint}</span>
      </header>
      <ul className="flex flex-col gap-2">
        {group.findings.slice(0, shown).map((finding) => (
          <li key={finding.id}>
            <FindingCard finding={finding} onRow={onRow} />
          </li>
        ))}
      </ul>
      {group.findings.length > shown && (
        <Button size="sm" className="mt-2" onClick={() => setShown(shown + STEP)}>
          Show {Math.min(STEP, group.findings.length - shown)} more of {group.findings.length - shown}
        </Button>
      )}
    </section>
  )
}

const shareText = (share: number) => (share > 0 && share < 0.0005 ? 'under 0.1%' : `${formatNumber(share * 100, 1)}%`)

function FindingCard({ finding, onRow }: { finding: QualityFinding; onRow: FindingListProps['onRow'] }) {
  const figures = Object.entries(finding.evidence).filter(([, value]) => typeof value === 'number' || typeof value === 'string')
  return (
    <article className="rounded-md border bg-surface-1 p-3">
      <header className="flex items-start gap-2">
        <StatusIcon status={statusOf[finding.severity]} className="mt-0.75" />
        <h3 className="min-w-0 flex-1 font-semibold [overflow-wrap:anywhere]" data-selectable>
          {finding.title}
        </h3>
        <span className="shrink-0 text-caption text-muted tabular-nums">
          {formatCount(finding.count, 'row')}, {shareText(finding.share)}
        </span>
        <Badge status={statusOf[finding.severity]}>{severityWord[finding.severity]}</Badge>
      </header>
      <dl className="mt-1 grid grid-cols-[72px_1fr] gap-x-3 gap-y-0.5 pl-5.5" data-selectable>
        <dt className="text-caption leading-5 text-muted">What</dt>
        <dd className="min-w-0 [overflow-wrap:anywhere]">{finding.what}</dd>
        <dt className="text-caption leading-5 text-muted">Meaning</dt>
        <dd className="min-w-0 [overflow-wrap:anywhere]">{finding.meaning}</dd>
        <dt className="text-caption leading-5 text-muted">Next step</dt>
        <dd className="min-w-0 font-medium [overflow-wrap:anywhere]">{finding.next}</dd>
      </dl>
      {(finding.examples.length > 0 || figures.length > 0) && (
        <details className="mt-1 pl-5.5">
          <summary className="w-fit rounded-sm text-caption text-accent">
            {finding.examples.length > 0 ? formatCount(finding.examples.length, 'example') : 'Figures'}
          </summary>
          <div className="mt-1 flex flex-wrap gap-6 text-caption">
            {finding.examples.length > 0 && (
              <table className="border-collapse">
                <thead>
                  <tr className="text-left text-muted">
                    <th scope="col" className="pr-4 text-right font-medium">
                      Row
                    </th>
                    <th scope="col" className="font-medium">
                      Value
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {finding.examples.map((example, index) => (
                    <tr key={index} className="align-baseline">
                      <td className="pr-4 text-right">
                        {example.row === null ? (
                          '\u2013'
                        ) : !onRow ? (
                          example.row.toLocaleString('en-US')
                        ) : (
                          <button
                            type="button"
                            className="rounded-sm text-accent hover:underline"
                            aria-label={`Show row ${example.row}`}
                            onClick={() => example.row !== null && onRow(example.row, finding.columns)}
                          >
                            {example.row.toLocaleString('en-US')}
                          </button>
                        )}
                      </td>
                      <td className="max-w-120 font-mono [overflow-wrap:anywhere]">{example.value}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {figures.length > 0 && (
              <dl className="grid h-fit grid-cols-[auto_auto] gap-x-4">
                {figures.map(([name, value]) => (
                  <div key={name} className="contents">
                    <dt className="text-muted">{figureName(name)}</dt>
                    <dd className="tabular-nums">{typeof value === 'number' ? formatAuto(value) : String(value)}</dd>
                  </div>
                ))}
              </dl>
            )}
          </div>
        </details>
      )}
    </article>
  )
}

/** `liftLow` as `Lift low`. */
function figureName(key: string): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words === usualTask.ranking.key ? usualTask.ranking.name : words.charAt(0).toUpperCase() + words.slice(1)
}
