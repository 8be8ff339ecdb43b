import { uncalibratedAmong } from '../../model/calibration'
import { WorkbenchError } from '../../model/errors'
import { answerNames } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'
import type { Frame } from '../frames'
import { breathe } from '../numerics'
import { isExternalScorer, scoreFrame, scoreUncalibrated, startScorer, type Scorer } from '../training'
import { evenRows } from './cells'
import { BlackBoxExplainer } from './explain-black-box'
import { WhiteBoxExplainer } from './explain-white-box'
import type { ExplainedRows } from './explained-rows'
import { feedsOf } from './feeds'
import { readGraphFile, refusing } from './graph/model'
import { applyLink, type Link } from './graph/read-margin'
import { spaceOf, type ExplainMethod, type Space } from './spaces'
import type { TreeMethod } from './trees/tree-shap'
import { Unreadable } from './unreadable'
import { readWhiteBox } from './white-box'

export interface ExplainerOptions {
  /** Path of model.onnx. */
  model: string
  signature: ModelSignature
  /** Rows that stand for what a column usually is. */
  background: Frame
  method?: ExplainMethod
  seed?: number
  signal?: AbortSignal
  /** A model that is a program may be started. */
  programs?: 'allowed'
}

/** Rows of the background that a black box is asked with; each coalition asks for all of them. */
const mostBlackBoxRows = 50

/** Rows that are explained at once. */
const chunkRows = 1000
/** Largest difference of the sum to the margin, and of the margin's answer to that of ONNX Runtime, which adds in single precision. */
const additive = 1e-6
const alike = 1e-5

/**
 * Explains rows by the exported file alone: as trees and sums where the file is such, which is proved on every row against ONNX Runtime, and
 * else as a black box by what ONNX Runtime answers. Close it.
 */
export class ModelExplainer {
  readonly features: readonly string[]
  readonly outputs: readonly string[]

  private constructor(
    private readonly signature: ModelSignature,
    private readonly scorer: Scorer,
    readonly background: Frame,
    private readonly inner: { box: WhiteBoxExplainer; link: Link } | BlackBoxExplainer,
    readonly method: Exclude<ExplainMethod, 'auto'>,
    readonly space: Space,
    /** Why the file was not read as trees and sums; null where it was, or nobody asked. */
    readonly blackBoxReason: string | null
  ) {
    this.features = signature.inputs.map(({ name }) => name)
    this.outputs = answerNames(signature)
  }

  /** @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED, CANCELLED */
  static async open({
    model,
    signature,
    background,
    method = 'auto',
    seed = 42,
    signal,
    programs
  }: ExplainerOptions): Promise<ModelExplainer> {
    if (background.rows < 1) throw new WorkbenchError('INVALID_INPUT', 'The background has no rows. Give a table with some.')
    const scorer = await startScorer(model, signature, signal, { programs })
    const asBlackBox = (why: string | null): ModelExplainer => {
      const few = evenRows(background, mostBlackBoxRows)
      const box = new BlackBoxExplainer(scorer, signature, few, seed)
      return new ModelExplainer(signature, scorer, few, box, 'kernel', spaceOf(signature, null), why)
    }
    try {
      if (method === 'kernel') return asBlackBox(null)
      const way: TreeMethod = method === 'path-dependent' ? method : 'interventional'
      const box = (await isExternalScorer(model)) ? 'is a program and no graph' : await readBox(model, signature, background, way)
      if (typeof box === 'string') {
        if (method === 'auto') return asBlackBox(box)
        throw new WorkbenchError(
          'INVALID_INPUT',
          `The model cannot be explained by "${method}": its file ${box}. Leave the method out, and it is explained as a black box.`
        )
      }
      const opened = new ModelExplainer(signature, scorer, background, box, way, spaceOf(signature, box.link), null)
      const doubt = await opened.doubtOf(signal)
      if (doubt === null) return opened
      if (method === 'auto') return asBlackBox(doubt)
      throw new WorkbenchError('JOB_FAILED', `The model cannot be explained by "${method}": its file ${doubt}. Leave the method out.`)
    } catch (error) {
      await scorer.close()
      throw error
    }
  }

  /** By output. */
  get base(): Float64Array {
    return 'box' in this.inner ? this.inner.box.base : this.inner.base
  }

  /**
   * Explains all rows of a table in chunks, and holds each: its contributions add up to its margin, and its margin gives ONNX Runtime's answer.
   * @throws WorkbenchError JOB_FAILED where one of the two fails, INVALID_INPUT for a row without a finite answer
   */
  async explain(frame: Frame, signal?: AbortSignal, onProgress?: (share: number) => void): Promise<ExplainedRows> {
    const outputs = this.outputs.length
    const width = this.features.length * outputs
    const found: ExplainedRows = {
      rows: frame.rows,
      contributions: new Float64Array(frame.rows * width),
      margins: new Float64Array(frame.rows * outputs),
      scores: (await scoreFrame(this.scorer, this.signature, frame, signal)).scores,
      errors: null
    }
    if (!('box' in this.inner)) found.errors = await this.inner.explain(frame, found, signal, onProgress)
    else
      for (let from = 0; from < frame.rows; from += chunkRows) {
        const to = Math.min(from + chunkRows, frame.rows)
        const { contributions, margins } = await this.inner.box.explain(feedsOf(frame, this.signature, from, to), signal)
        found.contributions.set(contributions, from * width)
        found.margins.set(margins, from * outputs)
        onProgress?.(to / frame.rows)
        await breathe(signal)
      }
    this.assertAdditive(found)
    const apart = this.apartFromRuntime({ ...found, scores: await this.statedFor(frame, found.scores, signal) })
    if (apart !== null)
      throw new WorkbenchError('JOB_FAILED', `Row ${apart.row + 1} cannot be explained: ${apart.words}. Nothing was written.`)
    return found
  }

