import type { ReactNode } from 'react'
import { dependenceSchema } from '../../main/model/dependence'
import { evaluationSchema, type Evaluation } from '../../main/model/evaluation'
import { judgedSplit } from '../../main/model/evidence'
import { explanationSchema } from '../../main/model/explanation'
import { modelManifest, modelOf, type ModelManifest } from '../../main/model/model-manifest'
import { gateReport } from '../../main/model/policy'
import type { PortType } from '../../main/model/pipeline'
import { qualityReportSchema, rowsCheckedText, soughtText, type QualityReport } from '../../main/model/quality'
import { runMetricsOf } from '../../main/model/run-metrics'
import { keyMetrics, taskOf } from '../../main/model/tasks'
import { formatCount, HashChip, SizeText, StatusIcon } from '../ui'
import { FindingList } from './finding-list'
import { GateReportView } from './gate-report'
import { IndependenceNote } from './independence-note'
import { Figures, KeyFigures } from './key-figures'
import { DependenceView } from './why/dependence-curves'
import { ExplanationView } from './why/explanation-view'
import { sortMetricKeys } from './metric-format'
import { QualityBadges } from './quality-badges'

/** A document as people read it: a decision, an evaluation, a quality report or a model; null for any other, and for one that is not what its type says. */
export function viewOfDocument(type: PortType, document: unknown): ReactNode {
  const read = readers[type]
  return read?.(document) ?? null
}

const readers: Partial<Record<PortType, (document: unknown) => ReactNode>> = {
  GateResult(document) {
    const { data } = gateReport.safeParse(document)
    return data && <GateReportView report={data} />
  },
  Evaluation(document) {
    const { data } = evaluationSchema.safeParse(document)
    return data && <EvaluationView evaluation={data} />
  },
  QualityReport(document) {
    const { data } = qualityReportSchema.safeParse(document)
    return data && <QualityView report={data} />
  },
  Explanation(document) {
    const explanation = explanationSchema.safeParse(document).data
    if (explanation) return <ExplanationView explanation={explanation} />
    const dependence = dependenceSchema.safeParse(document).data
    return dependence && <DependenceView dependence={dependence} />
  },
  Model(document) {
    const { data } = modelManifest.safeParse(document)
    return data && <ModelView manifest={data} />
  }
}

function EvaluationView({ evaluation }: { evaluation: Evaluation }) {
  const metrics = runMetricsOf(evaluation)
  const { primaryMetric } = taskOf(evaluation)
  const first = keyMetrics(primaryMetric, metrics)
  const others = sortMetricKeys(Object.keys(metrics)).filter((key) => !first.includes(key))
  const { judged, withoutTarget } = evaluation.rows
  return (
    <div className="flex flex-col gap-3">
      <IndependenceNote evaluation={evaluation} />
      {evaluation.warnings.map((warning) => (
        <p key={warning} className="flex items-start gap-2 rounded-md bg-warn-soft p-2">
          <StatusIcon status="warn" className="mt-1" /> {warning}
        </p>
      ))}
      <p className="text-caption text-muted">
        {formatCount(judged, 'row')} of the {judgedSplit(evaluation)} judged
        {withoutTarget > 0 && `; ${formatCount(withoutTarget, 'row')} without a target left out`}. Its charts stand with the run under
        Experiments.
      </p>
      <KeyFigures metrics={metrics} primary={primaryMetric} label={formatCount(others.length, 'more figure')}>
        {others.length > 0 && <Figures metrics={metrics} keys={others} />}
      </KeyFigures>
    </div>
  )
}

function QualityView({ report }: { report: QualityReport }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-2 text-caption text-muted">
        <QualityBadges counts={report.counts} /> Made from {rowsCheckedText(report)}
        {soughtText(report) !== null && `; target ${soughtText(report)}`}
      </p>
      <FindingList findings={report.findings} />
    </div>
  )
}

function ModelView({ manifest }: { manifest: ModelManifest }) {
  const model = modelOf(manifest)
  return (
    <table className="w-full max-w-180 border-collapse">
      <caption className="pb-2 text-left text-caption text-muted">
        {model
          ? 'What makes the model is model.onnx; the other files say how to use it and what it learned from.'
          : 'It has no model.onnx.'}
      </caption>
      <thead>
        <tr className="border-b text-left text-caption text-muted">
          <th scope="col" className="py-1 font-medium">
            File
          </th>
          <th scope="col" className="py-1 font-medium">
            Content
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            Size
          </th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(manifest.files).map(([name, { sha256, size }]) => (
          <tr key={name} className="border-b last:border-b-0">
            <td className="py-1 font-mono text-caption">{name}</td>
            <td className="py-1">
              <HashChip hash={sha256} label={`Content of ${name}`} />
            </td>
            <td className="py-1 text-right">
              <SizeText bytes={size} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
