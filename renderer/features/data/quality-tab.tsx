import { ShieldCheck } from 'lucide-react'
import type { DatasetDetail } from '../../../main/model/dataset'
import { Button, EmptyState, ErrorState, formatUtc, Select, Skeleton, StatusIcon, Toolbar, useActions } from '../../ui'
import { findingCounts } from '../../evidence'
import { QualityReportView } from './quality-report-view'
import { RunReports } from './run-reports'
import { SaveReport } from './save-report'
import { TargetFields } from './target-fields'
import { useQualityCheck } from './use-quality-check'
import { WorkStatus } from './work-status'

/** Quality reports of one version: run a check, read its findings and the profile of each column, save the report. */
export function QualityTab({ detail }: { detail: DatasetDetail }) {
  const check = useQualityCheck(detail)
  const { ofVersion, shownId, report, running, start, outdated } = check
  useActions([{ id: 'data.run-quality', title: `Run the quality check of ${detail.name}`, group: 'Data', icon: ShieldCheck, run: start }])
  return (
    // At 200% zoom of a small screen the findings keep some lines in view: then the whole tab scrolls.
    <div className="h-full overflow-y-auto">
      <div className="flex h-full min-h-105 flex-col">
        <Toolbar aria-label="Quality check">
          <TargetFields columns={detail.version.columns} value={check.target} onChange={check.setTarget} disabled={running} />
          {outdated === null && (
            <Button variant={ofVersion.length > 0 ? 'secondary' : 'primary'} icon={ShieldCheck} loading={running} onClick={start}>
              {ofVersion.length > 0 ? 'Check again' : 'Run the check'}
            </Button>
          )}
          <span className="ml-auto flex items-center gap-2">
            {ofVersion.length > 1 && (
              <Select
                aria-label="Report shown"
                className="w-56!"
                value={shownId}
                onChange={check.choose}
                choices={ofVersion.map((each) => ({
                  value: each.id,
                  label: formatUtc(each.createdAt),
                  hint: `${each.options.target ? `target ${each.options.target.column}, ` : ''}${findingCounts(each.counts)}`
                }))}
              />
            )}
            <RunReports detail={detail} />
            {report.data && <SaveReport report={report.data} />}
          </span>
        </Toolbar>
        {outdated !== null && (
          <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b bg-warn-soft px-4 py-1.5">
            <p className="flex min-w-60 flex-1 items-center gap-2 [overflow-wrap:anywhere]">
              <StatusIcon status="warn" /> {outdated}
            </p>
            <Button variant="primary" icon={ShieldCheck} loading={running} onClick={start}>
              Check again
            </Button>
          </div>
        )}
        <WorkStatus work={check.work} label={`Checking ${detail.name}`} onRetry={start} />
        <div className="min-h-0 flex-1">
          <Shown check={check} detail={detail} />
        </div>
      </div>
    </div>
  )
}

function Shown({ check, detail }: { check: ReturnType<typeof useQualityCheck>; detail: DatasetDetail }) {
  const { reports, report, shownId, running, start } = check
  const failed = [reports, report].find((query) => query.error)
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
  if (report.data) return <QualityReportView report={report.data} detail={detail} key={report.data.id} />
  if (running || !reports.data || shownId !== null) return <Skeleton lines={8} />
  return (
    <EmptyState
      icon={ShieldCheck}
      title="This version has not been checked"
      text="The check reads all rows. It profiles each column and looks for missing and impossible values, duplicates, text that should be numbers, and columns that give the outcome away. Choose the target first, so that leakage can be measured."
      action={
        <Button variant="primary" onClick={start}>
          Run the check
        </Button>
      }
    />
  )
}
