import { crossValidationSchema, type CrossValidation } from '../../model/cross-validation'
import { WorkbenchError } from '../../model/errors'
import type { GlassBox } from '../../model/glass-box'
import { evaluationSchema, type Evaluation } from '../../model/evaluation'
import { importedModelSchema } from '../../model/imported-model'
import type { ModelEvaluation } from '../../model/model-evaluation'
import { paritySchema, type ModelOrigin } from '../../model/parity'
import { settledRecords, type Settled } from '../../model/settled'
import { modelSignatureSchema, readAs, trainedModelSchema, type TrainedModel } from '../../model/training'
import type { Experiment, RunComparison, RunDetail, TradeOff } from '../../model/run'
import type { WorkspaceContext } from '../workspace'
import { evaluationsOf } from './evaluations-of'
import { createJudgedTogether, type TogetherOptions } from './judged-together'
import { judgedBy } from './rules-of-runs'
import { compareRuns } from './run-comparison'
import { matchingRuns, queryRuns, type RunQuery, type RunsPage } from './run-queries'
import { createRunReader, listExperiments, noSuchRun, runDetail } from './run-snapshot'
import { createRunRecords, type RunRecords } from './run-records'
import { runTag } from './tables'
import { thinCurve, type CurvePoint } from './thin-curve'
import { deriveTradeOff } from './trade-off'
import type { RunId, Sha256, ExperimentId } from '../../model/reference'

export interface RunCurve {
  run: RunId
  name: string
  /** True when no point was left out. */
  exact: boolean
  points: CurvePoint[]
}

export interface ComparisonOptions extends TogetherOptions {
  /** By default a registered run, else the one started first. */
  baseline?: RunId
  /** False leaves the single rows alone, which is quick, and gives no verdict. */
  rows?: boolean
}

export interface TradeOffQuery extends TogetherOptions, Pick<RunQuery, 'experiment' | 'filter'> {
  x: string
  y: string
  /** False leaves the single rows alone, which is quick, and puts no run behind another. */
  rows?: boolean
}

/** Runs, their comparison and their notes. */
export interface Experiments {
  list(): Experiment[]
  runs(query: RunQuery): RunsPage
  /** Runs between two metrics; verdicts unless `rows` is false. Throws CANCELLED. */
  tradeOff(query: TradeOffQuery): Promise<TradeOff>
  training(id: RunId): Promise<TrainedModel | null>
  /** The whole model as people read it, its shapes or its table of points; null for models without such a form. */
  glassBox(id: RunId): Promise<GlassBox | null>
  /** What models fitted on parts of its rows are worth on the rest; null where nobody looked. */
  crossValidation(id: RunId): Promise<CrossValidation | null>
  /** Calibration, decision and intervals of the model with their records, and how the intervals fared. */
  settled(id: RunId): Promise<Settled>
  /** Where a model that was made elsewhere comes from, and how it answers beside the original. */
  origin(id: RunId): Promise<ModelOrigin>
  run(id: RunId): RunDetail
  isTrashed(id: RunId): boolean
  /** Resolves a full id or an unambiguous beginning of at least 4 digits. */
  findRun(prefix: string): RunDetail
  evaluation(id: RunId): Promise<Evaluation | null>
  curves(ids: RunId[]): Promise<RunCurve[]>
  /** The evaluations of the model of a run, its own first, each held against that. */
  evaluationsOf(id: RunId, options?: TogetherOptions): Promise<ModelEvaluation[]>
  /** Runs side by side, with verdicts unless `rows` is false. Throws CANCELLED. */
  compare(ids: readonly RunId[], choices?: ComparisonOptions): Promise<RunComparison>
  code(id: RunId): Promise<{ sha256: Sha256 | null; text: string }>
  /** Every trial of an experiment in the order of recording, the discarded and failed ones too. */
  trials(experiment: string): (RunDetail & { trashed: boolean })[]
}

/** What the commands of this feature write with; each call joins their transaction. */
export interface ExperimentsWriter extends Experiments {
  readonly records: RunRecords
  update(id: ExperimentId, change: { question?: string; primaryMetric?: string }): Experiment
  annotate(id: RunId, change: { name?: string; note?: string }): RunDetail
  setTag(id: RunId, key: string, value: string | null): RunDetail
  /** Throws NOT_FOUND. */
  setTrashed(ids: RunId[], trashed: boolean): void
}

/** Opens the experiments of a workspace. */
export function createExperiments(context: WorkspaceContext, actor: () => string): ExperimentsWriter {
  const { ledger, objects } = context
  const run = (id: RunId): RunDetail => runDetail(ledger, id)
  const readRuns = createRunReader(ledger)
  const judgedTogether = createJudgedTogether(context)
  return {
    records: createRunRecords(context, actor),
    ...createRunDocuments(context, run),
    ...createChanges(context, run),
    list: () => listExperiments(ledger),
    runs: (query) => queryRuns(readRuns(), query),
    tradeOff: ({ x, y, rows = true, signal, onProgress, ...query }) =>
      deriveTradeOff(matchingRuns(readRuns(), query).found, [x, y], {
        signal,
        ...(rows && {
          together: (some) =>
            judgedTogether(
              some.map(({ id }) => run(id)),
              { signal, onProgress }
            )
        })
      }),
    run,
    isTrashed: (id) => ledger.get('SELECT 1 FROM run WHERE id = ? AND trashed_at IS NOT NULL', id) !== undefined,
    findRun(prefix) {
      if (!/^[0-9a-f]{4,32}$/.test(prefix))
        throw new WorkbenchError('INVALID_INPUT', `"${prefix}" is not a run id. Give 4 to 32 hex digits.`)
      const found = ledger.all<{ id: RunId }>('SELECT id FROM run WHERE substr(id, 1, ?) = ? LIMIT 2', prefix.length, prefix)
      if (found.length > 1) throw new WorkbenchError('CONFLICT', `More than one run begins with "${prefix}". Give more digits.`)
      if (!found[0]) throw noSuchRun(prefix)
      return run(found[0].id)
    },
    evaluationsOf: (id, options = {}) =>
      evaluationsOf(id, { ledger, run, together: (runs) => judgedTogether(runs, options), judgedBy: (one) => judgedBy(objects, one) }),
    compare: (ids, { baseline, rows = true, ...options } = {}) =>
      compareRuns(ids.map(run), {
        baseline,
        signal: options.signal,
        ...(rows && { together: (some) => judgedTogether(some, options) })
      }),
    trials(experiment) {
      const rows = ledger.all<{ id: RunId; trashed_at: string | null }>(
        'SELECT r.id, r.trashed_at FROM run r JOIN experiment e ON e.id = r.experiment_id WHERE e.name = ? ORDER BY r.rowid',
        experiment
      )
      return rows.map((row) => ({ ...run(row.id), trashed: row.trashed_at !== null }))
    }
  }
}

