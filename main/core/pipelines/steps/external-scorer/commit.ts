import type { RunId } from '../../../../model/reference'
import type { CommitOf, FailedCommitOf } from '../../define-step'
import { originOf, plainArtifacts, runInputs } from '../record-run'
import { externalScorerDefinition } from './definition'

type Facts = CommitOf<typeof externalScorerDefinition> | FailedCommitOf<typeof externalScorerDefinition>

const shared = (context: Facts) => ({
  ...originOf(context),
  experiment: context.pipeline,
  name: context.runTitle,
  algorithm: 'external scorer',
  seed: null,
  inputs: runInputs('rows', context.inputs.rows)
})

/** A program was taken in as a model: one run, which its evaluation and its gate are added to. */
export function commit(context: CommitOf<typeof externalScorerDefinition>): RunId {
  const { model, report } = context.outputs
  return context.runs.training({
    ...shared(context),
    status: 'finished',
    parameters: {
      ...externalScorerDefinition.recorded!(context.parameters, context.frozen),
      portable: false,
      features: report.document.inputs.flatMap(({ columns }) => columns)
    },
    artifacts: plainArtifacts(model.parts),
    error: null
  })
}

/** A program was refused: a run all the same, because every trial counts. */
export function commitFailure(context: FailedCommitOf<typeof externalScorerDefinition>): void {
  context.runs.training({
    ...shared(context),
    status: context.outcome === 'cancelled' ? 'cancelled' : 'failed',
    parameters: { command: context.parameters.command.join(' ').slice(0, 300), target: context.parameters.target },
    artifacts: [],
    error: `${context.failure.code}: ${context.failure.message}`
  })
}
