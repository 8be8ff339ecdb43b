import type { Evaluation } from '../../model/evaluation'
import { decidedCosts, decidedThreshold } from '../../model/decision'
import { measuredWords, type MeasuredIntervals } from '../../model/conformal'
import { answerNames, taskNameOf, type Statement } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'
import { columnOf, type Column, type Frame } from '../frames'
import { sha256File } from '../../storage/objects/durable-files'
import { findSlices, measureIntervals, taskOf, type Clusters, type JudgingChoices, type RowsToJudge, type Task } from '../tasks'
import { addColumn } from './add-column'
import { mergedColumns, rangeWarnings } from './features'
import { judgeColumns, unlistedTexts, unlistedWarnings, usualBudget } from './judge-columns'
import { needsDouble } from './precision'
import { measureScorer, warmUpFor } from './scoring/measure-latency'
import { readInputs, readSignature, scoreFrame, startScorer, type ScoreOptions } from './scoring/score-table'

export interface EvaluateOptions extends Omit<ScoreOptions, 'onProgress'>, JudgingChoices {
  /** Column with the outcomes; the signature's target when left out. */
  target?: string
  /** Column whose groups are compared. */
  groupColumn?: string
  /** Name of the split, "test" by default. */
  split?: string
  trainingSeconds?: number
  /** What a model without skill would state by the training rows, to hold the model against; by the judged rows where they are not known. */
  trainingRate?: Statement
  /** Column with what each row counts. */
  weight?: string
  /** How rows belong together: the split kept such groups or times apart. */
  clusters?: { by: 'group' | 'time'; column: string }
  /** Rows that may be scored to find what each column matters; 0 leaves it out. */
  importanceBudget?: number
  /** What the document is about, by digest, and how many of its rows the training had too. */
  about?: Pick<Evaluation, 'subject' | 'rowsShared' | 'rowsAlike' | 'splitCheck'>
  /** Arrow file to be written with what the model answered to each judged row. */
  rowScores?: string
  /** Timed single-row calls, 1,000 by default. */
  latencyCalls?: number
  now?: () => Date
  onProgress?: (stage: 'read' | 'score' | 'latency' | 'bootstrap', share: number) => void
}

/**
 * Judges a model on a table with known outcomes: scores it in a child process, measures speed and memory, and compares groups.
 * Rows without an outcome are left out and counted. What has no value is null, and the warnings say why.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED, CANCELLED
 */
export async function evaluateModel(options: EvaluateOptions): Promise<Evaluation> {
  const { signal, groupColumn } = options
  const signature = await readSignature(options.model, options.signature)
  const task = taskOf(signature)
  const name = taskNameOf(signature.task)
  const decided = decidedThreshold(signature)
  const rules = task.settleChoices({ ...options, threshold: decided ?? options.threshold, costs: decidedCosts(signature) })
  options.onProgress?.('read', 0)
  const targetName = options.target ?? signature.target.name
  const exposure = 'exposure' in signature.target ? signature.target.exposure : undefined
  const also = [targetName, groupColumn, options.weight, exposure].filter((name) => name !== undefined)
  const whole = await readInputs(options.table, signature, also, signal)
  if (options.clusters && typeof options.table === 'string') await addColumn(whole, options.table, options.clusters.column, signal)
  const rows = task.rowsToJudge(whole, targetName, signature.target, { weight: options.weight, exposure })
  const clusters = clustersOf(rows.frame, options.clusters)
  const scorer = await startScorer(options.model, signature, signal, options)
  try {
    const answered = await scoreFrame(scorer, signature, rows.frame, signal, (share) => options.onProgress?.('score', share))
    const { scores } = answered
    options.onProgress?.('latency', 0)
    const latency = await measureScorer(scorer, signature, rows.frame, { calls: options.latencyCalls })
    const keepScores = async (path: string) => {
      const groups = groupColumn === undefined ? undefined : task.rowScores.groupsOf(rows.frame, groupColumn)
      await task.rowScores.write(path, { ...rows.target, scores, groups, clusters })
      return { sha256: await sha256File(path), rows: rows.frame.rows }
    }
    const onProgress = (share: number) => options.onProgress?.('bootstrap', share)
    const { figures, fairness, warnings } = await task.judgeRows(rows, scores, groupColumn, rules, { signal, onProgress, clusters })
    const { labels, weights } = rows.target
    const baseline = task.baseline.compare({ labels, weights }, scores, options.trainingRate, { target: signature.target, clusters })
    const shuffling = { seed: options.seed, budget: options.importanceBudget ?? usualBudget, clusters: clusters?.codes, signal }
    const importance = await judgeColumns(task, scorer, signature, { frame: rows.frame, labels, weights }, shuffling)
    const unlisted = unlistedTexts(rows.frame, signature)
    const { width } = answered
    const counted = { weights, clusters: clusters?.codes }
    const intervals =
      signature.intervals && measureIntervals(signature.intervals, { scores, width, labels }, outcomeNames(signature), counted)
    const slices = await worstSlices(task, signature, rows, scores, clusters, signal)
    return {
      schema: 'drydock.evaluation',
      version: 2,
      ...(name !== 'binary' && { task: name }),
      subject: options.about?.subject ?? null,
      rowsShared: options.about?.rowsShared ?? null,
      rowsAlike: options.about?.rowsAlike ?? null,
      ...(options.about?.splitCheck && { splitCheck: options.about.splitCheck }),
      split: options.split ?? 'test',
      target: rows.document,
      createdAt: (options.now ?? (() => new Date()))().toISOString(),
      seed: options.seed,
      rows: { read: whole.rows, withoutTarget: whole.rows - rows.frame.rows, judged: rows.frame.rows, ...rows.counts },
      ...figures,
      baseline,
      ...(options.rowScores !== undefined && { rowScores: await keepScores(options.rowScores) }),
      latency,
      trainingSeconds: options.trainingSeconds ?? null,
      fairness,
      importance,
      unlisted,
      ...(slices && { slices }),
      ...(intervals && { intervals }),
      methods: task.describeMethods({
        ...rules,
        latencyCalls: latency.calls,
        warmUpCalls: warmUpFor(latency.calls),
        batchRows: latency.batchRows,
        groupColumn: groupColumn ?? null,
        target: signature.target,
        weighted: weights !== null,
        clusters
      }),
      warnings: [
        ...warnings,
        ...task.baseline.warnings(baseline, 'judged rows', signature.target),
        ...columnWarnings(rows.frame, signature),
        ...unlistedWarnings(unlisted),
        ...settledWarnings(decided, options.threshold, intervals)
      ]
    } as Evaluation
  } finally {
    await scorer.close()
  }
}

