import type { Dependence } from '../../model/dependence'
import type { Explanation } from '../../model/explanation'
import type { Sha256 } from '../../model/reference'
import { WorkbenchError } from '../../model/errors'
import type { ModelSignature } from '../../model/training'
import { inspectArrowFile } from '../../storage/arrow/inspect'
import { readSignature } from '../training'
import { evenRows } from './cells'
import { measureDependence } from './dependence'
import { describe } from './describe'
import { backgroundRows } from './explain-file'
import { ModelExplainer } from './model-explainer'
import { judgedRows } from './judged-rows'
import { shuffledLosses } from './permutation'
import { sampleRows } from './read-rows'
import type { ExplainMethod } from './spaces'
import { writeArrow } from './write-contributions'

export interface ExplainTableOptions {
  /** Path of model.onnx, and its signature or where that is. */
  model: string
  signature: string | ModelSignature
  sha256: Sha256
  /** What the model is called, where it has a name. */
  name?: string
  /** Arrow files; without a background the explained rows stand for what is usual. */
  table: string
  /** What the table is called by, where it is in a workspace. */
  explained?: Explanation['explained']
  background?: string
  /** What the background is; by default a table that was given. */
  from?: Explanation['background']['from']
  method: ExplainMethod
  /** An even sample of so many rows is explained; as many as are quick for the model where it is not said. */
  rows?: number
  seed: number
  /** How often each column is shuffled; 0 leaves it out. */
  shuffles: number
  /** Column with what each row counts, and how rows belong together, where outcomes are known. */
  weight?: string
  clusters?: { by: 'group' | 'time'; column: string }
  /** What curves of dependence are drawn of, over how many rows. */
  features?: readonly string[]
  classes?: readonly string[]
  curveRows: number
  grid: number
  lines: number
  /** Arrow file for the contributions. */
  out: string
  signal?: AbortSignal
  /** A model that is a program may be started. */
  programs?: 'allowed'
  onProgress?: (share: number) => void
}

export interface ExplainedTable {
  explanation: Explanation
  dependence: Dependence
}

/** Rows that are explained where nobody says how many: a black box is asked thousands of times for each. */
const quickRows = { whiteBox: 1000, blackBox: 40 } as const
/** Rows that are shuffled at most; more say little more of a column. */
const mostShuffled = 1000

/**
 * Explains a sample of the rows of a table, writes the contributions, and measures how the answers go with the columns.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED where contributions do not add up, CANCELLED
 */
export async function explainTable(options: ExplainTableOptions): Promise<ExplainedTable> {
  const { model, table, method, rows, seed, out, signal, onProgress } = options
  const signature = await readSignature(model, options.signature)
  const background = await sampleRows(options.background ?? table, signature, backgroundRows[method], signal)
  if ((await inspectArrowFile(table)).rows === 0)
    throw new WorkbenchError('INVALID_INPUT', 'The table has no rows to explain. Connect one that has some.')
  const explainer = await ModelExplainer.open({ model, signature, background, method, seed, signal, programs: options.programs })
  try {
    const frame = await sampleRows(
      table,
      signature,
      rows ?? (explainer.method === 'kernel' ? quickRows.blackBox : quickRows.whiteBox),
      signal
    )
    const found = await explainer.explain(frame, signal, (share) => onProgress?.(0.5 * share))
    await writeArrow(out, { features: explainer.features, outputs: explainer.outputs, base: explainer.base, found })
    const judged = options.shuffles > 0 ? await judgedRows(table, signature, { ...options, most: mostShuffled }) : null
    const losing = { seed, repeats: options.shuffles, signal, onProgress: (share: number) => onProgress?.(0.5 + 0.25 * share) }
    const permutation = judged && (await shuffledLosses(explainer, signature, judged, losing))
    const from = options.background === undefined ? 'explained rows' : (options.from ?? 'given table')
    const asked = { ...(options.name !== undefined && { name: options.name }), sha256: options.sha256 }
    const about = { model: asked, signature, seed, explained: options.explained }
    const explanation = describe(explainer, { ...about, frame, found, from, permutation })
    const dependence = await measureDependence(explainer, {
      ...about,
      frame: evenRows(frame, options.curveRows),
      ...(options.features && { features: options.features }),
      ...(options.classes && { outputs: options.classes }),
      ...{ ranking: explanation.outputs, grid: options.grid, lines: options.lines, signal },
      onProgress: (share) => onProgress?.(0.75 + 0.25 * share)
    })
    return { explanation, dependence }
  } finally {
    await explainer.close()
  }
}
