import type { Explanation } from '../../model/explanation'
import { taskOf as modelTaskOf } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'
import { columnOf, selectRows, type Column, type Frame } from '../frames'
import { breathe, Random } from '../numerics'
import { pickOutcomes, taskOf, type Outcomes } from '../tasks'
import { withColumn } from './cells'
import type { ModelExplainer } from './model-explainer'

type Permutation = NonNullable<Explanation['permutation']>

/** Rows whose outcome is known. */
export interface JudgedRows extends Outcomes {
  frame: Frame
  /** Rows of one number are drawn together, as the split kept them together. */
  clusters: { column: string; codes: Uint32Array } | null
}

interface Choices {
  seed: number
  /** How often each column is shuffled. */
  repeats?: number
  /** The order of the rows for a column and repeat; drawn by the seed where it is not given. */
  orderOf?(column: number, repeat: number): Uint32Array
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

const usualShuffles = 5
const fewestRows = 50
/** Fewer clusters than these say nothing of their spread. */
const fewestClusters = 5
const resamples = 200

/**
 * What the task's figure of skill loses when a column is shuffled (Breiman 2001), by the answers of the exported file: the mean over the
 * repeats. The 95% interval is of a bootstrap that draws rows, or whole clusters, and repeats anew; the same rows with and without shuffling.
 * Null where there are fewer than 50 rows, or only one outcome among them.
 */
export async function shuffledLosses(
  explainer: Pick<ModelExplainer, 'score'>,
  signature: ModelSignature,
  judged: JudgedRows,
  { seed, repeats = usualShuffles, orderOf, signal, onProgress }: Choices
): Promise<Permutation | null> {
  const { frame, clusters } = judged
  if (frame.rows < fewestRows) return null
  const skillOf = (rows: ArrayLike<number>, scores: Float64Array): number | null =>
    taskOf(signature).skill(pickOutcomes(judged, rows), pickScores(scores, rows, frame.rows), signature.target)
  const all = Uint32Array.from({ length: frame.rows }, (_, row) => row)
  const intact = await explainer.score(frame, signal)
  const value = skillOf(all, intact)
  if (value === null) return null
  const random = new Random(seed, 17)
  const samples = drawSamples(frame.rows, clusters, random)
  const references = samples?.map((rows) => skillOf(rows, intact)) ?? []
  const features: Permutation['features'] = []
  for (const [column, { name }] of signature.inputs.entries()) {
    const own = columnOf(frame, name)
    const shuffled: Float64Array[] = []
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = orderOf?.(column, repeat) ?? random.shuffle(all.slice())
      shuffled.push(isConstant(own) ? intact : await explainer.score(withColumn(frame, name, reordered(own, order)), signal))
    }
    const loss = meanOf(shuffled.map((scores) => value - (skillOf(all, scores) ?? value)))
    const drawn: number[] = []
    for (const [at, rows] of (samples ?? []).entries()) {
      const reference = references[at]!
      const lost = shuffled.map(() => skillOf(rows, shuffled[random.below(repeats)]!))
      if (reference !== null && !lost.includes(null)) drawn.push(reference - meanOf(lost as number[]))
      if (at % 20 === 0) await breathe(signal)
    }
    features.push({ feature: name, loss, ...middle(drawn) })
    onProgress?.((column + 1) / signature.inputs.length)
  }
  features.sort((a, b) => b.loss - a.loss || (a.feature < b.feature ? -1 : 1))
  const metric = modelTaskOf(signature).importance.lost
  return { metric, rows: frame.rows, repeats, value, clusters: clusters?.column ?? null, features }
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function pickScores(scores: Float64Array, rows: ArrayLike<number>, all: number): Float64Array {
  const width = scores.length / all
  return Float64Array.from({ length: rows.length * width }, (_, at) => scores[rows[Math.floor(at / width)]! * width + (at % width)]!)
}

function reordered(column: Column, order: Uint32Array): Column {
  return selectRows({ rows: order.length, columns: new Map([['', column]]) }, order).columns.get('')!
}

function isConstant(column: Column): boolean {
  const values = column.kind === 'category' ? column.codes : column.values
  return values.every((value: number) => Object.is(value, values[0]))
}

/** Rows drawn with replacement, by clusters where there are some; null where these are too few. */
function drawSamples(rows: number, clusters: JudgedRows['clusters'], random: Random): number[][] | null {
  const members = new Map<number, number[]>()
  for (let row = 0; row < rows; row++) {
    const code = clusters ? clusters.codes[row]! : row
    const own = members.get(code)
    if (own) own.push(row)
    else members.set(code, [row])
  }
  const groups = [...members.values()]
  if (groups.length < fewestClusters) return null
  return Array.from({ length: resamples }, () => groups.flatMap(() => groups[random.below(groups.length)]!))
}

/** The middle 95%; null where too many samples had only one outcome. */
function middle(drawn: number[]): { low: number | null; high: number | null } {
  if (drawn.length < 0.9 * resamples) return { low: null, high: null }
  drawn.sort((a, b) => a - b)
  const at = (share: number): number => drawn[Math.round(share * (drawn.length - 1))]!
  return { low: at(0.025), high: at(0.975) }
}
