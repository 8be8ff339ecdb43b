import type { CommitOf, FailedCommitOf } from '../../define-step'
import type { RunId } from '../../../../model/reference'
import { originOf, plainArtifacts, runInputs } from '../record-run'
import type { importModelDefinition } from './definition'

type Facts = CommitOf<typeof importModelDefinition> | FailedCommitOf<typeof importModelDefinition>

/** What is recorded of an import, however it ended. */
const shared = (context: Facts) => ({
  ...originOf(context),
  experiment: context.pipeline,
  name: context.runTitle,
  algorithm: 'imported model',
  seed: null,
  inputs: [
    ...runInputs('rows', context.inputs.rows),
    ...runInputs('file', context.inputs.file),
    ...runInputs('predictions', context.inputs.predictions)
  ]
})

/** A model was taken in: one run, which its evaluation and its gate are added to. */
export function commit(context: CommitOf<typeof importModelDefinition>): RunId {
  const { model, report } = context.outputs
  const { original, producer, operators, adapted } = report.document
  return context.runs.training({
    ...shared(context),
    status: 'finished',
    parameters: {
      target: context.parameters.target,
      file: original.name,
      'sha256 of the original': original.sha256,
      producer,
      ...(operators.length > 0 && { operators: operators.join(', ') }),
      adapted: adapted.length > 0,
      features: report.document.inputs.flatMap(({ columns }) => columns)
    },
    artifacts: plainArtifacts(model.parts),
    error: null
  })
}

/** A file was refused: a run all the same, because every trial counts. */
export function commitFailure(context: FailedCommitOf<typeof importModelDefinition>): void {
  const { target, file } = context.parameters
  context.runs.training({
    ...shared(context),
    status: context.outcome === 'cancelled' ? 'cancelled' : 'failed',
    parameters: { target, ...(file !== undefined && { file }) },
    artifacts: [],
    error: `${context.failure.code}: ${context.failure.message}`
  })
}
