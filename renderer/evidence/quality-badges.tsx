import type { QualityReportSummary } from '../../main/model/quality'
import { Badge, formatCount } from '../ui'

/** Counts of a report in words: `1 error, 2 warnings, 0 notes`. */
export const findingCounts = ({ error, warning, info }: QualityReportSummary['counts']): string =>
  [formatCount(error, 'error'), formatCount(warning, 'warning'), formatCount(info, 'note')].join(', ')

/** Counts of a report as badges: icon, figure, and the words in the tooltip. */
export function QualityBadges({ counts, outdated }: { counts: QualityReportSummary['counts']; outdated?: boolean }) {
  const note = outdated ? ' Of an earlier version.' : ''
  const clean = counts.error + counts.warning + counts.info === 0
  return (
    <span className="inline-flex items-center gap-1">
      {counts.error > 0 && (
        <Badge status="error" tooltip={`${formatCount(counts.error, 'error')} in the quality report.${note}`}>
          {counts.error}
          <span className="sr-only"> {counts.error === 1 ? 'error' : 'errors'}</span>
        </Badge>
      )}
      {counts.warning > 0 && (
        <Badge status="warn" tooltip={`${formatCount(counts.warning, 'warning')} in the quality report.${note}`}>
          {counts.warning}
          <span className="sr-only"> {counts.warning === 1 ? 'warning' : 'warnings'}</span>
        </Badge>
      )}
      {counts.info > 0 && (
        <Badge status="info" tooltip={`${formatCount(counts.info, 'note')} in the quality report.${note}`}>
          {counts.info}
          <span className="sr-only"> {counts.info === 1 ? 'note' : 'notes'}</span>
        </Badge>
      )}
      {clean && <Badge status="ok">No findings</Badge>}
      {outdated && <span className="text-caption text-muted">earlier version</span>}
    </span>
  )
}
