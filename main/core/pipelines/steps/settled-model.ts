import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { CROSS_VALIDATION } from '../../../model/cross-validation'
import { WorkbenchError } from '../../../model/errors'
import type { ModelManifest } from '../../../model/model-manifest'
import type { TrainedModel } from '../../../model/training'
import { sha256 } from '../../../storage/objects/durable-files'
import type { RunId } from '../../../model/reference'
import type { RunInput } from '../../../model/run'
import type { AttemptFacts, CommitInput, StepInput } from '../define-step'
import { modelArtifacts, originOf, plainArtifacts, runInputs } from './record-run'
import { readTrainingRecord } from './training-record'

/** The two files that a model is scored by. @throws WorkbenchError INVALID_INPUT where one is missing */
export function filesOf(input: StepInput): { model: string; signature: string } {
  const { 'model.onnx': model, 'signature.json': signature } = input.files
  if (model && signature) return { model, signature }
  throw new WorkbenchError(
    'INVALID_INPUT',
    'The model has no model.onnx with a signature.json, so it cannot be scored. Connect the model of a train step, or let the script write both files.'
  )
}

/**
 * The files of a model with some of them replaced by those in a folder. The record of its training stays and says which files it is beside now:
 * what was learned, and from what, is still true.
 */
export async function settledFiles(
  input: StepInput,
  folder: string,
  replaced: readonly string[]
): Promise<{ files: Record<string, string>; about: { record: 'training' | 'file' } }> {
  const files = Object.fromEntries(replaced.map((name) => [name, join(folder, name)]))
  for (const [name, path] of Object.entries(input.files)) {
    // A certificate of parity and the figures of folds are about the graph of before.
    const isStale = ['parity.json', CROSS_VALIDATION].includes(name) && replaced.includes('model.onnx')
    if (name in files || name === 'training.json' || isStale) continue
    files[name] = join(folder, name)
    await fs.copyFile(path, files[name]!)
  }
  const training = input.files['training.json']
  const record = await readTrainingRecord(training)
  if (training !== undefined) {
    files['training.json'] = join(folder, 'training.json')
    if (record) await fs.writeFile(files['training.json'], `${JSON.stringify(await besideNew(record, files), null, 2)}\n`)
    else await fs.copyFile(training, files['training.json'])
  }
  return { files, about: { record: record ? 'training' : 'file' } }
}

async function besideNew(record: TrainedModel, files: Record<string, string>): Promise<TrainedModel> {
  const describe = async (path: string, name: string) => {
    const bytes = await fs.readFile(path)
    return { path: name, sha256: sha256(bytes), bytes: bytes.byteLength }
  }
  const [model, signature] = [
    await describe(files['model.onnx']!, 'model.onnx'),
    await describe(files['signature.json']!, 'signature.json')
  ]
  return { ...record, files: { ...record.files, model, signature } }
}

type Facts = AttemptFacts<{ experiment?: string; name?: string }> & {
  inputs: { model: CommitInput; rows: CommitInput }
}

/** A model with something settled is a model of its own, with a run of its own. */
export function commitSettled(
  facts: Facts,
  model: { document: ModelManifest; parts: CommitInput['parts'] },
  { algorithm, parameters }: { algorithm: string; parameters: Record<string, unknown> }
): RunId {
  return facts.runs.training({
    ...shared(facts),
    status: 'finished',
    algorithm,
    parameters,
    artifacts: model.document.record === 'training' ? modelArtifacts(model.parts) : plainArtifacts(model.parts),
    error: null
  })
}

/** A refusal is a run all the same, because every trial counts. */
export function commitRefused(
  facts: Facts & { outcome: string; failure: { code: string; message: string } },
  parameters: Record<string, unknown>
): void {
  facts.runs.training({
    ...shared(facts),
    status: facts.outcome === 'cancelled' ? 'cancelled' : 'failed',
    algorithm: 'settled model',
    parameters,
    artifacts: [],
    error: `${facts.failure.code}: ${facts.failure.message}`
  })
}

const shared = (facts: Facts) => ({
  ...originOf(facts),
  experiment: facts.parameters.experiment ?? facts.pipeline,
  name: facts.parameters.name ?? facts.runTitle,
  seed: null,
  inputs: [...runInputs('model', facts.inputs.model), ...runInputs('rows', facts.inputs.rows)].filter(isFirst)
})

/** A dataset behind both is named once. */
const isFirst = ({ reference }: RunInput, at: number, all: readonly RunInput[]): boolean =>
  all.findIndex((each) => each.reference === reference) === at
