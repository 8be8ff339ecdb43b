import { countOf } from '../../model/count-of'
import { existsSync, promises as fs } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { VerificationReport } from '../../model/bundle'
import type { Person, WorkspaceSummary } from '../../model/workspace'
import { sampleColumns, sampleDataset, sampleTarget } from '../../../resources/sample/strikes'
import { samplePolicyText } from '../../../resources/sample/policy'
import { sampleModelName, samplePipelines, samplePurpose, sampleQuestion } from '../../../resources/sample/pipelines'
import { writeFileDurably } from '../../storage/objects/durable-files'
import { commands } from '../all-commands'
import type { Application } from '../application'
import { verifyBundle } from '../bundle-format'
import { cancelOnAbort } from '../pipelines'
import { qualityReportHtml } from '../quality'
import type { Workbench } from '../workbench'
import { isWorkspaceFolder, restrictedWorkspace } from '../workspace'
import { findResource } from '../resources'

export interface SampleProgress {
  stage: string
  title: string
  detail: string
  fraction: number
}
export interface SampleResult {
  workspace: WorkspaceSummary
  bundle: string
  publicKey: string
  report: string
  figures: Record<string, number>
  /** Ends of the 95% interval of each figure that has one. */
  intervals: Record<string, { low: number; high: number }>
  seconds: number
}

/** Protects the keys of demo identities only; it is no secret, and everything signed with them says that they are demo identities. */
const DEMO_BAND = 'Sample workspace: its people are demo identities.'
const DEMO_PASSPHRASE = 'demonstration only'

/**
 * Creates the sample workspace and does the whole job in it, as a person would: import, check, features, train, compare,
 * gate, register, export, countersign, verify. On an existing sample it goes on where that one stands; finished steps
 * come from the cache. Throws CONFLICT for a folder that holds something else.
 */
export async function* runSample(
  app: Application,
  directory: string,
  { signal }: { signal: AbortSignal }
): AsyncGenerator<SampleProgress, SampleResult, void> {
  const started = Date.now()
  const at = (stage: string, title: string, fraction: number, detail = ''): SampleProgress => {
    if (signal.aborted) throw new WorkbenchError('CANCELLED', 'The sample was cancelled. What is finished stays in the workspace.')
    return { stage, title, detail, fraction }
  }
  yield at('workspace', 'Creating the workspace', 0)
  const workspace = isWorkspaceFolder(directory)
    ? await openSample(app, directory)
    : await app.createWorkspace(directory, 'Wildlife strikes on aircraft', { sample: true })
  const bench = app.workbench()
  const people = await demoPeople(bench)

  yield at('import', 'Importing 10,000 strike reports', 0.05)
  const options = { name: 'strikes', metadata: { ...sampleDataset, owner: people.analyst.name } }
  const imported = await bench.do(commands.datasets.import, { path: findResource('sample', 'birdstrikes.csv'), options }, { signal })
  bench.do(commands.datasets.setColumns, { ref: imported.version.ref, columns: sampleColumns })

  yield at('quality', 'Checking the data', 0.12, `${countOf(imported.version.rows, 'row')}, ${imported.version.badRows} unreadable`)
  const quality = await bench.do(commands.quality.run, { ref: imported.version.ref, options: { target: sampleTarget } }, { signal })
  const report = join(directory, 'exports', 'strikes-quality.html')
  await writeFileDurably(report, qualityReportHtml(quality.report, quality.profile, { createdAt: quality.createdAt, band: DEMO_BAND }))
  await bench.do(commands.policies.save, { text: samplePolicyText })

  const share = 0.6 / samplePipelines.length
  for (const [index, text] of samplePipelines.entries()) {
    const saved = await bench.do(commands.pipelines.save, { yaml: text })
    for await (const { message, fraction } of runPipeline(bench, saved.name, signal))
      yield at('pipeline', `Running ${saved.title}`, 0.2 + share * (index + fraction), message)
  }

  yield at('compare', 'Comparing the runs', 0.8)
  for (const { id, question } of bench.experiments.list())
    if (question === '') bench.do(commands.experiments.update, { id, question: sampleQuestion })
  const ranked = bench.experiments.runs({ sort: 'metrics.auc', descending: true, limit: 10 }).runs
  const model = bench.models.resolve(sampleModelName)
  const { name, version } = model
  if (model.purpose.purpose === '') bench.do(commands.models.setPurpose, { name, version, purpose: samplePurpose(people.analyst.name) })

  yield at(
    'export',
    'Exporting a signed bundle',
    0.85,
    `${ranked.length} runs compared, ${model.name}@${model.version} is the registered one`
  )
  const publicKey = join(directory, 'exports', 'signer.pub.pem')
  await writeFileDurably(publicKey, people.analyst.keys[0].publicPem)
  const verify = async (): Promise<VerificationReport> =>
    verifyBundle(bundle, { publicKeyPem: await fs.readFile(publicKey, 'utf8') }, { signal })
  const bundle = join(directory, 'exports', `${model.name}-${model.version}.drydock`)
  if (!existsSync(bundle))
    await bench.do(
      commands.bundles.export,
      { name: model.name, version: model.version, path: bundle, person: people.analyst.id, passphrase: DEMO_PASSPHRASE },
      { signal }
    )
  // Asked of the bundle and not of this run: an earlier one may have ended between the export and the decision.
  if (!(await verify()).attestations.some(({ valid, decision }) => valid && decision !== null)) {
    yield at('countersign', 'A demo reviewer verifies and countersigns', 0.92)
    const decision = {
      path: bundle,
      keyPath: people.reviewer.keys[0].privateKeyPath!,
      passphrase: DEMO_PASSPHRASE,
      name: people.reviewer.name,
      meaning: 'reviewer',
      decision: 'approve',
      trust: { publicKeyPath: publicKey },
      statement: 'Demonstration: this identity is not a person and this approval decides nothing.'
    } as const
    await bench.do(commands.bundles.countersign, decision, { signal })
  }
  yield at('verify', 'Verifying the bundle as an operator would', 0.97)
  const verified = await verify()
  if (verified.verdict !== 'holds') throw new WorkbenchError('SIGNATURE_INVALID', `The sample bundle does not verify: ${verified.summary}`)
  const metrics = Object.entries(model.metrics)
  const figures = Object.fromEntries(metrics.map(([key, { value }]) => [key, value]))
  const intervals = Object.fromEntries(
    metrics.flatMap(([key, { low, high }]) => (low === null || high === null ? [] : [[key, { low, high }] as const]))
  )
  yield at('done', 'Done', 1)
  return { workspace, bundle, publicKey, report, figures, intervals, seconds: (Date.now() - started) / 1000 }
}

