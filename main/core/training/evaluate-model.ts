import { WorkbenchError } from '../../model/errors'
import type { Evaluation } from '../../model/evaluation'
import { columnOf, selectRows } from './frame'
import { deriveFairness } from './judging/fairness'
import { deriveGroups } from './judging/groups'
import { judgeScores } from './judging/judge'
import { measureScorer } from './scoring/measure-latency'
import { readInputs, readSignature, scoreFrame, startScorer, type ScoreOptions } from './scoring/score-table'
import { deriveTarget } from './target'

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
 * Rows without an outcome are left out and counted.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED, CANCELLED
 */
export async function evaluateModel(options: EvaluateOptions): Promise<Evaluation> {
  const { signal, seed } = options
  const threshold = options.threshold ?? 0.5
  const bootstrapSamples = options.bootstrapSamples ?? 2000
  assertOptions(threshold, bootstrapSamples, seed)
  options.onProgress?.('read', 0)
  const signature = await readSignature(options.model, options.signature)
  const targetName = options.target ?? signature.target.name
  const also = [targetName, ...(options.groupColumn === undefined ? [] : [options.groupColumn])]
  const whole = await readInputs(options.table, signature, also, signal)
  const target = deriveTarget(whole, targetName, signature.target.positive)
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
      options.groupColumn === undefined
        ? null
        : deriveFairness(options.groupColumn, deriveGroups(columnOf(frame, options.groupColumn)), target.labels, probabilities, rules)
    const negatives = frame.rows - target.positives
    return {
      schema: 'drydock.evaluation',
      version: 1,
      split: options.split ?? 'test',
      target: { name: targetName, positive: signature.target.positive },
      createdAt: (options.now ?? (() => new Date()))().toISOString(),
      seed,
      rows: { read: whole.rows, withoutTarget: target.withoutTarget, judged: frame.rows, positives: target.positives, negatives },
      threshold,
      ...judgement,
      latency,
      trainingSeconds: options.trainingSeconds ?? null,
      fairness,
      warnings: collectWarnings(targetName, target.withoutTarget, target.positives, negatives)
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

function collectWarnings(name: string, withoutTarget: number, positives: number, negatives: number): string[] {
  const warnings: string[] = []
  if (withoutTarget > 0) warnings.push(`${withoutTarget} rows have no value in the target "${name}" and were left out.`)
  if (positives === 0 || negatives === 0)
    warnings.push(`Every judged row is ${positives === 0 ? 'negative' : 'positive'}, so the AUC and the curves have no value.`)
  if (positives + negatives < fewestRows) warnings.push(`Only ${positives + negatives} rows were judged; the figures are uncertain.`)
  return warnings
}