  /** Scores rows as they are. */
  async score(frame: Frame, signal?: AbortSignal): Promise<Float64Array> {
    return (await scoreFrame(this.scorer, this.signature, frame, signal)).scores
  }

  /** Whether answers are corrected after the margin that contributions add up to. */
  get calibrated(): boolean {
    return this.signature.calibration !== undefined && 'box' in this.inner
  }

  /** What answers are counted in. */
  get answerSpace(): Space {
    return spaceOf(this.signature, null)
  }

  /**
   * Answers to rows as they are, and the margins behind them (null of a file that only answers), both [rows, outputs].
   * @throws WorkbenchError JOB_FAILED where a margin does not give ONNX Runtime's answer
   */
  async answers(frame: Frame, signal?: AbortSignal): Promise<{ scores: Float64Array; margins: Float64Array | null }> {
    const scores = await this.score(frame, signal)
    if (!('box' in this.inner)) return { scores, margins: null }
    const outputs = this.outputs.length
    const margins = new Float64Array(frame.rows * outputs)
    for (let from = 0; from < frame.rows; from += chunkRows) {
      const to = Math.min(from + chunkRows, frame.rows)
      margins.set(await this.inner.box.margins(feedsOf(frame, this.signature, from, to), signal), from * outputs)
      await breathe(signal)
    }
    const stated = await this.statedFor(frame, scores, signal)
    const apart = this.apartFromRuntime({ rows: frame.rows, margins, scores: stated })
    if (apart !== null) throw new WorkbenchError('JOB_FAILED', `A row has no margin that can be told: ${apart.words}. Nothing was written.`)
    return { scores, margins }
  }

  close(): Promise<void> {
    return this.scorer.close()
  }

  /** Why the file is not the sum that it was read as; null where the background shows that it is. */
  private async doubtOf(signal?: AbortSignal): Promise<string | null> {
    const { box } = this.inner as { box: WhiteBoxExplainer }
    const { rows } = this.background
    const { margins } = await box.explain(feedsOf(this.background, this.signature, 0, rows), signal)
    const { scores } = await scoreFrame(this.scorer, this.signature, this.background, signal)
    const apart = this.apartFromRuntime({ rows, margins, scores: await this.statedFor(this.background, scores, signal) })
    return apart && `answers otherwise than its trees and sums say (${apart.words})`
  }

  /** What follows from the margin: the answer, or of a calibrated model what it states before the correction. */
  private async statedFor(frame: Frame, scores: Float64Array, signal?: AbortSignal): Promise<Float64Array> {
    return this.calibrated ? scoreUncalibrated(this.scorer, this.signature, frame, signal) : scores
  }

  private assertAdditive({ rows, contributions, margins }: ExplainedRows): void {
    const outputs = this.outputs.length
    const features = this.features.length
    for (let row = 0; row < rows; row++)
      for (let output = 0; output < outputs; output++) {
        let sum = this.base[output]!
        for (let feature = 0; feature < features; feature++) sum += contributions[(row * features + feature) * outputs + output]!
        const margin = margins[row * outputs + output]!
        if (!Number.isFinite(margin))
          throw new WorkbenchError(
            'INVALID_INPUT',
            `The model has no finite answer to row ${row + 1}. Look at its values: a missing one may be none that the model takes.`
          )
        if (!(Math.abs(sum - margin) < additive * Math.max(1, Math.abs(margin))))
          throw new WorkbenchError(
            'JOB_FAILED',
            `The contributions of row ${row + 1} add up to ${sum}, not to the margin ${margin}. Nothing was written; please report this.`,
            { details: { row, sum, margin } }
          )
      }
  }

  private apartFromRuntime({
    rows,
    margins,
    scores
  }: Pick<ExplainedRows, 'rows' | 'margins' | 'scores'>): { row: number; words: string } | null {
    if (!('box' in this.inner)) return null
    const outputs = this.outputs.length
    for (let row = 0; row < rows; row++) {
      const own = applyLink(this.inner.link, margins.slice(row * outputs, (row + 1) * outputs))
      for (let output = 0; output < outputs; output++) {
        const theirs = scores[row * outputs + output]!
        const isAlike =
          Math.abs(own[output]! - theirs) <= alike * Math.max(1, Math.abs(theirs)) || (own[output] !== own[output] && theirs !== theirs)
        if (!isAlike) return { row, words: `${own[output]} instead of ${theirs}` }
      }
    }
    return null
  }
}

async function readBox(
  model: string,
  signature: ModelSignature,
  background: Frame,
  method: TreeMethod
): Promise<{ box: WhiteBoxExplainer; link: Link } | string> {
  try {
    const graph = await readGraphFile(model)
    // Contributions are about the margin: of a calibrated model about that before the correction.
    const answer = graph.outputs.includes('prediction') ? 'prediction' : (uncalibratedAmong(graph.outputs) ?? 'probabilities')
    const isEvent = answerNames(signature).length === 1 && answer !== 'prediction'
    const box = refusing(model, () => readWhiteBox(graph, feedsOf(background, signature, 0, 0).tensors, answer, isEvent))
    if (box.outputs !== answerNames(signature).length) return `answers ${box.outputs} figures for each row`
    const feeds = feedsOf(background, signature, 0, background.rows)
    return { box: new WhiteBoxExplainer(box, signature.inputs.length, feeds, method), link: box.link }
  } catch (error) {
    if (error instanceof Unreadable) return error.message
    throw error
  }
}