async function openSample(app: Application, directory: string): Promise<WorkspaceSummary> {
  const workspace = await app.openWorkspace(directory)
  if (workspace.sample && !workspace.restricted) return workspace
  await app.closeWorkspace()
  if (workspace.sample) throw restrictedWorkspace(directory)
  throw new WorkbenchError(
    'CONFLICT',
    `"${directory}" holds a workspace of somebody's own. The sample needs a folder for itself; choose another.`
  )
}

/** The sample's people: demo identities with keys of their own, labelled so wherever their names appear. */
async function demoPeople(bench: Workbench): Promise<{ analyst: Person; reviewer: Person }> {
  const find = async (name: string, title: string, role: 'author' | 'reviewer'): Promise<Person> => {
    const known = bench.people.list().find((person) => person.demo && person.roles.includes(role))
    const person = known ?? bench.do(commands.people.create, { name, title, roles: [role], demo: true })
    return person.keys.some((key) => key.usable)
      ? person
      : bench.do(commands.people.createKey, { id: person.id, passphrase: DEMO_PASSPHRASE })
  }
  const analyst = await find('Ada Demo (demo identity)', 'Analyst', 'author')
  const reviewer = await find('Rui Demo (demo identity)', 'Model-risk reviewer', 'reviewer')
  if (!bench.people.current()) bench.do(commands.people.use, { id: analyst.id })
  return { analyst, reviewer }
}

/** Runs a saved pipeline to its end and yields what it is doing. A gate that refuses is a result; a broken step throws. */
async function* runPipeline(
  bench: Workbench,
  name: string,
  signal: AbortSignal
): AsyncGenerator<{ message: string; fraction: number }, void, void> {
  const { pipelines } = bench
  const { runId } = await bench.do(commands.pipelines.run, { name })
  const settled = cancelOnAbort(signal, () => bench.do(commands.pipelines.cancel, { runId }))
  let states = new Map<string, string>()
  try {
    // Watched to its real end, also when it is cancelled: then nothing of it is at work any more.
    const events = pipelines.watchRun(runId, new AbortController().signal)
    for (let event = await events.next(); ; event = await events.next()) {
      if (event.done) {
        if (signal.aborted && event.value.state !== 'succeeded')
          throw new WorkbenchError('CANCELLED', 'The sample was cancelled. What is finished is kept; start it again to go on.')
        if (event.value.state !== 'succeeded' && event.value.failure?.code !== 'POLICY_DENIED')
          throw new WorkbenchError(
            'JOB_FAILED',
            `The pipeline "${name}" did not finish: ${event.value.failure?.message ?? event.value.state}`
          )
        return
      }
      if (event.value.kind === 'snapshot') states = new Map(event.value.run.steps.map((step) => [step.stepId, step.state]))
      if (event.value.kind !== 'step') continue
      const { stepId, state, cached } = event.value.step
      states.set(stepId, state)
      const done = [...states.values()].filter((known) => known === 'succeeded').length
      if (state !== 'queued') yield { message: `${stepId}: ${cached ? 'as before, from the cache' : state}`, fraction: done / states.size }
    }
  } finally {
    await settled()
  }
}
