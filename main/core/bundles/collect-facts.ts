import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describeChange, describeStage } from '../../model/gate-standing'
import { type Evaluation } from '../../model/evaluation'
import { METRICS } from '../../model/tasks'
import { evaluationSchema } from '../../model/evaluation'
import { WorkbenchError } from '../../model/errors'
import type { GlassBox } from '../../model/glass-box'
import type { LineageNode } from '../../model/pipeline-run'
import type { GateReport } from '../../model/policy'
import type { QualityReport } from '../../model/quality'
import { qualityReportSchema, tableProfileSchema } from '../../model/quality'
import type { ModelVersionDetail } from '../../model/registry'
import { measuredMetrics, type RunDetail } from '../../model/run'
import { importedModelSchema } from '../../model/imported-model'
import { explanationSchema, type Explanation } from '../../model/explanation'
import { paritySchema } from '../../model/parity'
import { modelSignatureSchema, trainedModelSchema } from '../../model/training'
import { DRYDOCK_VERSION } from '../../model/version'
import { eventFacts, type AuditEvent, type WorkspaceSummary } from '../../model/workspace'
import { digestOf, type RunId, type Sha256, contentReference } from '../../model/reference'
import type { BundleFacts } from '../bundle-format'
import type { Audit } from '../audit'
import type { Datasets } from '../datasets'
import type { Experiments } from '../experiments'
import type { Policies } from '../policies'
import type { Models } from '../models'
import type { People } from '../people'
import type { Pipelines } from '../pipelines'
import { qualityReportHtml, type Quality } from '../quality'
import type { WorkspaceContext } from '../workspace'
import { digestsOfFile } from './file-digests'
import { judgedQuality } from './judged-evidence'

type BundleDataset = BundleFacts['datasets'][number]
type BundlePerson = BundleFacts['people'][number]
type BundleStep = BundleFacts['lineage']['steps'][number]
type BundleTrial = BundleFacts['trials'][number]
export type BundleSigner = NonNullable<BundleFacts['signer']>
export type BundleSample = NonNullable<BundleFacts['sample']>
export type BundleFileFact = BundleFacts['files'][number]

/** The features of a workspace that an export reads; it changes none of them. */
export interface ExportSources {
  workspace: WorkspaceSummary
  audit: Audit
  people: People
  datasets: Datasets
  quality: Quality
  pipelines: Pipelines
  experiments: Experiments
  policies: Policies
  models: Models
}

const readJson = async (context: WorkspaceContext, sha256: Sha256): Promise<unknown> =>
  JSON.parse((await context.objects.read(sha256)).toString('utf8'))
export const artifactSha = (run: RunDetail, kind: string): Sha256 | undefined =>
  run.artifacts.find((artifact) => artifact.kind === kind)?.sha256

/** The quality report that belongs to a run: the one of this digest, by default its newest, else the report of the dataset behind it. */
export async function qualityReportOf(
  context: WorkspaceContext,
  sources: Pick<ExportSources, 'quality'>,
  run: RunDetail,
  own = artifactSha(run, 'quality-report')
): Promise<QualityReport | null> {
  if (own !== undefined) return qualityReportSchema.parse(await readJson(context, own))
  const behind = new Set(run.inputs.filter((input) => input.role === 'dataset').map((input) => input.sha256))
  const summary = sources.quality.list().find((report) => behind.has(report.sha256))
  return summary ? (await sources.quality.get(summary.id)).report : null
}

