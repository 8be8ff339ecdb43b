import type { ConstrainedRate, Costs, DecisionRule } from '../../model/decision'
import { WorkbenchError } from '../../model/errors'

/** What a model stated for rows with known outcomes. */
export interface StatedRows {
  /** Probability of the event, single precision. */
  scores: Float64Array
  /** 1 for the event. */
  labels: ArrayLike<number>
  weights: Float64Array | null
}

/** The weight of the rows on each side of a threshold: `found` and `falseAlarm` are chosen, `missed` and `left` are not. */
export interface Counts {
  found: number
  falseAlarm: number
  missed: number
  left: number
}

export interface Cut extends Counts {
  threshold: number
  /** Lowest score that is chosen; infinite where none is. */
  lowest: number
}

/**
 * Every way to part the rows by a threshold, from the fewest chosen on. A threshold lies halfway between the scores of neighbouring rows, so
 * that the last digit of a runtime moves no row.
 */
export function cutsOf({ scores, labels, weights }: StatedRows): Cut[] {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[b]! - scores[a]!)
  const weightOf = (row: number): number => weights?.[row] ?? 1
  let [missed, left, found, falseAlarm] = [0, 0, 0, 0]
  for (const row of order) {
    if (labels[row] === 1) missed += weightOf(row)
    else left += weightOf(row)
  }
  const cuts: Cut[] = []
  // Nothing is above 1, so rows with a certain score are chosen by every threshold.
  if (scores[order[0]!]! < 1) cuts.push({ threshold: 1, lowest: Infinity, found, falseAlarm, missed, left })
  order.forEach((row, at) => {
    const weight = weightOf(row)
    if (labels[row] === 1) {
      found += weight
      missed -= weight
    } else {
      falseAlarm += weight
      left -= weight
    }
    const next = order[at + 1]
    const lowest = scores[row]!
    // Decimal weights do not always leave a zero of what is taken away.
    const rest = { missed: Math.max(0, missed), left: Math.max(0, left) }
    if (next === undefined) cuts.push({ threshold: 0, lowest, found, falseAlarm, missed: 0, left: 0 })
    else if (scores[next] !== lowest) cuts.push({ threshold: between(scores[next]!, lowest), lowest, found, falseAlarm, ...rest })
  })
  return cuts
}

/** A single-precision number above `low` and at most `high`: their middle where there is one between them. */
function between(low: number, high: number): number {
  const middle = Math.fround((low + high) / 2)
  return middle > low ? middle : high
}

/** What a named threshold does: where it lies between two scores, the rows of the higher one are chosen. */
export function cutAt(cuts: readonly Cut[], threshold: number): Cut {
  // Where no cut leaves out all rows, the first one chooses those with a certain score, as every threshold does.
  return { ...cuts.findLast((cut) => cut.lowest >= threshold)!, threshold }
}

const mostPoints = 200
const thin = (cuts: readonly Cut[]): Cut[] =>
  cuts.length <= mostPoints
    ? [...cuts]
    : Array.from({ length: mostPoints }, (_, at) => cuts[Math.round((at * (cuts.length - 1)) / (mostPoints - 1))]!)

/**
 * The cuts as a curve is drawn of them, from the highest threshold down, with one at each threshold that people ask about: what it does need not be
 * what the nearest cut does.
 */
export const curveOf = (cuts: readonly Cut[], asked: readonly number[]): Cut[] =>
  [
    ...thin(cuts).filter(({ threshold }) => !asked.includes(threshold)),
    ...[...new Set(asked)].map((threshold) => cutAt(cuts, threshold))
  ].sort((a, b) => b.threshold - a.threshold)

const all = ({ found, falseAlarm, missed, left }: Counts): number => found + falseAlarm + missed + left
export const selectionOf = (cut: Counts): number => (cut.found + cut.falseAlarm) / all(cut)
export const costOf = (cut: Counts, costs: Costs): number =>
  (cut.found * costs.found + cut.falseAlarm * costs.falseAlarm + cut.missed * costs.missed + cut.left * costs.left) / all(cut)

