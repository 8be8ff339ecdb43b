import { WorkbenchError } from '../../model/errors'
import { metricDefinition, type Evaluation } from '../../model/evaluation'
import type { ModelSignature } from '../../model/training'
import { columnOf, selectRows, type Frame } from './frame'
import { deriveFairness } from './judging/fairness'
import { deriveGroups } from './judging/groups'
import { judgeScores, type Judgement } from './judging/judge'
import { describeMethods } from './judging/methods'
import { rangeWarnings } from './features'
import { measureScorer, warmUpFor } from './scoring/measure-latency'
import { readInputs, readSignature, scoreFrame, startScorer, type ScoreOptions } from './scoring/score-table'
import { assertKnownOutcomes, deriveTarget, missingWarning, type Target } from './target'

export interface EvaluateOptions extends Omit<ScoreOptions, 'onProgress'> {
  /** Column with the outcomes; the signature's target when left out. */
  target?: string
  /** Probability at and above which a row counts as positive; 0.5 by default. */
  threshold?: number
  /** Column whose groups are compared. */
  groupColumn?: string
  /** Fewest rows of a compared group, 30 by default; fewest positives or negatives for the error gaps, 10 by default. */
  minimumGroupSize?: number
  minimumClassSize?: number
  /** 2,000 by default; 0 leaves the intervals out. */
  bootstrapSamples?: number
  seed: number
  /** Name of the split, "test" by default. */
  split?: string
  trainingSeconds?: number
  /** Timed single-row calls, 1,000 by default. */
  latencyCalls?: number
  now?: () => Date
  onProgress?: (stage: 'read' | 'score' | 'latency' | 'bootstrap', share: number) => void
}

const fewestRows = 100

/**
 * Judges a model on a table with known outcomes: scores it in a child process, measures speed and memory, and compares groups.
 * Rows without an outcome are left out and counted. What has no value is null, and the warnings say why.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED, CANCELLED
 */
export async function evaluateModel(options: EvaluateOptions): Promise<Evaluation> {
  const { signal, seed, groupColumn } = options
  const threshold = options.threshold ?? 0.5
  const bootstrapSamples = options.bootstrapSamples ?? 2000
  assertOptions(threshold, bootstrapSamples, seed)
  options.onProgress?.('read', 0)
  const signature = await readSignature(options.model, options.signature)
  const { positive } = signature.target
  const targetName = options.target ?? signature.target.name
  const also = [targetName, ...(groupColumn === undefined ? [] : [groupColumn])]
  const whole = await readInputs(options.table, signature, also, signal)
  const target = deriveTarget(whole, targetName, positive)
  const unseen = assertKnownOutcomes(targetName, target, signature.target)
  const frame = selectRows(whole, target.rows)
  const scorer = await startScorer(options.model, signature, signal)
  try {
    const { probabilities } = await scoreFrame(scorer, signature, frame, signal, (share) => options.onProgress?.('score', share))
    options.onProgress?.('latency', 0)
    const latency = await measureScorer(scorer, signature, frame, { calls: options.latencyCalls })
    const judgement = await judgeScores(target.labels, probabilities, {
      threshold,
      bootstrapSamples,
      seed,
      signal,
      onProgress: (share) => options.onProgress?.('bootstrap', share)
    })
    const rules = { minimumGroupSize: options.minimumGroupSize ?? 30, minimumClassSize: options.minimumClassSize ?? 10, threshold }
    const fairness =
      groupColumn === undefined
        ? null
        : deriveFairness(groupColumn, deriveGroups(columnOf(frame, groupColumn)), target.labels, probabilities, rules)
    const { withoutTarget, positives } = target
    return {
      schema: 'drydock.evaluation',
      version: 1,
      split: options.split ?? 'test',
      target: { name: targetName, positive },
      createdAt: (options.now ?? (() => new Date()))().toISOString(),
      seed,
      rows: { read: whole.rows, withoutTarget, judged: frame.rows, positives, negatives: frame.rows - positives },
      threshold,
      ...judgement,
      latency,
      trainingSeconds: options.trainingSeconds ?? null,
      fairness,
      methods: describeMethods({
        threshold,
        bootstrapSamples,
        seed,
        latencyCalls: latency.calls,
        warmUpCalls: warmUpFor(latency.calls),
        batchRows: latency.batchRows,
        groupColumn: groupColumn ?? null
      }),
      warnings: [...rowWarnings(targetName, target, unseen), ...intervalWarnings(judgement), ...columnWarnings(frame, signature)]
    }
  } finally {
    await scorer.close()
  }
}

function assertOptions(threshold: number, bootstrapSamples: number, seed: number): void {
  const fail = (message: string): never => {
    throw new WorkbenchError('INVALID_INPUT', message)
  }
  if (!(threshold >= 0 && threshold <= 1)) fail(`The threshold ${threshold} is not a probability. Give a number from 0 to 1.`)
  if (!Number.isInteger(bootstrapSamples) || bootstrapSamples < 0 || bootstrapSamples > 100_000)
    fail(`The number of bootstrap samples ${bootstrapSamples} is not a whole number from 0 to 100,000. Correct it.`)
  if (!Number.isSafeInteger(seed)) fail(`The seed ${seed} is not a whole number. Give a whole number.`)
}

function rowWarnings(name: string, target: Target, unseen: string): string[] {
  const warnings = missingWarning(name, target)
  const rows = target.labels.length
  if (unseen) warnings.push(`The target "${name}" has values that training did not see: ${unseen}. They count as not positive.`)
  if (target.positives === 0 || target.positives === rows)
    warnings.push(`Every judged row is ${target.positives === 0 ? 'negative' : 'positive'}, so the AUC and the curves have no value.`)
  if (rows < fewestRows) warnings.push(`Only ${rows} ${rows === 1 ? 'row was' : 'rows were'} judged; the figures are uncertain.`)
  return warnings
}

/** Intervals that say less than they seem to: without width, from fewer resamples than asked for, or none at all. */
function intervalWarnings({ metrics, bootstrap }: Judgement): string[] {
  if (bootstrap.samples === 0) return []
  const flat: string[] = []
  const fewer: string[] = []
  const none: string[] = []
  for (const [key, { value, interval }] of Object.entries(metrics)) {
    const label = metricDefinition(key)?.label ?? key
    if (value !== null && interval === null) none.push(label)
    if (interval && interval.lower === interval.upper) flat.push(label)
    if (interval && interval.samples < bootstrap.samples) fewer.push(`${label} (${bootstrap.samples - interval.samples})`)
  }
  const warnings: string[] = []
  if (flat.length > 0)
    warnings.push(`Every resample gave the same value of: ${flat.join(', ')}. An interval without width does not mean certainty.`)
  if (fewer.length > 0)
    warnings.push(`Of ${bootstrap.samples} resamples some gave no value and were left out of the interval of: ${fewer.join(', ')}.`)
  if (none.length > 0) warnings.push(`Too few rows or resamples for an interval of: ${none.join(', ')}.`)
  return warnings
}

function columnWarnings(frame: Frame, { inputs }: ModelSignature): string[] {
  const warnings = rangeWarnings(
    frame,
    inputs.map((input) => input.name)
  )
  for (const { name, missingShare } of inputs) {
    const column = columnOf(frame, name)
    const isEmpty = column.kind === 'category' ? column.codes.every((code) => code < 0) : column.values.every(Number.isNaN)
    if (isEmpty && missingShare < 1) warnings.push(`The column "${name}" has no value in any judged row, though it had in training.`)
  }
  return warnings
}
