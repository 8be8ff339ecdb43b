import { z } from 'zod'
import { experimentShapes } from '../../model/commands/experiments'
import { shape } from '../../model/commands/shape'
import type { Experiment, RunDetail } from '../../model/run'
import { anybody, commandsOn } from '../commands'
import type { ExperimentsWriter } from './experiments'
import type { EvaluationRecord, TrainingRecord } from './run-records'
import { RunId, printReference } from '../../model/reference'

interface On {
  experiments: ExperimentsWriter
}
const { change } = commandsOn<On>()
const subjectOf = (id: RunId): string => printReference({ kind: 'run', id })
const described = ({ question, primaryMetric }: Experiment) => ({ question, primaryMetric })
const noted = ({ name, note }: RunDetail) => ({ name, note })

/** Into the trash or out of it: one event for each run that was on the other side. */
const trashing = <S extends (typeof experimentShapes)['trash']>(own: S, verb: 'trash' | 'restore', event: string, trashed: boolean) =>
  change({
    ...own,
    name: `experiments.${verb}`,
    allow: anybody,
    event,
    before: ({ experiments }: On, { ids }: { ids: RunId[] }) => ids.filter((id) => experiments.isTrashed(id) !== trashed),
    run({ experiments }: On, { ids }: { ids: RunId[] }) {
      experiments.setTrashed(ids, trashed)
      return null
    },
    tell: (_made: null, _input: unknown, moved: RunId[]) =>
      moved.map((id) => ({ subject: subjectOf(id), before: { trashed: !trashed }, after: { trashed } }))
  })

export const experimentCommands = {
  update: change({
    ...experimentShapes.update,
    name: 'experiments.update',
    allow: anybody,
    event: 'experiment.updated',
    before: ({ experiments }, { id }) => experiments.list().find((experiment) => experiment.id === id),
    run: ({ experiments }, { id, ...wanted }) => experiments.update(id, wanted),
    tell: (made: Experiment, { id }, before) => ({
      subject: `experiment:${id}`,
      before: before && described(before),
      after: described(made),
      detail: { name: made.name }
    })
  }),
  annotate: change({
    ...experimentShapes.annotate,
    name: 'experiments.annotate',
    allow: anybody,
    event: 'run.annotated',
    before: ({ experiments }, { id }) => noted(experiments.run(id)),
    run: ({ experiments }, { id, ...wanted }) => experiments.annotate(id, wanted),
    tell: (made: RunDetail, { id }, before) => ({ subject: subjectOf(id), before, after: noted(made) })
  }),
  setTag: change({
    ...experimentShapes.setTag,
    name: 'experiments.setTag',
    allow: anybody,
    event: 'run.tagged',
    before: ({ experiments }, { id, key }) => experiments.run(id).tags[key] ?? null,
    run: ({ experiments }, { id, key, value }) => experiments.setTag(id, key, value),
    tell: (_made: RunDetail, { id, key, value }, before) =>
      before === value ? null : { subject: subjectOf(id), before: { [key]: before }, after: { [key]: value } }
  }),
  trash: trashing(experimentShapes.trash, 'trash', 'run.trashed', true),
  restore: trashing(experimentShapes.restore, 'restore', 'run.restored', false)
}

/** What finished steps write, inside of the journal's transaction; no window asks for these. */
export const runCommands = {
  recordTraining: change({
    ...shape(z.custom<TrainingRecord>(), RunId, ['experiments']),
    name: 'runs.recordTraining',
    allow: anybody,
    event: 'run.recorded',
    run: ({ experiments }, record) => experiments.records.training(record),
    tell: (id: RunId, { status, algorithm, pipelineRun }) => ({
      subject: subjectOf(id),
      before: null,
      after: { status, algorithm, pipelineRun }
    })
  }),
  recordEvaluation: change({
    ...shape(z.custom<EvaluationRecord>(), RunId, ['experiments']),
    name: 'runs.recordEvaluation',
    allow: anybody,
    event: 'run.evaluated',
    run: ({ experiments }, record) => experiments.records.evaluation(record),
    tell: (id: RunId, { artifact, evaluation }) => ({
      subject: subjectOf(id),
      before: null,
      after: { evaluation: artifact.sha256, split: evaluation.split }
    })
  })
}