type RunDocuments = Pick<Experiments, 'training' | 'glassBox' | 'crossValidation' | 'settled' | 'origin' | 'evaluation' | 'curves' | 'code'>

/** The documents that a run kept, each read by its schema; null where the run has none. */
function createRunDocuments({ objects }: WorkspaceContext, run: (id: RunId) => RunDetail): RunDocuments {
  const artifactOf = (detail: RunDetail, kind: string): Sha256 | undefined =>
    detail.artifacts.find((artifact) => artifact.kind === kind)?.sha256
  const documentOf = async <T>(id: RunId, kind: string, schema: { parse(value: unknown): T }): Promise<T | null> => {
    const sha = artifactOf(run(id), kind)
    return sha === undefined ? null : schema.parse(JSON.parse((await objects.read(sha)).toString('utf8')))
  }
  const training = (id: RunId): Promise<TrainedModel | null> => documentOf(id, 'training', trainedModelSchema)
  return {
    training,
    async glassBox(id) {
      const signature = await documentOf(id, 'signature', modelSignatureSchema)
      const native = artifactOf(run(id), 'native')
      if (signature === null || native === undefined || readAs(signature.algorithm) === null) return null
      const { glassBoxOf } = await import('../training')
      return glassBoxOf((await objects.read(native)).toString('utf8'), signature)
    },
    crossValidation: (id) => documentOf(id, 'cross-validation', crossValidationSchema),
    settled: async (id) => ({
      calibration: await documentOf(id, 'calibration', settledRecords.calibration),
      decision: await documentOf(id, 'decision', settledRecords.decision),
      intervals: await documentOf(id, 'intervals', settledRecords.intervals),
      measured: (await documentOf(id, 'evaluation', evaluationSchema))?.intervals ?? null
    }),
    origin: async (id) => ({
      imported: await documentOf(id, 'import', importedModelSchema),
      parity: await documentOf(id, 'parity', paritySchema)
    }),
    evaluation: (id) => documentOf(id, 'evaluation', evaluationSchema),
    async curves(ids) {
      const curves: RunCurve[] = []
      for (const id of ids) curves.push(...curvesOf(id, await training(id)))
      return curves
    },
    async code(id) {
      const sha256 = run(id).codeSha256
      return { sha256, text: sha256 === null ? '' : (await objects.read(sha256)).toString('utf8') }
    }
  }
}

/** What people change of an experiment and its runs. */
function createChanges(
  { ledger, clock }: WorkspaceContext,
  run: (id: RunId) => RunDetail
): Pick<ExperimentsWriter, 'update' | 'annotate' | 'setTag' | 'setTrashed'> {
  return {
    update(id, change) {
      if (change.question !== undefined) ledger.run('UPDATE experiment SET question = ? WHERE id = ?', change.question, id)
      if (change.primaryMetric !== undefined) ledger.run('UPDATE experiment SET primary_metric = ? WHERE id = ?', change.primaryMetric, id)
      const found = listExperiments(ledger).find((experiment) => experiment.id === id)
      if (!found) throw new WorkbenchError('NOT_FOUND', `There is no experiment "${id}".`)
      return found
    },
    annotate(id, change) {
      run(id)
      if (change.name !== undefined) ledger.run('UPDATE run SET name = ? WHERE id = ?', change.name, id)
      if (change.note !== undefined) ledger.run('UPDATE run SET note = ? WHERE id = ?', change.note, id)
      return run(id)
    },
    setTag(id, key, value) {
      run(id)
      if (value === null) ledger.run('DELETE FROM run_tag WHERE run_id = ? AND key = ?', id, key)
      else ledger.insert(runTag, { run_id: id, key, value }, 'OR REPLACE')
      return run(id)
    },
    setTrashed(ids, trashed) {
      const at = trashed ? clock().toISOString() : null
      for (const id of ids) {
        run(id)
        ledger.run('UPDATE run SET trashed_at = ? WHERE id = ?', at, id)
      }
    }
  }
}

/** The losses of a training, each over its iterations; none without a training. */
function curvesOf(run: RunId, trained: TrainedModel | null): RunCurve[] {
  const history = trained?.history ?? []
  const named: Record<string, CurvePoint[]> = {
    training_loss: history.map((h) => ({ step: h.iteration, value: h.trainingLoss })),
    validation_loss: history.flatMap((h) => (h.validationLoss === null ? [] : [{ step: h.iteration, value: h.validationLoss }]))
  }
  return Object.entries(named).flatMap(([name, points]) => (points.length > 0 ? [{ run, name, ...thinCurve(points, 1000) }] : []))
}
