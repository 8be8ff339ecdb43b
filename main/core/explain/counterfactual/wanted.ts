import type { WantedAnswer } from '../../../model/counterfactual'
import { expectedCost, type ClassCosts } from '../../../model/class-decision'
import { decidedCosts, thresholdOf } from '../../../model/decision'
import { WorkbenchError } from '../../../model/errors'
import { didYouMean } from '../../../model/near-names'
import { answerNames } from '../../../model/tasks'
import type { ModelSignature } from '../../../model/training'
import { listed } from '../../frames'
import { inWords } from '../narrative'

/** What is asked of an answer. */
export interface Goal {
  wanted: WantedAnswer
  output: string
  place: number
  /** How far an answer (its figures by output) is from what is wanted: at most 0 where it is reached, and the less the nearer. */
  miss(scores: ArrayLike<number>): number
  words: string
}

/**
 * Settles what is wanted: of two outcomes by default the other side of the decision, of several the other class that is next to be decided for.
 * @throws WorkbenchError INVALID_INPUT where no such answer can be
 */
export function goalOf(
  signature: ModelSignature,
  present: ArrayLike<number>,
  asked: WantedAnswer | undefined,
  decidesFrom?: number | null
): Goal {
  const outputs = answerNames(signature)
  const isAmount = signature.task === 'regression'
  if (asked?.output !== undefined && !outputs.includes(asked.output))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The model does not answer "${asked.output}". It answers: ${listed(outputs)}.${didYouMean(asked.output, outputs)}`
    )
  assertBounds(asked, isAmount)
  if (outputs.length > 1) return classGoal(outputs, present, asked, decidedCosts(signature))
  const [output] = outputs as [string]
  const score = present[0]!
  const threshold = isAmount ? undefined : (decidesFrom ?? thresholdOf(signature))
  const bounds = asked?.atLeast !== undefined || asked?.below !== undefined ? asked : undefined
  if (!bounds && threshold === undefined)
    throw new WorkbenchError('INVALID_INPUT', `Say which "${signature.target.name}" is wanted: at least an amount, below one, or both.`)
  const { atLeast, below } = bounds ?? (score < threshold! ? { atLeast: threshold } : { below: threshold })
  const wanted = { ...(atLeast !== undefined && { atLeast }), ...(below !== undefined && { below }) }
  // The answers are in single precision: what is just below a bound is told from it by its figure alone.
  const miss = ({ 0: own }: ArrayLike<number>): number =>
    Math.max(
      atLeast === undefined ? -Infinity : atLeast - own!,
      below === undefined ? -Infinity : own! < below ? own! - below : Math.max(own! - below, Number.MIN_VALUE)
    )
  return { wanted, output, place: 0, miss, words: boundWords(output, isAmount, wanted) }
}

function assertBounds(asked: WantedAnswer | undefined, isAmount: boolean): void {
  const { atLeast, below } = asked ?? {}
  if (atLeast !== undefined && below !== undefined && atLeast >= below)
    throw new WorkbenchError('INVALID_INPUT', `No answer is at least ${atLeast} and below ${below}. Exchange the two.`)
  if (isAmount) return
  for (const each of [atLeast, below])
    if (each !== undefined && !(each >= 0 && each <= 1))
      throw new WorkbenchError('INVALID_INPUT', `${each} is no probability. Give one from 0 to 1.`)
}

/** @param costs of the decisions; null where the likeliest class is decided for */
function classGoal(
  outputs: readonly string[],
  present: ArrayLike<number>,
  asked: WantedAnswer | undefined,
  costs: ClassCosts | null
): Goal {
  // What each class has for it, the most of which is decided for.
  const worthOf = (scores: ArrayLike<number>, place: number): number => (costs ? -expectedCost(scores, 0, costs, place) : scores[place]!)
  const order = outputs.map((_, place) => place).sort((a, b) => worthOf(present, b) - worthOf(present, a) || a - b)
  const place = asked?.output === undefined ? order[1]! : outputs.indexOf(asked.output)
  const output = outputs[place]!
  const { atLeast, below } = asked ?? {}
  const wanted = { output, ...(atLeast !== undefined && { atLeast }), ...(below !== undefined && { below }) }
  if (atLeast !== undefined || below !== undefined) {
    const miss = (scores: ArrayLike<number>): number =>
      Math.max(
        (atLeast ?? -Infinity) - scores[place]!,
        below === undefined
          ? -Infinity
          : scores[place]! < below
            ? scores[place]! - below
            : Math.max(scores[place]! - below, Number.MIN_VALUE)
      )
    return { wanted, output, place, miss, words: boundWords(output, false, wanted) }
  }
  const miss = (scores: ArrayLike<number>): number => {
    let most = -Infinity
    for (let at = 0; at < outputs.length; at++) if (at !== place) most = Math.max(most, worthOf(scores, at))
    const own = worthOf(scores, place)
    // A tie goes to the first class, as where the label is told.
    return most === own ? Number.MIN_VALUE : most - own
  }
  return { wanted, output, place, miss, words: `"${output}" as the ${costs ? 'class of least expected cost' : 'likeliest class'}` }
}

function boundWords(output: string, isAmount: boolean, { atLeast, below }: WantedAnswer): string {
  const what = isAmount ? `"${output}"` : `a probability of "${output}"`
  const bounds = [
    ...(atLeast === undefined ? [] : [`at least ${inWords(atLeast)}`]),
    ...(below === undefined ? [] : [`below ${inWords(below)}`])
  ]
  return `${what} ${bounds.join(' and ')}`
}
