import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { metricDefinition } from '../../../main/model/tasks'
import { useEventWords } from '../../areas'
import { useHostQuery } from '../../host'
import { Badge, ErrorState, hrefTo, Link, Page, PageHeader, Panel, Skeleton, Stat, TimeText, type Area } from '../../ui'
import { describeEvent } from './describe-event'

/** Where the work stands: what there is, what comes next, what happened last. */
export function OverviewPage() {
  const status = useHostQuery('workspace.status', {})
  const overview = useHostQuery('workspace.overview', {})
  const words = useEventWords()
  const workspace = status.data?.workspace
  const header = (
    <PageHeader
      title="Overview"
      status={workspace ? <span className="truncate font-mono text-caption">{workspace.directory}</span> : null}
      actions={workspace?.sample ? <Badge status="info">Sample workspace: its people are demo identities</Badge> : null}
    />
  )
  if (overview.isError)
    return (
      <Page header={header}>
        <ErrorState error={overview.error} title="The overview cannot be shown" onRetry={() => void overview.refetch()} />
      </Page>
    )
  if (!overview.data)
    return (
      <Page header={header}>
        <Skeleton lines={8} />
      </Page>
    )
  const { counts, nextSteps, bestRun, latestModel, latestQuality, events } = overview.data
  const [next, ...later] = nextSteps
  return (
    <Page header={header} scroll>
      <div className="mx-auto flex max-w-300 flex-col gap-4 p-4">
        <section aria-label="Next step" className="flex flex-wrap items-center gap-x-6 gap-y-3 rounded-md border bg-surface-0 p-4">
          <div className="min-w-60 flex-1">
            <div className="text-caption text-muted">Next step</div>
            <h2 className="text-title font-semibold">{next.title}</h2>
            <p className="text-muted">{next.text}</p>
          </div>
          <a
            href={`#${next.route}`}
            className="control-focus inline-flex h-8 items-center gap-1.5 rounded-md bg-accent-fill px-3 font-medium text-on-accent hover:bg-accent-fill-hover"
          >
            {next.title} <ArrowRight aria-hidden className="size-4" />
          </a>
          {later.length > 0 && (
            <ol className="flex w-full flex-wrap gap-x-4 gap-y-1 border-t pt-3 text-caption text-muted" aria-label="Steps after that">
              {later.map((step, index) => (
                <li key={step.id} className="flex items-center gap-1">
                  <span className="tabular-nums">{index + 2}.</span> {step.title}
                </li>
              ))}
            </ol>
          )}
        </section>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-3">
          <Count area="data" label="Datasets" value={counts.datasets} />
          <Count area="features" label="Feature sets" value={counts.features} />
          <Count area="pipelines" label="Pipelines" value={counts.pipelines} />
          <Count area="experiments" label="Runs" value={counts.runs} />
          <Count area="models" label="Models" value={counts.models} />
          <Count area="bundles" label="Bundles" value={counts.bundles} />
        </div>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(280px,1fr))] gap-4">
          <Panel title="Best run">
            {bestRun ? (
              <>
                <Stat
                  label={`${metricDefinition(bestRun.metric)?.label ?? bestRun.metric} on the test split`}
                  value={bestRun.value}
                  decimals={3}
                />
                <Link area="experiments" path={['run', bestRun.id]}>
                  {bestRun.name}
                </Link>
              </>
            ) : (
              <Nothing>No run was evaluated yet.</Nothing>
            )}
          </Panel>
          <Panel title="Newest model">
            {latestModel ? (
              <div className="flex flex-col items-start gap-1">
                <Link area="models" path={[latestModel.name, String(latestModel.version)]}>
                  <span className="text-title font-semibold">
                    {latestModel.name}@{latestModel.version}
                  </span>
                </Link>
                <Badge status={latestModel.stage === 'approved' || latestModel.stage === 'released' ? 'ok' : 'neutral'}>
                  {latestModel.stage}
                </Badge>
              </div>
            ) : (
              <Nothing>No model is registered yet.</Nothing>
            )}
          </Panel>
          <Panel title="Newest quality report">
            {latestQuality ? (
              <div className="flex flex-col items-start gap-1">
                <Link area="data" path={[latestQuality.dataset]} query={{ tab: 'quality' }}>
                  <span className="text-title font-semibold">{latestQuality.dataset}</span>
                </Link>
                <div className="flex gap-2">
                  <Badge status={latestQuality.errors > 0 ? 'error' : 'ok'}>{latestQuality.errors} errors</Badge>
                  <Badge status={latestQuality.warnings > 0 ? 'warn' : 'ok'}>{latestQuality.warnings} warnings</Badge>
                </div>
              </div>
            ) : (
              <Nothing>No dataset was checked yet.</Nothing>
            )}
          </Panel>
        </div>
        <Panel
          title="Latest events"
          hint="who did what, in a record whose entries are chained by hash"
          actions={
            <Link area="settings" path={['record']}>
              Whole record
            </Link>
          }
          flush
        >
          {events.length === 0 ? (
            <div className="p-3">
              <Nothing>Nothing happened in this workspace yet.</Nothing>
            </div>
          ) : (
            <ul>
              {events.map((event) => (
                <li key={event.index} className="flex min-h-8 items-center gap-3 border-b px-3 last:border-b-0">
                  <span className="w-40 shrink-0 text-caption text-muted">
                    <TimeText value={event.at} relative />
                  </span>
                  <span className="min-w-0 flex-1 truncate">{describeEvent(event, words)}</span>
                  <span className="max-w-60 shrink-0 truncate text-caption text-muted">{event.actor}</span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </Page>
  )
}

function Count({ area, label, value }: { area: Area; label: string; value: number }) {
  return (
    <a href={hrefTo(area)} className="control-focus rounded-md border p-3 hover:bg-surface-0">
      <Stat label={label} value={value} decimals={0} />
    </a>
  )
}

const Nothing = ({ children }: { children: ReactNode }) => <p className="text-muted">{children}</p>
