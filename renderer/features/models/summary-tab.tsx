import { SCORER_FILE } from '../../../main/model/external-scorer'
import { modelReference, runReference } from '../../../main/model/reference'
import { describeChange } from '../../../main/model/gate-standing'
import { judgedSplit } from '../../../main/model/evidence'
import { taskOfMetrics } from '../../../main/model/tasks'
import type { ModelVersionDetail } from '../../../main/model/registry'
import type { RunDetail } from '../../../main/model/run'
import { IndependenceNote, KeyFigures, RefLink, usePrimaryMetric } from '../../evidence'
import { useHostQuery } from '../../host'
import { formatCount, HashChip, KeyValueList, Link, Panel, TimeText } from '../../ui'
import { MetricsTable } from './metrics-table'
import { OriginPanel } from './origin-panel'
import { PurposeForm } from './purpose-form'

/** What the version is, how good it is with which certainty, and what it is for. */
export function SummaryTab({ model }: { model: ModelVersionDetail }) {
  const evaluation = useHostQuery('experiments.evaluation', { id: model.run }).data
  const basis = evaluation
    ? `${judgedSplit(evaluation)}, n = ${evaluation.rows.judged.toLocaleString('en-US')}`
    : 'as the run recorded them'
  const run = useHostQuery('experiments.run', { id: model.run }).data
  const primary = usePrimaryMetric(run?.experiment) ?? taskOfMetrics(model.metrics).primaryMetric
  const origin = useHostQuery('experiments.origin', { id: model.run }).data
  const count = Object.keys(model.metrics).length
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,420px),1fr))] items-start gap-4 p-4">
      <div className="flex min-w-0 flex-col gap-4">
        {evaluation && <IndependenceNote evaluation={evaluation} />}
        <Panel title="Key figures" hint={basis}>
          {count === 0 ? (
            <MetricsTable metrics={model.metrics} />
          ) : (
            <KeyFigures metrics={model.metrics} primary={primary} label={`All ${formatCount(count, 'metric')}`}>
              <MetricsTable metrics={model.metrics} />
            </KeyFigures>
          )}
        </Panel>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title="Identity">
          <KeyValueList
            items={[
              { label: 'Reference', value: <RefLink reference={modelReference(`${model.name}@${model.version}`)} /> },
              { label: 'Run', value: <RunLink model={model} /> },
              { label: 'Algorithm', value: model.algorithm },
              { label: modelWord(run), value: <HashChip hash={model.modelSha256} label="Model digest" /> },
              {
                label: 'Registered',
                value: (
                  <>
                    <TimeText value={model.createdAt} /> by {model.createdBy}
                  </>
                )
              },
              model.gate && {
                label: 'Policy',
                value: (
                  <>
                    <Link area="policies" path={[model.gate.policy]}>
                      {model.gate.policy}
                    </Link>
                    {model.gate.changed
                      ? `: ${describeChange(model.gate.changed)}`
                      : model.gate.superseded && ', in a version that is no longer in force'}
                  </>
                )
              },
              {
                label: 'Signed bundles',
                value: model.bundles === 0 ? 'none yet' : <Link area="bundles">{formatCount(model.bundles, 'bundle')}</Link>
              }
            ]}
          />
        </Panel>
        <OriginPanel origin={origin} />
        <PurposeForm model={model} />
      </div>
    </div>
  )
}

/** What has the digest: an ONNX graph, or the program of a model without that form. */
function modelWord(run: RunDetail | undefined): string {
  const file = run?.artifacts.find(({ kind }) => kind === 'model')?.name
  return file === undefined ? 'Model' : file === SCORER_FILE ? 'External scorer' : 'ONNX model'
}

function RunLink({ model }: { model: ModelVersionDetail }) {
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-2">
      <span className="truncate">{model.runName}</span>
      <RefLink reference={runReference(model.run)} />
    </span>
  )
}
