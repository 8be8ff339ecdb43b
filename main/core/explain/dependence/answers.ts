import type { DependenceScale } from '../../../model/dependence'
import type { Frame } from '../../frames'
import type { ModelExplainer } from '../model-explainer'
import type { Space } from '../spaces'

/** Answers to rows, row-major, by scale. */
export type Answers = Partial<Record<DependenceScale, Float64Array>>

/** Nearest to 0 and 1 that a probability in single precision is told from them. */
const least = 2 ** -24

/** What asks the exported file for its answers and for the margins behind them. */
export interface Asking {
  outputs: readonly string[]
  answer: Space
  /** Null where a margin is not told apart from the answer. */
  margin: Space | null
  ask(frame: Frame, signal?: AbortSignal): Promise<Answers>
}

/**
 * Answers and margins of an explainer. A file that is read as trees and sums has its own margins; of one that only answers, a margin is the
 * log-odds of the answered probability, or the logarithm of a class's, less the mean over the classes.
 */
export function askingOf(explainer: ModelExplainer): Asking {
  const { outputs } = explainer
  const isAmount = explainer.answerSpace === 'amount'
  const isOwn = explainer.method !== 'kernel'
  const margin: Space | null = isOwn
    ? explainer.space === explainer.answerSpace
      ? null
      : explainer.space
    : isAmount
      ? null
      : outputs.length === 1
        ? 'log-odds'
        : 'class-score'
  return {
    outputs,
    answer: explainer.answerSpace,
    margin,
    async ask(frame, signal) {
      if (margin === null) return { answer: await explainer.score(frame, signal) }
      const { scores, margins } = await explainer.answers(frame, signal)
      return { answer: scores, margin: margins ?? fromProbabilities(scores, outputs.length) }
    }
  }
}

function fromProbabilities(answers: Float64Array, width: number): Float64Array {
  const within = answers.map((each) => Math.min(1 - least, Math.max(least, each)))
  if (width === 1) return within.map((each) => Math.log(each / (1 - each)))
  const margins = within.map((each) => Math.log(each))
  for (let row = 0; row < margins.length; row += width) {
    const own = margins.subarray(row, row + width)
    const mean = own.reduce((sum, each) => sum + each, 0) / width
    own.forEach((_, at) => (own[at]! -= mean))
  }
  return margins
}
