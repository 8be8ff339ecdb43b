import type { Evaluation } from '../../model/evaluation'
import type { ModelSignature } from '../../model/training'
import { columnOf, type Frame } from '../frames'
import { sha256File } from '../../storage/objects/durable-files'
import { taskOf, type JudgingChoices } from '../tasks'
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
  /** Base rate of the training rows, to hold the model against; that of the judged rows where it is not known. */
  trainingRate?: number
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
  const rules = task.settleChoices(options)
  options.onProgress?.('read', 0)
  const targetName = options.target ?? signature.target.name
  const also = [targetName, ...(groupColumn === undefined ? [] : [groupColumn])]
  const whole = await readInputs(options.table, signature, also, signal)
  const rows = task.rowsToJudge(whole, targetName, signature.target)
  const scorer = await startScorer(options.model, signature, signal)
  try {
    const { scores } = await scoreFrame(scorer, signature, rows.frame, signal, (share) => options.onProgress?.('score', share))
    options.onProgress?.('latency', 0)
    const latency = await measureScorer(scorer, signature, rows.frame, { calls: options.latencyCalls })
    const keepScores = async (path: string) => {
      const groups = groupColumn === undefined ? undefined : task.rowScores.groupsOf(rows.frame, groupColumn)
      await task.rowScores.write(path, { ...rows.target, scores, groups })
      return { sha256: await sha256File(path), rows: rows.frame.rows }
    }
    const onProgress = (share: number) => options.onProgress?.('bootstrap', share)
    const { figures, fairness, warnings } = await task.judgeRows(rows, scores, groupColumn, rules, { signal, onProgress })
    const { labels, weights } = rows.target
    const baseline = task.baseline.compare({ labels, weights }, scores, options.trainingRate)
    const shuffling = { seed: options.seed, budget: options.importanceBudget ?? usualBudget, signal }
    const importance = await judgeColumns(task, scorer, signature, { frame: rows.frame, labels, weights }, shuffling)
    const unlisted = unlistedTexts(rows.frame, signature)
    return {
      schema: 'drydock.evaluation',
      version: 2,
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
      methods: task.describeMethods({
        ...rules,
        latencyCalls: latency.calls,
        warmUpCalls: warmUpFor(latency.calls),
        batchRows: latency.batchRows,
        groupColumn: groupColumn ?? null
      }),
      warnings: [
        ...warnings,
        ...task.baseline.warnings(baseline, 'judged rows'),
        ...columnWarnings(rows.frame, signature),
        ...unlistedWarnings(unlisted)
      ]
    }
  } finally {
    await scorer.close()
  }
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