/** The same report as a page for people; null when its profile was not kept. */
export async function qualityPageOf(
  context: WorkspaceContext,
  sources: Pick<ExportSources, 'quality' | 'pipelines' | 'workspace'>,
  run: RunDetail,
  own = artifactSha(run, 'quality-report')
): Promise<string | null> {
  const report = await qualityReportOf(context, sources, run, own)
  if (!report) return null
  const band = sources.workspace.sample ? { band: 'Sample workspace: its people are demo identities.' } : {}
  // Data may have several reports of one table: the page is of this one.
  for (const kept of sources.quality.list().filter(({ sha256 }) => sha256 === report.sha256)) {
    const detail = await sources.quality.get(kept.id)
    if (isDeepStrictEqual(detail.report, report))
      return qualityReportHtml(detail.report, detail.profile, { createdAt: detail.createdAt, ...band })
  }
  const [check] = own === undefined ? [] : sources.pipelines.lineage(contentReference('report', null, own))
  const profile = digestOf(check?.outputs.find((output) => output.port === 'profile')?.reference ?? '')
  if (profile === undefined) return null
  return qualityReportHtml(report, tableProfileSchema.parse(await readJson(context, profile)), {
    createdAt: check.finishedAt ?? check.startedAt,
    ...band
  })
}

export async function evaluationOf(context: WorkspaceContext, run: RunDetail): Promise<Evaluation | null> {
  const sha = artifactSha(run, 'evaluation')
  return sha === undefined ? null : evaluationSchema.parse(await readJson(context, sha))
}

/** The explanation of a run; null where there is none, and where it is about another file than the run's model, which the card must not show. */
async function explanationOf(context: WorkspaceContext, run: RunDetail): Promise<Explanation | null> {
  const sha256 = artifactSha(run, 'explanation')
  if (sha256 === undefined) return null
  const explanation = explanationSchema.parse(await readJson(context, sha256))
  return explanation.model.sha256 === artifactSha(run, 'model') ? explanation : null
}

/** The drawing of the run's model, with the digest of the model that it is of. */
async function glassBoxOf({ experiments }: ExportSources, run: RunDetail): Promise<GlassBox | null> {
  const [box, model] = [await experiments.glassBox(run.id), artifactSha(run, 'model')]
  return box && { ...box, ...(model !== undefined && { model }) }
}

