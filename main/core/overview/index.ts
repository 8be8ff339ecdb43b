import { metricDefinition, usualTask } from '../../model/tasks'
import type { Workbench } from '../workbench'
import { describeStage } from '../../model/gate-standing'
import { bestRunOf } from './best-run'
import { baselineStep } from './baseline-step'
import { modelSteps } from './model-steps'
import type { NextStep, Overview } from '../../model/overview'

/** What is in the workspace, and the next step of the main job that is still to do. */
export async function overviewOf(workbench: Workbench): Promise<Overview> {
  const { datasets, quality, features, pipelines, experiments, models, bundles, jobs, audit } = workbench
  const [datasetList, featureList, reports] = [datasets.list(), await features.list(), quality.list()]
  const metric = experiments.list()[0]?.primaryMetric ?? usualTask.primaryMetric
  const descending = metricDefinition(metric)?.direction !== 'lower'
  const best = experiments.runs({ sort: `metrics.${metric}`, descending, rankBy: metric, limit: Number.MAX_SAFE_INTEGER })
  const modelList = models.list()
  const latest = models.latest()
  const exported = bundles.list()
  const pipelineList = pipelines.list().filter((each) => !each.automatic)
  const steps: (NextStep & { open: boolean })[] = [
    {
      id: 'import',
      title: 'Import data',
      text: 'Bring in a CSV, TSV, Parquet, JSON lines or Arrow file.',
      route: '/data',
      open: datasetList.length === 0
    },
    {
      id: 'quality',
      title: 'Check the data',
      text: 'Make a quality report before anything is trained on it.',
      route: '/data',
      open: reports.length === 0
    },
    { ...baselineStep(datasetList, reports[0]?.dataset), open: pipelineList.length === 0 },
    { id: 'run', title: 'Run the pipeline', text: 'Train and evaluate; every run is recorded.', route: '/pipelines', open: best.all === 0 },
    {
      id: 'gate',
      title: 'Register a model',
      text: 'Choose the best run, pass a policy gate and register it.',
      route: '/experiments',
      open: modelList.length === 0
    },
    ...modelSteps(latest, exported.length > 0)
  ]
  const open = steps.filter((step) => step.open)
  return {
    counts: {
      datasets: datasetList.length,
      features: featureList.length,
      pipelines: pipelineList.length,
      runs: best.all,
      models: modelList.length,
      bundles: exported.length,
      runningJobs: jobs.list({ states: ['queued', 'running'], offset: 0, limit: 1 }).total
    },
    nextSteps: (open.length > 0
      ? open
      : [
          {
            id: 'done',
            title: 'Review a bundle',
            text: 'The main job is done. Open a bundle as its reviewer would.',
            route: '/bundles',
            open: true
          } as const
        ]
    ).map(({ open: _open, ...step }) => step),
    bestRun: bestRunOf(best.runs, metric),
    latestModel: latest ? { name: latest.name, version: latest.version, stage: describeStage(latest) } : null,
    latestQuality: reports[0]
      ? { dataset: reports[0].dataset, errors: reports[0].counts.error, warnings: reports[0].counts.warning }
      : null,
    events: audit.list({ offset: 0, limit: 8 }).events
  }
}
