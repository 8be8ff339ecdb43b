import { useState } from 'react'
import type { DatasetDetail } from '../../../main/model/dataset'
import { rowsCheckedText, soughtText, type QualityReportDetail } from '../../../main/model/quality'
import { usualTask } from '../../../main/model/tasks'
import { Badge, formatNumber, Tabs } from '../../ui'
import { FindingList, QualityBadges } from '../../evidence'
import { ProfileView } from './profile-view'
import { RelationsView } from './relations-view'
import { RowDialog } from './row-dialog'

/** One quality report: what it counts, its findings and the profile of each column. */
export function QualityReportView({ report, detail }: { report: QualityReportDetail; detail: DatasetDetail }) {
  const [part, setPart] = useState<'findings' | 'profile' | 'relations'>('findings')
  const [row, setRow] = useState<{ number: number; columns: readonly string[] } | null>(null)
  const { target, sought } = report.report
  const event = target ? usualTask.event.said(target) : []
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-1 text-caption">
        <QualityBadges counts={report.counts} />
        <span className="text-muted">Made from {rowsCheckedText(report.report)}</span>
        {target ? (
          <span className="text-muted">
            Target <span className="text-ink">{target.column}</span>, event{' '}
            <span className="text-ink">
              {event.slice(0, 4).join(', ')}
              {event.length > 4 ? ` and ${event.length - 4} more` : ''}
            </span>{' '}
            in {formatNumber(target.rate * 100, 1)}% of {target.rows.toLocaleString('en-US')} rows{' '}
            {target.doubt && (
              <Badge status="warn" tooltip={`${target.doubt} Until then the report is about every value but the most frequent one.`}>
                Event not said
              </Badge>
            )}
          </span>
        ) : sought ? (
          <span className="text-muted">
            Target <span className="text-ink">{soughtText(report.report)}</span>
          </span>
        ) : (
          <Badge
            status="warn"
            tooltip="Without a target neither imbalance nor leakage by lift can be measured. Choose the target above and check again."
          >
            No target
          </Badge>
        )}
      </div>
      <Tabs
        aria-label="Parts of the report"
        className="min-h-0 flex-1"
        value={part}
        onChange={setPart}
        items={[
          {
            value: 'findings',
            label: 'Findings',
            mark: report.report.findings.length,
            content: <FindingList findings={report.report.findings} onRow={(number, columns) => setRow({ number, columns })} />
          },
          {
            value: 'profile',
            label: 'Column profiles',
            mark: report.profile.columns.length,
            content: <ProfileView profile={report.profile} />
          },
          {
            value: 'relations',
            label: 'Relations',
            mark: report.report.pairs?.length ?? 0,
            content: <RelationsView pairs={report.report.pairs} />
          }
        ]}
      />
      <RowDialog version={detail.version} row={row?.number ?? null} first={row?.columns} onClose={() => setRow(null)} />
    </div>
  )
}
