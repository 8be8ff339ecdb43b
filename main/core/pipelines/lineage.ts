import type { LineageNode } from '../../model/pipeline-run'
import { digestOf, isDatasetRef, type DatasetRef, type RunId, type Sha256 } from '../../model/reference'
import type { Ledger } from '../../storage/ledger/ledger'
import type { AttemptId, StepPlace } from './journal-records'
import { handedTo, makerOf, placeOfRun, sourceOf } from './handed'

const MAX_NODES = 10_000
/** A run may be judged by any number of gates; a picture holds the newest. */
const MAX_JUDGES = 20

interface AttemptRow {
  started_at: string
  finished_at: string | null
  environment: string | null
  type: string
  type_version: number
  parameters: string
  pipeline: string
  version: Sha256
}

/**
 * Everything that led to bytes, nearest first: the attempt that produced them, what made its inputs, upstream to the datasets. Bytes alone
 * do not say whose they are: of several attempts that made the same ones the first counts. Empty when no step of this workspace made them.
 */
export function lineageOf(ledger: Ledger, reference: string): LineageNode[] {
  const sha256 = digestOf(reference)
  if (!sha256) return []
  const maker =
    ledger.get<StepPlace>(
      'SELECT run_id AS run, step_id AS step FROM produced p WHERE sha256 = ? AND NOT EXISTS (SELECT 1 FROM used u WHERE u.run_id = p.run_id AND u.step_id = p.step_id AND u.attempt = p.attempt AND u.sha256 = p.sha256) ORDER BY rowid LIMIT 1',
      sha256
    ) ?? ledger.get<StepPlace>('SELECT run_id AS run, step_id AS step FROM produced WHERE sha256 = ? ORDER BY rowid LIMIT 1', sha256)
  return maker ? upstreamOf(ledger, [{ at: maker, sha256 }]) : []
}

/** Everything that led to the model of a run, nearest first: the step that recorded the run, and what it was handed. */
export function lineageOfRun(ledger: Ledger, run: RunId): LineageNode[] {
  const place = placeOfRun(ledger, run)
  return place ? upstreamOf(ledger, [{ at: place }]) : []
}

/** The same, and before it the steps that judged the run, by an evaluation or a gate, with what they were handed; newest first. */
export function judgedLineageOfRun(ledger: Ledger, run: RunId): LineageNode[] {
  const judges = ledger.all<StepPlace>(
    `SELECT run_id AS run, step_id AS step FROM produced WHERE run = ? AND type IN ('GateResult', 'Evaluation') AND part = ''
     ORDER BY type DESC, rowid DESC LIMIT ${MAX_JUDGES}`,
    run
  )
  const place = placeOfRun(ledger, run)
  return upstreamOf(
    ledger,
    [...judges, ...(place ? [place] : [])].map((at) => ({ at }))
  )
}

function upstreamOf(ledger: Ledger, pending: { at: StepPlace; sha256?: Sha256 }[]): LineageNode[] {
  const nodes: LineageNode[] = []
  const seen = new Set<string>()
  while (pending.length && nodes.length < MAX_NODES) {
    const { at, sha256: made } = pending.shift()!
    const source = sourceOf(ledger, at)
    const key = source && `${source.runId}/${source.stepId}/${source.attempt}`
    if (!key || seen.has(key)) continue
    seen.add(key)
    const inputs = handedTo(ledger, at)
    nodes.push({ ...describeAttempt(ledger, source, made), inputs: inputs.map(({ port, reference }) => ({ port, reference })) })
    for (const input of inputs) {
      const maker = makerOf(ledger, input)
      if (maker) pending.push({ at: maker, sha256: input.sha256 })
    }
  }
  return nodes
}

/** An attempt with its outputs; the reference is that of the bytes it was reached by, or of its first output. */
function describeAttempt(ledger: Ledger, { runId, stepId, attempt }: AttemptId, sha256?: Sha256): Omit<LineageNode, 'inputs'> {
  const row = ledger.get<AttemptRow>(
    `SELECT a.started_at, a.finished_at, a.environment, s.type, s.type_version, s.parameters, r.pipeline, r.version
     FROM attempt a JOIN step_run s USING(run_id, step_id) JOIN pipeline_run r ON r.id = a.run_id WHERE a.run_id = ? AND a.step_id = ? AND a.number = ?`,
    runId,
    stepId,
    attempt
  )!
  const outputs = ledger.all<{ port: string; reference: string; sha256: string; part: string }>(
    "SELECT port || CASE part WHEN '' THEN '' ELSE '/' || part END AS port, reference, sha256, part FROM produced WHERE run_id = ? AND step_id = ? AND attempt = ? ORDER BY rowid",
    runId,
    stepId,
    attempt
  )
  return {
    reference: (outputs.find((output) => (sha256 === undefined ? output.part === '' : output.sha256 === sha256)) ?? outputs[0]).reference,
    runId,
    stepId,
    attempt,
    type: row.type,
    typeVersion: row.type_version,
    pipeline: row.pipeline,
    version: row.version,
    parameters: JSON.parse(row.parameters) as LineageNode['parameters'],
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    environment: row.environment ? (JSON.parse(row.environment) as LineageNode['environment']) : null,
    outputs: outputs.map(({ port, reference }) => ({ port, reference }))
  }
}

/** References of the dataset versions that a step's outputs were made from, sorted. */
export function datasetsBehind(ledger: Ledger, place: StepPlace): DatasetRef[] {
  const found = new Set<DatasetRef>()
  const seen = new Set<string>()
  const pending = [place]
  while (pending.length) {
    const at = pending.pop()!
    const key = `${at.run}/${at.step}`
    if (seen.has(key)) continue
    seen.add(key)
    for (const file of handedTo(ledger, at)) {
      if (isDatasetRef(file.reference)) found.add(file.reference)
      if (file.from) pending.push(file.from)
    }
  }
  return [...found].sort()
}
