import { ArrowRight } from 'lucide-react'
import type { HostOutput } from '../../host'
import { useHostQuery } from '../../host'
import { Badge, hrefTo, Page, PageHeader, PendingPage, Stat, type Area } from '../../ui'
import { LatestEvents } from './latest-events'
import { Newest } from './newest'

type Overview = HostOutput<'workspace.overview'>

/** Where the work stands: what there is, what comes next, what happened last. */
export function OverviewPage() {
  const status = useHostQuery('workspace.status', {})
  const overview = useHostQuery('workspace.overview', {})
  const workspace = status.data?.workspace
  const header = (
    <PageHeader
      title="Overview"
      status={workspace ? <span className="truncate font-mono text-caption">{workspace.directory}</span> : null}
      actions={workspace?.sample ? <Badge status="info">Sample workspace: its people are demo identities</Badge> : null}
    />
  )
  if (overview.isError || !overview.data) return <PendingPage header={header} query={overview} title="The overview cannot be shown" />
  const { counts, nextSteps, events } = overview.data
  return (
    <Page header={header} scroll>
      <div className="mx-auto flex max-w-300 flex-col gap-4 p-4">
        <NextStep steps={nextSteps} />
        <div className="grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-3">
          <Count area="data" label="Datasets" value={counts.datasets} />
          <Count area="features" label="Feature sets" value={counts.features} />
          <Count area="pipelines" label="Pipelines" value={counts.pipelines} />
          <Count area="experiments" label="Runs" value={counts.runs} />
          <Count area="models" label="Models" value={counts.models} />
          <Count area="bundles" label="Bundles" value={counts.bundles} />
        </div>
        <Newest overview={overview.data} />
        <LatestEvents events={events} />
      </div>
    </Page>
  )
}

function NextStep({ steps: [next, ...later] }: { steps: Overview['nextSteps'] }) {
  return (
    <section aria-label="Next step" className="flex flex-wrap items-center gap-x-6 gap-y-3 rounded-md border bg-surface-0 p-4">
      <div className="min-w-60 flex-1">
        <div className="text-caption text-muted">Next step</div>
        <h2 className="text-title font-semibold">{next.title}</h2>
        <p className="text-muted">{next.text}</p>
      </div>
      <div className="flex items-center gap-2">
        {next.other && (
          <a
            href={`#${next.other.route}`}
            className="control-focus inline-flex h-8 items-center rounded-md border px-3 font-medium hover:bg-surface-1"
          >
            {next.other.title}
          </a>
        )}
        <a
          href={`#${next.route}`}
          className="control-focus inline-flex h-8 items-center gap-1.5 rounded-md bg-accent-fill px-3 font-medium text-on-accent hover:bg-accent-fill-hover"
        >
          {next.title} <ArrowRight aria-hidden className="size-4" />
        </a>
      </div>
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
  )
}

function Count({ area, label, value }: { area: Area; label: string; value: number }) {
  return (
    <a href={hrefTo(area)} className="control-focus rounded-md border p-3 hover:bg-surface-0">
      <Stat label={label} value={value} decimals={0} />
    </a>
  )
}
