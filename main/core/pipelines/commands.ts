import { pipelineShapes } from '../../model/commands/pipelines'
import type { PipelineSummary } from '../../model/pipeline'
import { anybody, commandsOn, none } from '../commands'
import type { StartedRun } from './hold-gate'
import type { PipelinesWriter, SavedVersion } from './pipelines'
import { contentReference, digestOf } from '../../model/reference'

interface On {
  pipelines: PipelinesWriter
}
const { change, task } = commandsOn<On>()

const referenceOf = ({ name, version }: PipelineSummary): string =>
  version === null ? `pipeline:${name}` : contentReference('pipeline', name, version)
const draftsAreNoDeeds = none('A draft is a text that somebody is typing; what counts is recorded when it is saved or run.')

/** Into the trash or out of it. */
const trashing = (verb: 'remove' | 'restore', event: string) =>
  change({
    ...pipelineShapes[verb],
    name: `pipelines.${verb}`,
    allow: anybody,
    event,
    before: ({ pipelines }: On, { name }: { name: string }) => pipelines.summary(name),
    run({ pipelines }: On, { name }: { name: string }) {
      pipelines[verb](name)
      return {}
    },
    tell(_made: unknown, { name }: { name: string }, before: PipelineSummary, { pipelines }: On) {
      const { removedAt } = pipelines.summary(name)
      if ((before.removedAt === null) === (removedAt === null)) return null
      return { subject: referenceOf(before), before: { removedAt: before.removedAt }, after: { removedAt }, detail: { name } }
    }
  })

export const pipelineCommands = {
  saveDraft: task({
    ...pipelineShapes.saveDraft,
    name: 'pipelines.saveDraft',
    allow: anybody,
    event: draftsAreNoDeeds,
    work: ({ pipelines }, { name, yaml }, { commit }) => pipelines.saveDraft(name, yaml, commit)
  }),
  discardDraft: change({
    ...pipelineShapes.discardDraft,
    name: 'pipelines.discardDraft',
    allow: anybody,
    event: draftsAreNoDeeds,
    run({ pipelines }, { name }) {
      pipelines.discardDraft(name)
      return {}
    }
  }),
  save: task({
    ...pipelineShapes.save,
    name: 'pipelines.save',
    allow: anybody,
    event: 'pipeline.saved',
    work: ({ pipelines }, { yaml }, { commit }) => pipelines.save(yaml, commit),
    tell: ({ name, sha256, former }: SavedVersion) =>
      former === sha256
        ? null
        : { subject: contentReference('pipeline', name, sha256), before: { version: former }, after: { version: sha256 }, detail: { name } }
  }),
  remove: trashing('remove', 'pipeline.removed'),
  restore: trashing('restore', 'pipeline.restored'),
  /** The engine opens the job, in the transaction that writes the run; it goes on after this command has answered. */
  run: task({
    ...pipelineShapes.run,
    name: 'pipelines.run',
    runs: true,
    allow: anybody,
    event: 'pipeline.started',
    work: ({ pipelines }, input, { commit }) => pipelines.run('yaml' in input ? { yaml: input.yaml } : { name: input.name }, input, commit),
    // A text that is run becomes the newest version of its name: that is a change, whether or not anybody saved it.
    tell: ({ runId, reference, replaced, parameters }: StartedRun, { targetStep, force, register, from, reuse }) => ({
      subject: reference,
      before: replaced === null ? null : { version: replaced },
      after: {
        version: digestOf(reference),
        pipelineRun: runId,
        parameters,
        targetStep: targetStep ?? null,
        force: force === true,
        ...(register && { register }),
        ...(from !== undefined && { from, reuse: reuse ?? null })
      }
    })
  }),
  cancel: task({
    ...pipelineShapes.cancel,
    name: 'pipelines.cancel',
    allow: anybody,
    event: 'pipeline.cancelled',
    async work({ pipelines }, { runId }, { commit }) {
      const stateNow = async (): Promise<string> => (await pipelines.getRun(runId)).state
      const before = await stateNow()
      await pipelines.cancel(runId)
      const after = await stateNow()
      commit(() => ({ before, after }))
      return {}
    },
    tell: ({ before, after }: { before: string; after: string }, { runId }) =>
      before === after ? null : { subject: `pipeline-run:${runId}`, before: { state: before }, after: { state: after } }
  })
}
