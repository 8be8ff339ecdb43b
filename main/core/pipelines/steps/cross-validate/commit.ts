import { CROSS_VALIDATION, crossValidatedMetrics, designWords, OUT_OF_FOLD } from '../../../../model/cross-validation'
import type { ClassWeights } from '../../../../model/class-weights'
import type { RunId } from '../../../../model/reference'
import { taskOf } from '../../../../model/tasks'
import type { CommitOf, FailedCommitOf } from '../../define-step'
import { originOf, runInputs } from '../record-run'
import type { crossValidateDefinition } from './definition'

type Facts = CommitOf<typeof crossValidateDefinition> | FailedCommitOf<typeof crossValidateDefinition>

const shared = (context: Facts) => ({
  ...originOf(context),
  experiment: context.parameters.experiment ?? context.pipeline,
  name: context.parameters.name ?? context.runTitle,
  algorithm: context.parameters.algorithm,
  seed: context.parameters.seed,
  inputs: runInputs('table', context.inputs.table)
})

const worded = (weights: ClassWeights): string =>
  weights === 'balanced'
    ? weights
    : Object.entries(weights)
        .map(([name, weight]) => `${name}: ${weight}`)
        .join(', ')

/** A way to train was judged: one run, which has figures and scores and no model. */
export function commit(context: CommitOf<typeof crossValidateDefinition>): RunId {
  const { document, sha256, size, parts } = context.outputs.report
  const { chosen, tuning } = document
  return context.runs.training({
    ...shared(context),
    primaryMetric: taskOf(document).primaryMetric,
    status: 'finished',
    parameters: {
      ...(chosen?.parameters ?? document.parameters),
      target: document.target,
      features: document.features,
      folds: designWords(document),
      ...(document.classWeights && { classWeights: worded(document.classWeights) }),
      ...(tuning && { candidates: tuning.candidates.length, 'chosen candidate': chosen?.candidate })
    },
    artifacts: [
      { name: CROSS_VALIDATION, kind: 'cross-validation', sha256, size },
      { name: OUT_OF_FOLD, kind: 'out-of-fold', ...parts[OUT_OF_FOLD]! }
    ],
    metrics: { ...crossValidatedMetrics(document), ...(context.peakMemory === null ? {} : { train_memory: context.peakMemory }) },
    error: null
  })
}

/** It ended without figures: a run all the same, because every trial counts. */
export function commitFailure(context: FailedCommitOf<typeof crossValidateDefinition>): void {
  context.runs.training({
    ...shared(context),
    status: context.outcome === 'cancelled' ? 'cancelled' : 'failed',
    parameters: { ...context.parameters.parameters, target: context.parameters.target },
    artifacts: [],
    error: `${context.failure.code}: ${context.failure.message}`
  })
}
