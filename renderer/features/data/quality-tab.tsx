import { Code, FileText, Save, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { DatasetDetail } from '../../../main/model/dataset'
import type { QualityReportDetail } from '../../../main/model/quality'
import { usualTask } from '../../../main/model/tasks'
import { useClient, useHostCommand, useHostQuery, useInvalidate, useOs } from '../../host'
import {
  Badge,
  Button,
  EmptyState,
  ErrorState,
  formatNumber,
  formatSize,
  formatUtc,
  Menu,
  navigate,
  parseLocation,
  Progress,
  Select,
  showToast,
  Skeleton,
  Tabs,
  Toolbar,
  useActions
} from '../../ui'
import { startWork, useWork } from './background-work'
import { FindingList } from './finding-list'
import { ProfileView } from './profile-view'
import { QualityBadges } from './quality-badges'
import { RowDialog } from './row-dialog'
import { TargetFields, targetSpec, type TargetDraft } from './target-fields'

/** Quality reports of one version: run a check, read its findings and the profile of each column, save the report. */
export function QualityTab({ detail }: { detail: DatasetDetail }) {
  const { version } = detail
  const client = useClient()
  const invalidate = useInvalidate()
  const reports = useHostQuery('quality.list', { dataset: detail.name })
  const work = useWork('quality')
  const mine = work?.subject === version.ref ? work : undefined
  const running = mine?.running ?? false
  const [target, setTarget] = useState<TargetDraft>(() => ({
    column: version.columns.find((column) => column.role === 'target')?.name ?? null,
    event: ''
  }))
  const [chosen, setChosen] = useState<string | null>(null)
  const ofVersion = (reports.data ?? []).filter((report) => report.sha256 === version.sha256)
  const shownId = ofVersion.find((report) => report.id === chosen)?.id ?? ofVersion[0]?.id ?? null
  const report = useHostQuery('quality.get', { id: shownId ?? '' }, { enabled: shownId !== null })
  const isShown = () => {
    const { area, path, query } = parseLocation(window.location.hash)
    return area === 'data' && path[0] === detail.name && query['tab'] === 'quality'
  }
  const start = () => {
    if (work?.running) {
      showToast({
        status: 'info',
        title: `A quality check of ${work.subject} is running.`,
        text: 'Start this one when it is done, or stop that one.'
      })
      return
    }
    const spec = targetSpec(target)
    void startWork(
      'quality',
      version.ref,
      (signal) => client.quality.run({ ref: version.ref, options: spec ? { target: spec } : {} }, { signal }),
      {
        isShown,
        onDone: (made) => {
          void invalidate(['quality'])
          setChosen(made.id)
          if (isShown()) return
          showToast({
            status: made.counts.error > 0 ? 'warn' : 'ok',
            title: `The quality of ${made.dataset} was checked.`,
            text: `${made.counts.error} errors, ${made.counts.warning} warnings, ${made.counts.info} notes.`,
            action: { label: 'Show', run: () => navigate('data', [made.dataset], { tab: 'quality' }) }
          })
        }
      }
    )
  }
  useActions([{ id: 'data.run-quality', title: `Run the quality check of ${detail.name}`, group: 'Data', icon: ShieldCheck, run: start }])
  return (
    // At 200% zoom of a small screen the findings keep some lines in view: then the whole tab scrolls.
    <div className="h-full overflow-y-auto">
      <div className="flex h-full min-h-105 flex-col">
        <Toolbar aria-label="Quality check">
          <TargetFields columns={version.columns} value={target} onChange={setTarget} disabled={running} />
          <Button variant="primary" icon={ShieldCheck} loading={running} onClick={start}>
            {ofVersion.length > 0 ? 'Check again' : 'Run the check'}
          </Button>
          <span className="ml-auto flex items-center gap-2">
            {ofVersion.length > 1 && (
              <Select
                aria-label="Report shown"
                className="w-56!"
                value={shownId}
                onChange={setChosen}
                choices={ofVersion.map((each) => ({
                  value: each.id,
                  label: formatUtc(each.createdAt),
                  hint: `${each.options.target ? `target ${each.options.target.column}, ` : ''}${each.counts.error} errors, ${each.counts.warning} warnings, ${each.counts.info} notes`
                }))}
              />
            )}
            {report.data && <SaveReport report={report.data} />}
          </span>
        </Toolbar>
        {running && mine && (
          <div className="border-b px-4 py-2">
            <Progress
              value={mine.progress?.fraction ?? null}
              label={`Checking ${detail.name}`}
              detail={mine.progress?.message}
              onCancel={mine.cancel}
            />
          </div>
        )}
        {mine?.error ? <ErrorState compact className="m-3 mb-0" error={mine.error} onRetry={start} /> : null}
        <div className="min-h-0 flex-1">
          {reports.error ? (
            <ErrorState error={reports.error} onRetry={() => void reports.refetch()} />
          ) : report.error ? (
            <ErrorState error={report.error} onRetry={() => void report.refetch()} />
          ) : reports.data && shownId === null ? (
            running ? (
              <Skeleton lines={8} />
            ) : (
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
          ) : report.data ? (
            <ReportView report={report.data} detail={detail} key={report.data.id} />
          ) : (
            <Skeleton lines={8} />
          )}
        </div>
      </div>
    </div>
  )
}

function ReportView({ report, detail }: { report: QualityReportDetail; detail: DatasetDetail }) {
  const [part, setPart] = useState<'findings' | 'profile'>('findings')
  const [row, setRow] = useState<{ number: number; columns: readonly string[] } | null>(null)
  const { target } = report.report
  const event = target ? usualTask.event.said(target) : []
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-1 text-caption">
        <QualityBadges counts={report.counts} />
        <span className="text-muted">{report.rows.toLocaleString('en-US')} rows, all of them read</span>
        {target ? (
          <span className="text-muted">
            Target <span className="text-ink">{target.column}</span>, event{' '}
            <span className="text-ink">
              {event.slice(0, 4).join(', ')}
              {event.length > 4 ? ` and ${event.length - 4} more` : ''}
            </span>{' '}
            in {formatNumber(target.rate * 100, 1)}% of {target.rows.toLocaleString('en-US')} rows
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
          }
        ]}
      />
      <RowDialog version={detail.version} row={row?.number ?? null} first={row?.columns} onClose={() => setRow(null)} />
    </div>
  )
}

