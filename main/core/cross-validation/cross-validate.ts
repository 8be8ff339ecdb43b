import { availableParallelism } from 'node:os'
import type { CrossValidation, FoldResult } from '../../model/cross-validation'
import { taskOf as modelTaskOf } from '../../model/tasks'
import { sha256File } from '../../storage/objects/durable-files'
import { threadsFor } from '../training'
import { planWork, type JobResult, type Plan } from './jobs'
import { methodsOf } from './methods'
import { outcomesOf, type CrossValidationRequest } from './prepare-rows'
import { processesFor, runJobs } from './run-jobs'
import { summarise } from './summarise'
import { chooseCandidate, criterionOf, settingsOf } from './tune'
import { writeOutOfFold } from './write-out-of-fold'

export interface CrossValidateOptions {
  /** Arrow file to be written with the out-of-fold scores. */
  scores: string
  /** Bytes that this process and those it starts may use together. */
  memory: number
  cores?: number
  /** How many processes fit folds; by default as many as cores and memory allow. What comes out does not depend on it. */
  processes?: number
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/**
 * Fits a model on each part of a division of the rows and judges it on the rest; with candidates the settings are chosen within each part
 * (nested), and once more on all rows for a final fit. Same rows, design, settings and seed give the same document and scores, however many
 * processes work on it.
 * @throws WorkbenchError INVALID_INPUT naming column, cause and next step, NOT_FOUND, CANCELLED, JOB_FAILED
 */
export async function crossValidate(request: CrossValidationRequest, options: CrossValidateOptions): Promise<CrossValidation> {
  const { signal, onProgress, cores = availableParallelism() } = options
  const plan = await planWork(request, signal)
  const { frame } = plan.prepared
  const threads = request.algorithm === 'gradient-boosting' ? threadsFor(frame.rows, request.features.length, cores) : 1
  const processes =
    options.processes ?? processesFor(plan.jobs.length, frame.rows, frame.columns.size, { cores, memory: options.memory, threads })
  onProgress?.(0)
  const results = await runJobs(plan, processes, { signal, onDone: (done) => onProgress?.(done / plan.jobs.length) })
  return composeDocument(plan, results, options.scores)
}

type FoldJob = Extract<JobResult, { kind: 'fold' }>

async function composeDocument(plan: Plan, results: readonly JobResult[], scores: string): Promise<CrossValidation> {
  const { prepared, folds } = plan
  const { request, design, outcome } = prepared
  const judged = results.filter((result) => result.kind === 'fold') as FoldJob[]
  const described = judged.map((result): FoldResult => describeFold(plan, result))
  const columns = await writeOutOfFold(
    scores,
    outcome,
    judged.map(({ index, judged: { scores: own } }) => ({
      ...{ repeat: folds[index]!.repeat + 1, fold: folds[index]!.fold + 1, scores: own },
      rows: folds[index]!.test.map((row) => prepared.numbers[row]!),
      labels: Float64Array.from(outcomesOf(prepared, folds[index]!.test).labels)
    }))
  )
  const inRepeat = (repeat: number): number =>
    folds.filter((fold) => fold.repeat === repeat).reduce((sum, { test }) => sum + test.length, 0)
  return {
    schema: 'drydock.cross-validation',
    version: 1,
    task: request.task,
    target: request.target,
    ...modelTaskOf({ task: request.task }).asked.train(request),
    ...(request.weight !== undefined && { weight: request.weight }),
    ...(request.exposure !== undefined && { exposure: request.exposure }),
    ...(request.classWeights !== undefined && { classWeights: request.classWeights }),
    algorithm: request.algorithm,
    parameters: settingsOf(prepared, undefined) as CrossValidation['parameters'],
    features: [...request.features],
    seed: request.seed,
    table: { sha256: request.tableSha256 },
    rows: { read: prepared.read, withoutTarget: prepared.read - prepared.frame.rows, used: prepared.frame.rows, judged: inRepeat(0) },
    design,
    tuning:
      request.candidates.length > 0
        ? {
            candidates: request.candidates as NonNullable<CrossValidation['tuning']>['candidates'],
            innerFolds: request.innerFolds,
            ...criterionOf(prepared)
          }
        : null,
    folds: described,
    summary: summarise(described),
    ...chosenOn(plan, results),
    outOfFold: { sha256: await sha256File(scores), rows: inRepeat(0) * design.repeats, columns },
    methods: methodsOf(prepared),
    warnings: [...prepared.warnings, ...warningsOf(judged)]
  }
}

function describeFold({ folds }: Plan, { index, candidate, judged }: FoldJob): FoldResult {
  const { repeat, fold, training, test, groups, window } = folds[index]!
  return {
    ...{ repeat: repeat + 1, fold: fold + 1, training: training.length, test: test.length },
    ...(groups && { groups }),
    ...(window && { window }),
    ...(candidate !== undefined && { candidate: candidate + 1 }),
    parameters: judged.parameters as FoldResult['parameters'],
    iterations: judged.iterations,
    metrics: judged.metrics
  }
}

/** What the same choice comes to on all rows; nothing where there is none. */
function chosenOn({ prepared }: Plan, results: readonly JobResult[]): Pick<CrossValidation, 'chosen'> {
  const values = results.flatMap((result) => (result.kind === 'choice' ? [result.values] : []))
  if (values.length === 0) return {}
  const { best, scores } = chooseCandidate(values, criterionOf(prepared))
  const parameters = settingsOf(prepared, best) as NonNullable<CrossValidation['chosen']>['parameters']
  return { chosen: { candidate: best + 1, parameters, scores } }
}

/** What the fits of the folds had to say, each once, with how many said it. */
function warningsOf(judged: readonly FoldJob[]): string[] {
  const counts = new Map<string, number>()
  for (const { judged: own } of judged) for (const warning of new Set(own.warnings)) counts.set(warning, (counts.get(warning) ?? 0) + 1)
  return [...counts].map(([warning, count]) => `In ${count} of ${judged.length} folds: ${warning}`)
}
