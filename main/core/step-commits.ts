import { evaluationSchema } from '../model/evaluation'
import { gateReport } from '../model/policy'
import type { AttemptEnvironment } from '../model/pipeline-run'
import { ModelPurpose } from '../model/registry'
import type { RunArtifact, RunEnvironment, RunInput } from '../model/run'
import { trainedModelSchema } from '../model/training'
import { digestOf } from '../model/reference'
import { z } from 'zod'
import type { ExperimentsWriter } from './experiments'
import type { PoliciesWriter } from './governance'
import type { ModelsWriter } from './models'
import type { CommitContext, CommitInput, StepCommits } from './pipelines'

/** The parts of a Model output: name to content address. */
const modelManifest = z.object({ files: z.record(z.string(), z.object({ sha256: z.string(), size: z.number() })) })
const ARTIFACT_KINDS: Record<string, string> = {
  'model.onnx': 'model',
  'model.json': 'native',
  'signature.json': 'signature',
  'training.json': 'training'
}

const flatten = (environment: AttemptEnvironment | null): RunEnvironment => {
  const flat: RunEnvironment = {}
  const walk = (prefix: string, value: unknown): void => {
    if (value === null || value === undefined) return
    if (typeof value === 'object') for (const [key, inner] of Object.entries(value)) walk(prefix ? `${prefix}.${key}` : key, inner)
    else flat[prefix] = String(value)
  }
  walk('', environment)
  return flat
}
/** The table itself, and every dataset version behind it. */
const inputsOf = (role: string, input: CommitInput | undefined): RunInput[] =>
  input === undefined
    ? []
    : [
        { role, reference: input.reference, name: input.producedBy ? `${input.producedBy.stepId}.${role}` : role, sha256: input.sha256 },
        ...input.datasets.map((reference) => ({
          role: 'dataset',
          reference,
          name: /^dataset:([^@]+)@/.exec(reference)?.[1] ?? reference,
          sha256: digestOf(reference) ?? ''
        }))
      ]
const portOf = (context: Pick<CommitContext, 'inputs'>, port: string): CommitInput | undefined =>
  context.inputs.find((input) => input.port === port)
const modelShaOf = (manifest: unknown): string => modelManifest.parse(manifest).files['model.onnx'].sha256
const artifactOf = (context: CommitContext, port: string, kind: string, name: string): RunArtifact => {
  const output = context.outputs.find((candidate) => candidate.port === port)!
  return { name, kind, sha256: output.sha256, size: output.size }
}

/** What finished steps write into experiments, governance and the registry; each joins the transaction of SUCCEEDED. */
export function createStepCommits(features: {
  experiments: ExperimentsWriter
  models: ModelsWriter
  policies: PoliciesWriter
}): StepCommits {
  const { experiments, models, policies } = features
  return {
    experiments: {
      trained(context) {
        const record = trainedModelSchema.parse(context.json.report)
        const { files } = modelManifest.parse(context.json.model)
        const { experiment, name } = context.parameters as { experiment?: string; name?: string }
        experiments.records.training({
          experiment: experiment ?? context.pipeline,
          name: name ?? context.stepTitle,
          status: 'finished',
          algorithm: record.algorithm,
          parameters: { ...record.parameters, target: record.target.name, features: record.features.map((feature) => feature.name) },
          seed: record.seed,
          pipeline: context.pipeline,
          pipelineRun: context.pipelineRun,
          step: context.stepId,
          codeSha256: context.pipelineSha256,
          environment: flatten(context.environment),
          inputs: inputsOf('train', portOf(context, 'train')),
          artifacts: Object.entries(files).map(([file, { sha256, size }]) => ({
            name: file,
            kind: ARTIFACT_KINDS[file] ?? 'file',
            sha256,
            size
          })),
          metrics: { train_seconds: record.durations.fit, ...(context.peakMemory === null ? {} : { train_memory: context.peakMemory }) },
          startedAt: context.startedAt,
          endedAt: context.finishedAt,
          error: null
        })
      },
      notTrained(context) {
        const { experiment, name, algorithm, parameters, seed, target } = context.parameters as {
          experiment?: string
          name?: string
          algorithm: string
          parameters?: Record<string, unknown>
          seed: number
          target: string
        }
        experiments.records.training({
          experiment: experiment ?? context.pipeline,
          name: name ?? context.stepTitle,
          status: context.outcome === 'cancelled' ? 'cancelled' : 'failed',
          algorithm,
          parameters: { ...parameters, target },
          seed,
          pipeline: context.pipeline,
          pipelineRun: context.pipelineRun,
          step: context.stepId,
          codeSha256: context.pipelineSha256,
          environment: flatten(context.environment),
          inputs: inputsOf('train', portOf(context, 'train')),
          artifacts: [],
          startedAt: context.startedAt,
          endedAt: context.finishedAt,
          error: `${context.failure.code}: ${context.failure.message}`
        })
      },
      evaluated(context) {
        experiments.records.evaluation({
          modelSha256: modelShaOf(context.inputJson.model),
          pipelineRun: context.pipelineRun,
          evaluation: evaluationSchema.parse(context.json.evaluation),
          artifact: artifactOf(context, 'evaluation', 'evaluation', 'evaluation.json'),
          inputs: inputsOf('test', portOf(context, 'test'))
        })
      }
    },
    governance: {
      gated(context) {
        const report = gateReport.parse(context.json.decision)
        const run = experiments.records.runOfModel(modelShaOf(context.inputJson.model), context.pipelineRun)
        const quality = portOf(context, 'quality')
        if (quality)
          experiments.records.attach(run, { name: 'quality-report.json', kind: 'quality-report', sha256: quality.sha256, size: 0 })
        policies.record(run, report, artifactOf(context, 'decision', 'gate', 'gate.json').sha256, context.pipelineRun)
      }
    },
    models: {
      registered(context) {
        const { name, purpose } = context.parameters as { name: string; purpose?: unknown }
        const run = experiments.records.runOfModel(modelShaOf(context.inputJson.model), context.pipelineRun)
        models.register({ run, name, purpose: ModelPurpose.partial().parse(purpose ?? {}) })
      }
    }
  }
}
