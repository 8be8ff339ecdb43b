import type { ReactNode } from 'react'
import { describeRank, isBest } from '../../../main/model/run-rank'
import { formatInterval, GateBadge, metricFormat } from '../../evidence'
import type { HostOutput } from '../../host'
import { Badge, formatCount, Link, Panel, Stat, type Status } from '../../ui'

/** The best run, the newest model and the newest quality report. */
export function Newest({ overview: { bestRun, counts, latestModel, latestQuality } }: { overview: HostOutput<'workspace.overview'> }) {
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(280px,1fr))] gap-4">
      <LeadingRun run={bestRun} runs={counts.runs} />
      <Panel title="Newest model">
        {latestModel ? (
          <div className="flex flex-col items-start gap-1">
            <Link area="models" path={[latestModel.name, String(latestModel.version)]}>
              <span className="text-title font-semibold">
                {latestModel.name}@{latestModel.version}
              </span>
            </Link>
            <Badge status={stageStatus(latestModel.stage)}>{latestModel.stage}</Badge>
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
              <Badge status={latestQuality.errors > 0 ? 'error' : 'ok'}>{formatCount(latestQuality.errors, 'error')}</Badge>
              <Badge status={latestQuality.warnings > 0 ? 'warn' : 'ok'}>{formatCount(latestQuality.warnings, 'warning')}</Badge>
            </div>
          </div>
        ) : (
          <Nothing>No dataset was checked yet.</Nothing>
        )}
      </Panel>
    </div>
  )
}

const stageStatus = (stage: string): Status =>
  stage === 'approved' || stage === 'released' ? 'ok' : stage === 'draft without gate' ? 'warn' : 'neutral'

/** Called the best only where no other run can be as good by chance. */
function LeadingRun({ run, runs }: { run: HostOutput<'workspace.overview'>['bestRun']; runs: number }) {
  if (!run)
    return (
      <Panel title="Best run">
        <Nothing>
          {runs === 0
            ? 'No run was evaluated yet.'
            : 'No run has a figure that says something about new rows. The list of runs says why of each.'}
        </Nothing>
      </Panel>
    )
  const format = metricFormat(run.metric)
  const interval = formatInterval(format, { low: run.low ?? null, high: run.high ?? null })
  return (
    <Panel title={isBest(run.rank) ? 'Best run' : 'Leading run'}>
      <Stat
        label={`${format.label} on the test split`}
        value={run.value * format.factor}
        unit={format.unit}
        decimals={format.decimals ?? undefined}
        hint={interval ? `95% CI ${interval}` : 'No interval'}
      />
      <Link area="experiments" path={['run', run.id]}>
        {run.name}
      </Link>
      {run.gate === 'fail' && (
        <span className="flex items-center gap-2 text-caption">
          <GateBadge plain gate={{ outcome: run.gate, shortfall: run.gateShortfall }} /> It cannot be approved as it is.
        </span>
      )}
      {run.rank && <p className="text-caption text-muted">{describeRank(run.rank, format.label)}</p>}
    </Panel>
  )
}

export const Nothing = ({ children }: { children: ReactNode }) => <p className="text-muted">{children}</p>
