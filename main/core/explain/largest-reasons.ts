import { WorkbenchError } from '../../model/errors'
import type { ModelSignature } from '../../model/training'
import { selectRows, type Frame } from '../frames'
import { backgroundRows } from './explain-file'
import { ModelExplainer } from './model-explainer'
import { sampleRows } from './read-rows'

/** The largest contributions of some rows: `count` a row, the largest first by size; null where a row has fewer that are not zero. */
export interface LargestReasons {
  names: (string | null)[]
  amounts: Float64Array
}

/** Says for batches of rows which columns moved their answers most. Close it. */
export interface ReasonSource {
  readonly count: number
  readonly method: ModelExplainer['method']
  readonly space: ModelExplainer['space']
  /** @param outputs by row which answer is explained; the only one where it is left out */
  of(frame: Frame, outputs?: ArrayLike<number>): Promise<LargestReasons>
  close(): Promise<void>
}

/** Contributions that are held at once. */
const mostHeld = 2_000_000
/** A black box is asked thousands of rows for each that is explained. */
const mostBlackBoxRows = 1000

/**
 * @param usual Arrow file of the rows that stand for what is usual
 * @param rows how many will be asked for
 * @param programs a model that is a program may be started
 * @throws WorkbenchError INVALID_INPUT for more rows than a black box can be asked, JOB_FAILED, CANCELLED
 */
export async function openReasons(
  model: { path: string; signature: ModelSignature },
  { usual, rows, count, programs, signal }: { usual: string; rows: number; count: number; programs?: 'allowed'; signal?: AbortSignal }
): Promise<ReasonSource> {
  const { path, signature } = model
  const background = await sampleRows(usual, signature, backgroundRows.auto, signal)
  const explainer = await ModelExplainer.open({ model: path, signature, background, method: 'auto', programs, signal })
  if (explainer.method === 'kernel' && rows > mostBlackBoxRows) {
    await explainer.close()
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The model's file ${explainer.blackBoxReason ?? 'is a black box'}, so each row takes thousands of answers to explain, and there are ${rows.toLocaleString('en')}. Score without --explain, and explain at most ${mostBlackBoxRows.toLocaleString('en')} chosen rows.`
    )
  }
  const features = explainer.features
  const width = explainer.outputs.length
  const kept = Math.min(count, features.length)
  const chunk = Math.max(1, Math.floor(mostHeld / (features.length * width)))
  return {
    ...{ count: kept, method: explainer.method, space: explainer.space },
    async of(frame, outputs) {
      const found: LargestReasons = { names: [], amounts: new Float64Array(frame.rows * kept) }
      for (let from = 0; from < frame.rows; from += chunk) {
        const rowsHere = Uint32Array.from({ length: Math.min(chunk, frame.rows - from) }, (_, row) => from + row)
        const part = rowsHere.length === frame.rows ? frame : selectRows(frame, rowsHere)
        const { contributions } = await explainer.explain(part, signal)
        for (let row = 0; row < part.rows; row++) {
          const output = outputs?.[from + row] ?? 0
          const own = features.map((_, feature) => contributions[(row * features.length + feature) * width + output]!)
          for (const [place, feature] of largest(own, kept).entries()) {
            found.names.push(own[feature] === 0 ? null : features[feature]!)
            found.amounts[(from + row) * kept + place] = own[feature]!
          }
        }
      }
      return found
    },
    close: () => explainer.close()
  }
}

/** Places of the largest by size, the first of equal ones first. */
function largest(own: readonly number[], count: number): number[] {
  const order = own.map((_, at) => at)
  return order.sort((a, b) => Math.abs(own[b]!) - Math.abs(own[a]!) || a - b).slice(0, count)
}
