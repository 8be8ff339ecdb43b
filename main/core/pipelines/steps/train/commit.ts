import type { CommitOf, FailedCommitOf } from '../../define-step'
import { modelArtifacts, originOf, runInputs } from '../record-run'
import type { trainDefinition } from './definition'
import { crossValidatedMetrics } from '../../../../model/cross-validation'
import { taskOf } from '../../../../model/tasks'
import type { RunId } from '../../../../model/reference'
import type { RunInput } from '../../../../model/run'

/** What the fit read; a dataset behind both tables is named once. */
function inputsOf({ train, validation, cross_validation: validated }: CommitOf<typeof trainDefinition>['inputs']): RunInput[] {
  const read = runInputs('train', train)
  const further = [...runInputs('validation', validation), ...runInputs('cross-validation', validated)]
  return [...read, ...further.filter((input) => read.every(({ reference }) => reference !== input.reference))]
}

/** A model was trained: one run. */
export function commit(context: CommitOf<typeof trainDefinition>): RunId {
  const { experiment, name } = context.parameters
  const record = context.outputs.report.document
  const validated = context.inputs.cross_validation?.document
  return context.runs.training({
    ...originOf(context),
    experiment: experiment ?? context.pipeline,
    primaryMetric: taskOf(record).primaryMetric,
    name: name ?? context.runTitle,
    status: 'finished',
    algorithm: record.algorithm,
    parameters: {
      ...record.parameters,
      target: record.target.name,
      ...(record.classWeights && {
        classWeights: record.classWeights.used.map((each) => `${String(each.class)}: ${each.weight.toPrecision(4)}`).join(', ')
      }),
      features: record.features.map((feature) => feature.name),
      ...(record.columnRoles?.leftOut.length && {
        leftOut: record.columnRoles.leftOut.map((column) => `${column.name} (${column.reason})`).join(', ')
      })
    },
    seed: record.seed,
    inputs: inputsOf(context.inputs),
    artifacts: modelArtifacts(context.outputs.model.document.files),
    metrics: {
      ...(validated && crossValidatedMetrics(validated)),
      train_seconds: record.durations.fit,
      ...(context.peakMemory === null ? {} : { train_memory: context.peakMemory })
    },
    error: null
  })
}

/** A training ended without a model: a run all the same, because every trial counts. */
export function commitFailure(context: FailedCommitOf<typeof trainDefinition>): void {
  const { experiment, name, algorithm, parameters, seed, target } = context.parameters
  context.runs.training({
    ...originOf(context),
    experiment: experiment ?? context.pipeline,
    name: name ?? context.runTitle,
    status: context.outcome === 'cancelled' ? 'cancelled' : 'failed',
    algorithm,
    parameters: { ...parameters, target },
    seed,
    inputs: inputsOf(context.inputs),
    artifacts: [],
    error: `${context.failure.code}: ${context.failure.message}`
  })
}
