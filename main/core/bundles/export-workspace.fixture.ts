import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Evaluation } from '../../model/evaluation'
import type { GateSubject } from '../../model/evidence'
import type { RunId, Sha256 } from '../../model/reference'
import type { RunArtifact } from '../../model/run'
import type { Person } from '../../model/workspace'
import { executionIdOf, trainingRecord } from '../../testing/sample-runs'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import { anEvaluation } from '../bundle-format/documents/bundle-facts.fixture'
import { runCommands, type TrainingRecord } from '../experiments'
import { evaluatePolicy, gateCommands, parsePolicy } from '../policies'
import { policyOf } from '../policies/policy-text.fixture'
import { trainModel } from '../training'
import { syntheticRows, writeArrow } from '../training/fixtures/synthetic'

export const passphrase = 'low water springs'

/** What is different about a model that is registered. */
export interface Made {
  /** Null for an evaluation that does not say what it is about. */
  subject?: Partial<Evaluation['subject']> | null
  record?: Partial<TrainingRecord>
  /** Gates in the order in which they were held, each over what it should be but for this. */
  gates?: { policy: string; subject?: Partial<GateSubject> | null; metrics?: Record<string, number> }[]
}

export interface ExportWorkspace {
  /** A folder beside that of the workspace, `home`. */
  root: string
  home: string
  app: Application
  /** Has a key on this machine, and is who the person in front of it says to be. */
  author: Person
  model: RunArtifact
  /** What a training leaves beside its model. */
  papers: RunArtifact[]
  put(text: string): Promise<Sha256>
  /** Registers a model as training, evaluate and gate steps would have recorded it. */
  registered(name: string, made?: Made): Promise<RunId>
  close(): Promise<void>
}

/** A workspace with one small trained model, from which bundles can leave without a pipeline run for each. */
export async function openExportWorkspace(): Promise<ExportWorkspace> {
  const root = mkdtempSync(join(tmpdir(), 'drydock-export-'))
  const home = join(root, 'w')
  const app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(home, 'Tides')
  const { id } = app.do(commands.people.create, { name: 'Ada Author', title: '', email: '', roles: ['author'] })
  const author = await app.do(commands.people.createKey, { id, passphrase })
  const table = await writeArrow(join(root, 'rows.arrow'), { ...syntheticRows(120, 7) })
  const output = join(root, 'model')
  await trainModel({ table, target: 'damaged', algorithm: 'gradient-boosting', parameters: { trees: 3 }, seed: 1, outputDirectory: output })
  const { objects } = app.workbench().context
  const put = async (text: string): Promise<Sha256> => (await objects.putBytes(text)).sha256
  const kept = async (kind: string, name: string): Promise<RunArtifact> => ({ kind, name, ...(await objects.putFile(join(output, name))) })
  const model = await kept('model', 'model.onnx')
  const papers = [await kept('signature', 'signature.json'), await kept('training', 'training.json')]

  async function registered(name: string, { subject = {}, record = {}, gates = [] }: Made = {}): Promise<RunId> {
    const about = subject && { ...anEvaluation().subject!, model: model.sha256, ...subject }
    const evaluation = await put(JSON.stringify({ ...anEvaluation(), subject: about }))
    const artifacts = [model, ...papers, { kind: 'evaluation', name: 'evaluation.json', sha256: evaluation, size: 1 }]
    const run = app.do(runCommands.recordTraining, trainingRecord(name, { experiment: name, artifacts, ...record }))
    app.do(commands.models.register, { withoutGate: true, run, name, purpose: { purpose: 'Ranks tides.' } })
    for (const { policy, subject: changed = {}, metrics = { auc: 0.9 } } of gates) {
      const text = policyOf('metrics.auc > 0.5').replace('name: example', `name: ${policy}`)
      const parsed = parsePolicy(text)
      await put(text)
      const own = changed && { model: model.sha256, evaluation, quality: null, policy: parsed.sha256, ...changed }
      const report = evaluatePolicy(parsed, { metrics }, new Date(), own)
      const reportSha256 = await put(JSON.stringify(report))
      app.do(gateCommands.record, { run, report, reportSha256, pipelineRun: executionIdOf(policy) })
    }
    return run
  }
  return {
    ...{ root, home, app, author, model, papers, put, registered },
    async close() {
      await app.close()
      rmSync(root, { recursive: true, force: true })
    }
  }
}
