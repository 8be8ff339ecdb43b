import type { BinaryEvaluation, Evaluation } from '../../../model/evaluation'
import type { GateReport } from '../../../model/policy'
import type { QualityReport } from '../../../model/quality'
import type { GlassBox } from '../../../model/glass-box'
import type { ImportedModel } from '../../../model/imported-model'
import type { Explanation } from '../../../model/explanation'
import type { Parity } from '../../../model/parity'
import type { BinarySignature, BinaryTraining, ModelSignature, TrainedModel } from '../../../model/training'
import { type Sha256, printReference, type PipelineRunId, type RunId } from '../../../model/reference'

export interface BundlePerson {
  name: string
  /** Author, reviewer, approver, owner, operator. */
  role: string
  /** Made by the sample: shows the procedure, decides nothing. */
  demo: boolean
}

export interface BundleColumn {
  name: string
  type: string
  role?: string
  unit?: string | null
  knownWhen?: string
  description?: string | null
}

export interface BundleDataset {
  name: string
  /** SHA-256 of the Arrow file. */
  sha256: Sha256
  /** SHA-512 of the Arrow file, lower-case hex, where the file was read. */
  sha512?: string
  rows: number
  /** Bytes of the Arrow file. */
  size?: number
  columns: readonly BundleColumn[]
  source: string
  licence: string
  sensitivity: string
  /** What it was used for: source, training, test. */
  use?: string
}

/** Something a step read or made, as a reference of the workspace with the digest of its bytes. */
export interface BundleReference {
  reference: string
  name: string
  sha256: Sha256
}

export interface BundleStep {
  id: string
  type: string
  version: number
  parameters: Readonly<Record<string, unknown>>
  inputs: readonly BundleReference[]
  outputs: readonly BundleReference[]
  startedAt: string | null
  finishedAt: string | null
  attempt: number
}

export interface BundleEnvironment {
  /** "node 20.20.2", "python 3.11". */
  runtime: string
  os: string
  cpu: string
  /** Further facts by name: V8, memory, time zone, locale. */
  versions: Readonly<Record<string, string>>
  /** npm package name to version. */
  packages: Readonly<Record<string, string>>
}

/** One run of the experiment; discarded and failed ones belong here too. */
export interface BundleTrial {
  run: string
  name: string
  status: 'finished' | 'failed' | 'cancelled' | 'running'
  /** Finished, but not the run that was registered. */
  /** A finished run that was put in the trash. */
  discarded: boolean
  algorithm: string
  startedAt: string
  durationSeconds: number | null
  parameters: Readonly<Record<string, string>>
  metrics: Readonly<Record<string, number>>
  /** Why it was discarded or how it failed. */
  note?: string
}

/** A file that the exporter places in the bundle itself; `path` is relative with forward slashes. */
export interface BundleFileFact {
  path: string
  sha256: Sha256
  /** Lower-case hex, where the file was read. */
  sha512?: string
  size: number
}

/** An entry of the workspace's record: who did what, when, to what. `hash` covers all of it and the `previous` entry. */
export interface BundleEvent {
  index: number
  at: string
  actor: string
  action: string
  subject: string
  detail: Readonly<Record<string, unknown>>
  previous: string
  hash: string
}

/** The record of the workspace up to the export: entries about other work appear by their digest only, so that the chain stays whole. */
export interface BundleLog {
  /** False when the record was altered before the export. */
  intact: boolean
  entries: readonly (BundleEvent | { index: number; hash: string })[]
}

/** One evaluation of a policy over the run, whether it is the one enclosed or an earlier one. */
export interface BundleGate {
  policy: string
  policySha256: Sha256
  outcome: 'pass' | 'fail'
  shortfall?: 'undecided' | 'no gate'
  at: string
  enclosed: boolean
}

/** What was measured while the sample rows were staged; shares are of the rows of the test table. */
export interface BundleSample {
  /** Rows in model/sample-inputs.arrow. */
  rows: number
  /** Test rows, and those among them that the signature says to refuse. */
  tested: number
  refused: number
}

/** Who will sign, so that the README can say how to check it. */
export interface BundleSigner {
  name: string
  curve: 'P-256' | 'P-384' | 'P-521'
  /** SHA-256 over the PEM text of the public key. */
  keyFingerprint: string
  form: 'key' | 'certificate'
}

/** Everything that the documents of a bundle are made from; plain values, read from the workspace by the exporter. */
export interface BundleFacts {
  drydockVersion: string
  /** UTC, ISO 8601 with milliseconds. */
  generatedAt: string
  demo: boolean
  model: {
    name: string
    version: number
    stage: string
    description: string
    intendedUse: string
    outOfScope: string
    limitations: readonly string[]
    owner: BundlePerson
    riskTier: string
  }
  people: readonly BundlePerson[]
  signer: BundleSigner | null
  run: {
    id: RunId
    experiment: string
    startedAt: string | null
    finishedAt: string | null
    durationSeconds: number
    parameters: Readonly<Record<string, string>>
    metrics: Readonly<Record<string, number>>
    seeds: Readonly<Record<string, number>>
    codeSha256: Sha256 | null
    environment: BundleEnvironment
  }
  evaluation: Evaluation
  signature: ModelSignature
  /** Null for a model that a script made. */
  training: TrainedModel | null
  /** Where a model that was made elsewhere comes from, and how it answers beside the original. */
  imported?: ImportedModel | null
  parity?: Parity | null
  /** The model as people read it whole, of those that have such a form. */
  glassBox?: GlassBox | null
  /** What drives the answers, where the run was explained. */
  explanation?: Explanation | null
  datasets: readonly BundleDataset[]
  quality: QualityReport | null
  gate: GateReport | null
  /** The gate was held by a version of its policy that is no longer in force. */
  gateSuperseded?: boolean
  /** The policy passes under another text than one under which it did not: which texts, and who changed it. */
  gateChanged?: string
  /** Every gate that was run over this model, newest first. */
  gates: readonly BundleGate[]
  sample: BundleSample | null
  lineage: { pipelineRun: PipelineRunId | null; pipeline: { name: string; sha256: Sha256 } | null; steps: readonly BundleStep[] }
  /** The frozen pipeline document. */
  pipelineYaml: string | null
  trials: readonly BundleTrial[]
  log: BundleLog
  /** Must hold `model/model.onnx`, or `model/scorer.json` of a model without ONNX form. A path listed here is never written by the documents. */
  files: readonly BundleFileFact[]
}

/** A name with the mark of a demo identity, once. */
export function personLabel({ name, demo }: Pick<BundlePerson, 'name' | 'demo'>): string {
  return demo && !/\bdemo identity\b/i.test(name) ? `${name} (demo identity)` : name
}

/** `model:strike-damage@2` */
export const modelReference = (facts: BundleFacts): string =>
  printReference({ kind: 'model', name: facts.model.name, number: facts.model.version })
export const modelPath = 'model/model.onnx'
/** What stands in its place for a model without ONNX form. */
export const scorerPath = 'model/scorer.json'
/** Where the model lies of which these are the files. */
export const modelPathIn = (has: (path: string) => boolean): string => (!has(modelPath) && has(scorerPath) ? scorerPath : modelPath)
export const modelFileIn = (files: readonly BundleFileFact[]): BundleFileFact | undefined => {
  const own = modelPathIn((wanted) => files.some(({ path }) => path === wanted))
  return files.find(({ path }) => path === own)
}

/** The facts of a bundle whose model answers a yes or no. */
export interface BinaryBundleFacts extends BundleFacts {
  evaluation: BinaryEvaluation
  training: BinaryTraining | null
  signature: BinarySignature
}