/** Reads everything that the documents of a bundle are made from. Throws CONFLICT when the version lacks what a reviewer must see. */
export async function collectBundleFacts(
  context: WorkspaceContext,
  sources: ExportSources,
  request: { model: ModelVersionDetail; signer: BundleSigner | null; files: BundleFileFact[]; sample: BundleSample | null }
): Promise<BundleFacts> {
  const { model, signer, files, sample } = request
  const run = sources.experiments.run(model.run)
  const evaluation = await evaluationOf(context, run)
  const signatureSha = artifactSha(run, 'signature')
  if (!evaluation || signatureSha === undefined)
    throw new WorkbenchError(
      'CONFLICT',
      `${model.name}@${model.version} was not evaluated, so there is nothing a reviewer could judge. Run the evaluate step of its pipeline, then export.`
    )
  const trainingSha = artifactSha(run, 'training')
  const [importSha, paritySha] = [artifactSha(run, 'import'), artifactSha(run, 'parity')]
  const gate: GateReport | null = model.gate === null ? null : await sources.policies.gate(model.gate.id)
  const lineage = sources.pipelines.lineageOfRun(run.id)
  const code = await sources.experiments.code(run.id)
  const people = sources.people.list()
  const person = (name: string, role: string): BundlePerson => ({
    name,
    role,
    demo: sources.workspace.sample || people.some((p) => p.demo && p.name === name)
  })
  const { purpose } = model
  const datasets = datasetsOf(sources, run)
  // A page that is only looked at does not read all data.
  if (signer)
    for (const dataset of datasets) dataset.sha512 = await longDigestOf(join(context.directory, 'data', `${dataset.sha256}.arrow`))
  const trials = sources.experiments.trials(run.experiment)
  const involved = new Set([model.createdBy, purpose.owner, signer?.name, ...model.history.map((change) => change.by)])
  return {
    drydockVersion: DRYDOCK_VERSION,
    generatedAt: context.clock().toISOString(),
    demo: sources.workspace.sample,
    model: {
      name: model.name,
      version: model.version,
      stage: describeStage(model),
      description: purpose.purpose,
      intendedUse: purpose.intendedUse,
      outOfScope: purpose.outOfScope,
      limitations: purpose.limitations
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
      owner: person(purpose.owner, 'owner'),
      riskTier: purpose.riskTier
    },
    people: [
      person(model.createdBy, 'author'),
      ...people.filter((p) => p.name !== model.createdBy && involved.has(p.name)).map((p) => person(p.name, p.roles.join(', ')))
    ],
    signer,
    run: {
      id: run.id,
      experiment: run.experiment,
      startedAt: run.startedAt,
      finishedAt: run.endedAt,
      durationSeconds: run.duration ?? 0,
      parameters: run.parameters,
      metrics: Object.fromEntries(Object.entries(run.metrics).map(([key, metric]) => [key, metric.value])),
      seeds: run.seed === null ? {} : { training: run.seed, evaluation: evaluation.seed },
      codeSha256: run.codeSha256,
      environment: environmentOf(run)
    },
    evaluation,
    signature: modelSignatureSchema.parse(await readJson(context, signatureSha)),
    training: trainingSha === undefined ? null : trainedModelSchema.parse(await readJson(context, trainingSha)),
    imported: importSha === undefined ? null : importedModelSchema.parse(await readJson(context, importSha)),
    explanation: await explanationOf(context, run),
    parity: paritySha === undefined ? null : paritySchema.parse(await readJson(context, paritySha)),
    glassBox: await glassBoxOf(sources, run),
    datasets,
    quality: await qualityReportOf(context, sources, run, await judgedQuality(sources, model, run)),
    gate,
    gateSuperseded: model.gate?.superseded === true,
    ...(model.gate?.changed && { gateChanged: describeChange(model.gate.changed) }),
    gates: gatesOf(sources, run.id, model.gate?.id ?? null),
    sample,
    lineage: {
      pipelineRun: run.pipelineRun,
      pipeline: run.pipeline !== null && code.sha256 !== null ? { name: run.pipeline, sha256: code.sha256 } : null,
      steps: lineage.map(toStep)
    },
    pipelineYaml: code.text === '' ? null : code.text,
    trials: trials.map(toTrial),
    log: logOf(sources.audit, { model, datasets, runs: trials.map((trial) => trial.id), policies: gate ? [gate.policy] : [], signer }),
    files
  }
}

function environmentOf(run: RunDetail): BundleFacts['run']['environment'] {
  const env = run.environment
  const under = (prefix: string): Record<string, string> =>
    Object.fromEntries(Object.entries(env).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])))
  const known = ['runtime.node', 'os.platform', 'os.release', 'os.version', 'os.architecture', 'hardware.cpu']
  return {
    runtime: `node ${env['runtime.node'] ?? 'unknown'}${env['runtime.electron'] ? `, electron ${env['runtime.electron']}` : ''}`,
    os: [env['os.platform'], env['os.release'], env['os.architecture']].filter(Boolean).join(' ') || 'unknown',
    cpu: env['hardware.cpu'] ?? 'unknown',
    versions: Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('packages.') && !known.includes(key))),
    packages: under('packages.')
  }
}

/** Undefined for data that is not there any more, or not in this form. */
async function longDigestOf(file: string): Promise<string | undefined> {
  return existsSync(file) ? (await digestsOfFile(file)).sha512 : undefined
}

function datasetsOf(sources: ExportSources, run: RunDetail): BundleDataset[] {
  return run.inputs
    .filter((input) => input.role === 'dataset')
    .map((input) => {
      const { version, licence, sensitivity, description } = sources.datasets.get(input.reference)
      return {
        name: input.name,
        sha256: version.sha256,
        rows: version.rows,
        size: version.bytes,
        columns: version.columns,
        source: version.source ? `${version.source.name} (sha256 ${version.source.sha256})` : (description ?? 'made in this workspace'),
        licence: licence || 'not stated',
        sensitivity: sensitivity ?? 'internal',
        use: 'source'
      }
    })
}

