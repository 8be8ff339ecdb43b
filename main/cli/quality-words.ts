import { countOf } from '../model/count-of'
import type { QualityFinding, QualityReportDetail } from '../model/quality'
import { tableLines } from './output'

const mostColumns = 3

const columnsOf = ({ columns }: QualityFinding): string =>
  [...columns.slice(0, mostColumns), ...(columns.length > mostColumns ? [`${columns.length - mostColumns} more`] : [])].join(', ')

/** A few rows of a million are not none of them. */
const shareOf = ({ share }: QualityFinding): string => `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1)}%`

/** A quality report for people: how many findings of each kind, then each with its columns, how much it is about, and what to do. */
export function describeQuality({ ref, counts, report }: QualityReportDetail): string[] {
  const rows = report.findings.map((finding) => [
    finding.severity === 'info' ? 'note' : finding.severity,
    columnsOf(finding),
    finding.count,
    shareOf(finding),
    finding.title,
    finding.next
  ])
  return [
    `${ref}: ${countOf(counts.error, 'error')}, ${countOf(counts.warning, 'warning')}, ${countOf(counts.info, 'note')}`,
    ...(report.target?.doubt ? [`event   ${report.target.doubt}`] : []),
    ...(rows.length > 0 ? ['', ...tableLines(['severity', 'column', 'count', 'share', 'finding', 'what to do'], rows)] : [])
  ]
}