/** Each outcome as people read it, in the order of the labels. */
function outcomeNames(signature: ModelSignature): string[] {
  const names = answerNames(signature)
  return names.length === 1 ? [`not ${names[0]}`, names[0]!] : names
}

/** What the evaluation says of a threshold and of intervals that the model brings along. */
function settledWarnings(decided: number | undefined, asked: number | undefined, intervals: MeasuredIntervals | undefined): string[] {
  return [
    ...(decided !== undefined && asked !== undefined && asked !== decided
      ? [`The model decides at ${decided}, so the rows were judged by that and not at ${asked} as the step says.`]
      : []),
    ...(intervals?.verdict === 'too few' ? [`The intervals or sets of the model do not hold: ${measuredWords(intervals)}.`] : [])
  ]
}

/** Where the model does worse than elsewhere, by the values of its inputs. */
function worstSlices(
  task: Task,
  signature: ModelSignature,
  { frame, target: { labels, weights } }: RowsToJudge,
  scores: Float64Array,
  clusters: Clusters | null,
  signal: AbortSignal | undefined
) {
  const { losses, name } = task.losses({ labels, weights }, scores, signature.target)
  // A prediction without a loss, such as a count below zero, leaves nothing to compare.
  if (losses.some((loss) => !Number.isFinite(loss))) return undefined
  const columns = signature.inputs.map((input) => input.name)
  return findSlices({ frame, columns, losses, loss: name, weights, clusters: clusters?.codes ?? null, signal })
}

/** The rows of a frame by group, or by point in time; a column that is not there tells nothing. */
export function clustersOf(frame: Frame, asked: EvaluateOptions['clusters']): Clusters | null {
  if (!asked || !frame.columns.has(asked.column)) return null
  const column = columnOf(frame, asked.column)
  const { codes } = asked.by === 'time' && column.kind !== 'category' ? { codes: timeBlocks(column.values) } : byValue(column)
  return { ...asked, codes }
}

/** Each different value is a cluster; rows without one stand for themselves. */
function byValue(column: Column): { codes: Uint32Array } {
  const values = column.kind === 'category' ? column.codes : column.values
  const numbers = new Map<number, number>()
  let next = 0
  const codes = Uint32Array.from(values, (value) => {
    if (Number.isNaN(value) || (column.kind === 'category' && value < 0)) return next++
    const known = numbers.get(value) ?? next++
    numbers.set(value, known)
    return known
  })
  return { codes }
}

/** Blocks of rows that follow each other in time, as many rows each as the cube root of all (Künsch 1989); rows of equal time stay together. Rows without a time come first. */
function timeBlocks(times: ArrayLike<number>): Uint32Array {
  const at = (row: number): number => (Number.isNaN(times[row]) ? -Infinity : times[row]!)
  const order = Uint32Array.from({ length: times.length }, (_, row) => row).sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : a - b))
  const size = Math.ceil(Math.cbrt(times.length))
  const codes = new Uint32Array(times.length)
  let block = 0
  let from = 0
  order.forEach((row, rank) => {
    if (rank - from >= size && times[row] !== times[order[rank - 1]!]) {
      block++
      from = rank
    }
    codes[row] = block
  })
  return codes
}

function columnWarnings(frame: Frame, { inputs }: ModelSignature): string[] {
  const warnings = rangeWarnings(
    frame,
    inputs.map((input) => input.name)
  )
  for (const { column, distinct, merged } of mergedColumns(
    frame,
    inputs.filter(({ tensor }) => tensor === 'float')
  ))
    if (needsDouble({ distinct, merged }))
      warnings.push(
        `The column "${column}" has ${distinct} different values in the judged rows, of which the model's single precision merges ${merged}. If the last digits matter, train the model again: such columns are read in double precision now.`
      )
  for (const { name, missingShare } of inputs) {
    const column = columnOf(frame, name)
    const isEmpty = column.kind === 'category' ? column.codes.every((code) => code < 0) : column.values.every(Number.isNaN)
    if (isEmpty && missingShare < 1) warnings.push(`The column "${name}" has no value in any judged row, though it had in training.`)
  }
  return warnings
}