/** The digest in a reference and the words before it. */
function toReference({ port, reference }: { port: string; reference: string }): BundleStep['inputs'] {
  const sha256 = digestOf(reference)
  return sha256 === undefined ? [] : [{ reference, name: port, sha256 }]
}

const toStep = (node: LineageNode): BundleStep => ({
  id: node.stepId,
  type: node.type,
  version: node.typeVersion,
  parameters: node.parameters,
  inputs: node.inputs.flatMap(toReference),
  outputs: node.outputs.flatMap(toReference),
  startedAt: node.startedAt,
  finishedAt: node.finishedAt,
  attempt: node.attempt
})

function toTrial(trial: ReturnType<Experiments['trials']>[number]): BundleTrial {
  const measured = measuredMetrics(trial)
  const note = trial.error ?? (trial.note || (trial.trashed ? 'Put in the trash.' : ''))
  return {
    run: trial.id,
    name: trial.name,
    status: trial.status,
    // Another run that was only not chosen is no discarded one: that takes somebody who put it away.
    discarded: trial.status === 'finished' && trial.trashed,
    algorithm: trial.algorithm,
    startedAt: trial.startedAt,
    durationSeconds: trial.duration,
    parameters: trial.parameters,
    metrics: Object.fromEntries(METRICS.flatMap(({ key }) => (measured[key] ? [[key, measured[key].value]] : []))),
    ...(note ? { note } : {})
  }
}

/** Gates over the run; the one that decides may have been held over another run of the same model. */
const gatesOf = (sources: ExportSources, run: RunId, enclosed: string | null): BundleFacts['gates'] =>
  [...sources.policies.gates(run), ...sources.policies.gates().filter((gate) => gate.id === enclosed && gate.run !== run)].map(
    ({ id, policy, policySha256, outcome, shortfall, at }) => ({
      policy,
      policySha256,
      outcome,
      ...(shortfall && { shortfall }),
      at,
      enclosed: id === enclosed
    })
  )

interface Concern {
  model: ModelVersionDetail
  datasets: readonly BundleDataset[]
  runs: readonly string[]
  policies: readonly string[]
  signer: BundleSigner | null
}

/** Entries about this model, its data, trials, policy and people in full; what else the workspace does is nobody's business but its own. */
function logOf(audit: Audit, { model, datasets, runs, policies, signer }: Concern): BundleFacts['log'] {
  const people = new Set([model.createdBy, model.purpose.owner, signer?.name, ...model.history.map((change) => change.by)])
  const data = new Set(datasets.map((dataset) => dataset.sha256))
  const ofPolicies = new Set(policies)
  const ofRuns = new Set(runs)
  const concerned = new Set<string>()
  const concerns = (event: AuditEvent): boolean => {
    const { action, subject, actor } = event
    const told = eventFacts(event)
    const [kind] = subject.split(':', 1)
    const rest = subject.slice(kind.length + 1)
    if (kind === 'model') return rest.startsWith(`${model.name}@`)
    if (kind === 'run') return ofRuns.has(rest)
    if (kind === 'policy') return ofPolicies.has(rest.split('@')[0])
    if (kind === 'dataset' || kind === 'report') return [...data].some((sha256) => rest.includes(sha256))
    if (kind === 'bundle') return String(told['model'] ?? '').startsWith(`${model.name}@`)
    // Every entry says who did it; who took over from whom names people that the model has nothing to do with.
    if (action === 'person.used') return false
    if (kind === 'person' && (people.has(String(told['name'] ?? '')) || (action === 'person.updated' && people.has(actor)))) {
      concerned.add(rest)
      return true
    }
    return kind === 'key' && concerned.has(String(told['person'] ?? ''))
  }
  const entries = audit.chain().map((event) => (concerns(event) ? event : { index: event.index, hash: event.hash }))
  return { intact: audit.isIntact(), entries }
}