/** Null where there is nothing to divide by. */
export function rateOf(cut: Counts, rate: ConstrainedRate): number | null {
  const parts = {
    recall: [cut.found, cut.missed],
    precision: [cut.found, cut.falseAlarm],
    specificity: [cut.left, cut.falseAlarm]
  }[rate]
  const whole = parts[0]! + parts[1]!
  return whole > 0 ? parts[0]! / whole : null
}

/** What is made as good as possible where a rate is held. */
const against: Record<ConstrainedRate, ConstrainedRate> = { recall: 'precision', precision: 'recall', specificity: 'recall' }
/** Sums of weights are held to this, so that a share that is exactly met counts as met. */
const slack = 1e-12

/**
 * The threshold that a rule asks for; of equally good ones the one that chooses fewest rows.
 * @throws WorkbenchError INVALID_INPUT for a rule that no threshold meets, with the nearest that one comes
 */
export function chooseThreshold(rule: Exclude<DecisionRule, { by: 'given' }>, cuts: readonly Cut[]): Cut {
  if (rule.by === 'cost') {
    assertWorthwhile(rule.costs)
    return best(cuts, (cut) => -costOf(cut, rule.costs))!
  }
  if (rule.by === 'capacity') {
    if (rule.rows >= rule.of)
      throw refusal(
        `The capacity of ${rule.rows} is not below the ${rule.of} rows that it is for, so all of them can be chosen and no threshold is needed. Give a smaller capacity, or say with "of" how many rows a period brings.`
      )
    const held = cuts.filter((cut) => selectionOf(cut) <= rule.rows / rule.of + slack)
    // The last is the one that chooses most.
    const most = held.at(-1)
    if (most && most.found + most.falseAlarm > 0) return most
    const fewest = cuts.find((cut) => cut.found + cut.falseAlarm > 0)!
    throw refusal(
      `The highest score belongs to ${percent(selectionOf(fewest))} of the rows, and the capacity of ${rule.rows} of ${rule.of} is ${percent(rule.rows / rule.of)}. The model tells these rows not apart: take more capacity, or a model with finer scores.`
    )
  }
  const { rate, atLeast } = rule
  const held = cuts.filter((cut) => (rateOf(cut, rate) ?? -1) >= atLeast - slack)
  const found = best(held, (cut) => rateOf(cut, against[rate]) ?? -1)
  if (found) return found
  const nearest = best(cuts, (cut) => rateOf(cut, rate) ?? -1)!
  throw refusal(
    `No threshold has a ${rate} of at least ${percent(atLeast)} on these rows. The best possible is ${percent(rateOf(nearest, rate) ?? 0)}, at ${nearest.threshold.toPrecision(4)}. Ask for less, or train a better model.`
  )
}

function best(cuts: readonly Cut[], worth: (cut: Cut) => number): Cut | undefined {
  let chosen: Cut | undefined
  for (const cut of cuts) if (!chosen || worth(cut) > worth(chosen) + slack) chosen = cut
  return chosen
}

function assertWorthwhile({ falseAlarm, missed, found, left }: Costs): void {
  if (missed <= found)
    throw refusal(`A missed event costs ${missed} and a found one ${found}, so finding none would be best. Correct the costs.`)
  if (falseAlarm <= left)
    throw refusal(`A false alarm costs ${falseAlarm} and a row that is left ${left}, so choosing all would be best. Correct the costs.`)
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(4))}%`
const refusal = (message: string): WorkbenchError => new WorkbenchError('INVALID_INPUT', message)

/** The threshold of least expected cost where probabilities can be taken at their word (Elkan 2001). */
export const byProbabilities = ({ falseAlarm, missed, found, left }: Costs): number =>
  (falseAlarm - left) / (falseAlarm - left + missed - found)