function SaveReport({ report }: { report: QualityReportDetail }) {
  const os = useOs()
  const save = useHostCommand('quality.save')
  const stem = `quality-${report.dataset.replace(/[^\p{L}\p{N}_.-]+/gu, '-').slice(0, 60)}-${report.sha256.slice(0, 8)}`
  const saveAs = async (format: 'html' | 'json') => {
    const chosen = await os.saveFile({
      title: 'Save the quality report',
      defaultName: `${stem}.${format}`,
      filters: [{ name: format === 'html' ? 'Page' : 'JSON', extensions: [format] }]
    })
    if (!chosen) return
    const path = chosen.toLowerCase().endsWith(`.${format}`) ? chosen : `${chosen}.${format}`
    const saved = await save.run({ id: report.id, path, format })
    if (!saved) return
    showToast({
      status: 'ok',
      title: `The report was saved, ${formatSize(saved.bytes)}.`,
      text: saved.path,
      action:
        format === 'html'
          ? { label: 'Open', run: () => void os.openReport(saved.path) }
          : { label: 'Show in folder', run: () => void os.showInFolder(saved.path) }
    })
  }
  useActions([
    {
      id: 'data.save-report-html',
      title: 'Save the quality report as a page',
      group: 'Data',
      icon: FileText,
      run: () => void saveAs('html')
    },
    { id: 'data.save-report-json', title: 'Save the quality report as JSON', group: 'Data', icon: Code, run: () => void saveAs('json') }
  ])
  return (
    <Menu
      align="end"
      trigger={
        <Button icon={Save} loading={save.busy}>
          Save report
        </Button>
      }
      entries={[
        { id: 'html', label: 'As a page that opens in any browser', icon: FileText, onSelect: () => void saveAs('html') },
        { id: 'json', label: 'As JSON with report and profile', icon: Code, onSelect: () => void saveAs('json') }
      ]}
    />
  )
}
