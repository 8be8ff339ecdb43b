import type { pipelines as contract } from '../../../preload/contract/pipelines'
import type { Handlers } from '../../../preload/wire/definitions'
import { commands } from '../../core/all-commands'
import type { Application } from '../../core/application'
import { bindCommands } from '../bind-commands'

/** Binds the pipelines contract to the open workspace. */
export const pipelinesHandlers: Handlers<{ pipelines: typeof contract }, Application>['pipelines'] = {
  ...bindCommands(commands.pipelines),
  list: ({ removed }, { workbench }) => workbench.pipelines.list({ removed }),
  get: ({ name, version }, { workbench }) => workbench.pipelines.get(name, version),
  stepTypes: (_, { workbench }) => workbench.pipelines.stepTypes(),
  validate: ({ yaml }, { workbench }) => workbench.pipelines.validate(yaml),
  edit: ({ yaml, edits }, { workbench }) => workbench.pipelines.edit(yaml, edits),
  baseline: (request, { workbench }) => workbench.pipelines.baseline(request),
  baselineTargets: ({ dataset }, { workbench }) => workbench.pipelines.baselineTargets(dataset),
  programs: (input, { workbench }) => workbench.pipelines.programs('yaml' in input ? { yaml: input.yaml } : { name: input.name }, input),
  foresee: (input, { workbench }) => workbench.pipelines.foresee('yaml' in input ? { yaml: input.yaml } : { name: input.name }, input),
  runs: (filter, { workbench }) => workbench.pipelines.runs(filter),
  getRun: ({ runId }, { workbench }) => workbench.pipelines.getRun(runId),
  watchRun: ({ runId }, { workbench, signal }) => workbench.pipelines.watchRun(runId, signal),
  preview: ({ runId, stepId, port, offset, limit, whole }, { workbench }) =>
    workbench.pipelines.preview(runId, stepId, port, offset, limit, whole),
  runReports: ({ dataset }, { workbench }) => workbench.pipelines.runReports(dataset),
  metrics: ({ runId, stepId }, { workbench }) => workbench.pipelines.metrics(runId, stepId),
  log: ({ runId, stepId, attempt, from }, { workbench }) => workbench.pipelines.log(runId, stepId, attempt, from),
  followLog: ({ runId, stepId, attempt }, { workbench, signal }) => workbench.pipelines.followLog(runId, stepId, attempt, signal),
  lineage: ({ reference }, { workbench }) => workbench.pipelines.lineage(reference)
}
