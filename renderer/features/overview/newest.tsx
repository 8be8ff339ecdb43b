import type { ReactNode } from 'react'
import { metricDefinition } from '../../../main/model/tasks'
import type { HostOutput } from '../../host'
import { Badge, Link, Panel, Stat } from '../../ui'

/** The best run, the newest model and the newest quality report. */
export function Newest({ overview: { bestRun, latestModel, latestQuality } }: { overview: HostOutput<'workspace.overview'> }) {
  return (
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
  )
}

export const Nothing = ({ children }: { children: ReactNode }) => <p className="text-muted">{children}</p>
