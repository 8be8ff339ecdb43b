import { type Evaluation } from '../../model/evaluation'
import { independenceOf } from '../../model/evidence'
import { taskOf } from '../../model/tasks'
import type { FactValue, GateFacts } from '../../model/policy'
import type { QualityReport } from '../../model/quality'
import type { TrainedModel } from '../../model/training'

/** The documents that a gate decides on; what is not there gives no facts, and a rule on it errs. */
export interface GateFactSources {
  evaluation?: Evaluation | null
  quality?: QualityReport | null
  training?: TrainedModel | null
  /** `trials` counts every run of the experiment. */
  run?: { seeded: boolean; reproducible: boolean; trials: number } | null
  /** Metrics of the run that no evaluation of the workbench made; they never replace a measured one. */
  customMetrics?: Readonly<Record<string, number>>
}

type Facts = Record<string, FactValue>

/** Derives the facts of a gate (see `factVocabulary`) from the documents of a run. */
export function deriveGateFacts(sources: GateFactSources): GateFacts {
  const { evaluation, quality, training, run, customMetrics = {} } = sources
  const measured = evaluation ? taskOf(evaluation).metricsOf(evaluation) : {}
  const own = evaluation ? taskOf(evaluation).factsOf(evaluation) : undefined
  return {
    metrics: withoutMissing({ ...customMetrics, ...measured }),
    fairness: withoutMissing(own?.fairness ?? {}),
    data: dataFacts(quality, training),
    model: training
      ? {
          algorithm: training.algorithm,
          features: training.features.map((feature) => feature.name),
          ...withoutMissing({ parity: training.parity.rows > 0 ? training.parity.maxDifference : null })
        }
      : {},
    run: run ? { ...run } : {},
    evaluation: evaluation
      ? { split: evaluation.split, rows: evaluation.rows.judged, ...own?.evaluation, ...independenceFacts(evaluation) }
      : {}
  }
}

/** Absent when the training rows are not known: a rule on them errs then, and so fails. */
function independenceFacts(evaluation: Evaluation): Facts {
  const { verdict, shared } = independenceOf(evaluation)
  return withoutMissing({ independent: verdict === 'not-known' ? null : verdict !== 'not-independent', rows_shared: shared })
}

/** Leakage counts only where it touches a feature of this model; without a training record every such finding counts. */
function dataFacts(quality: QualityReport | null | undefined, training: TrainedModel | null | undefined): Facts {
  if (!quality) return {}
  const features = training ? new Set(training.features.map((feature) => feature.name)) : undefined
  const leaking = quality.findings.filter(
    ({ kind, columns }) =>
      (kind === 'leakage-declared' || kind === 'leakage-suspected') &&
      (features === undefined || columns.some((column) => features.has(column)))
  )
  return {
    rows: quality.rows,
    errors: quality.counts.error,
    warnings: quality.counts.warning,
    leakage_findings: leaking.length,
    split_findings: quality.findings.filter(({ kind, severity }) => kind.startsWith('split-') && severity !== 'info').length
  }
}

function withoutMissing(facts: Record<string, FactValue | undefined>): Facts {
  const present: Facts = {}
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) continue
    present[name] = value
  }
  return present
}
