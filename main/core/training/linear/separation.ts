import { listed } from '../../frames'
import { widthOf } from '../objective'
import type { DesignBlock } from './design'
import type { Fitted } from './fitted'

export interface Separation {
  /** Whether some weights put every row on the side of its outcome, so that larger ones are always better. */
  isComplete: boolean
  /** Indexes of single weights that have no finite best value. */
  weights: ReadonlySet<number>
  /** What to say of it, with the next step. */
  findings: string[]
}

const none: Separation = { isComplete: false, weights: new Set(), findings: [] }
const advice = 'Give the fit a penalty, or leave the column out if it holds the outcome in another form.'

/**
 * Outcomes that follow from columns, which leave a fit without a penalty no best weights (Albert and Anderson 1984): of all rows together, of
 * a single column whose values part the outcomes, and of texts and marks whose rows have one outcome only.
 */
export function findSeparation(fitted: Fitted, margins: Float64Array): Separation {
  const { objective, settings } = fitted
  if (settings.penalty > 0 || objective.name === 'squared' || objective.name === 'gamma') return none
  const found = fitted.design.blocks.map((block) => endlessWeights(fitted, block))
  const weights = new Set(found.flat())
  const names = fitted.encodings.flatMap(({ name }, index) => (found[index]!.length > 0 ? [name] : []))
  if (objective.name === 'poisson') {
    const finding = `Every count is zero for a text, or for the missing values, of ${listed(names)}: without a penalty its rate ratio has no finite value. ${advice}`
    return { isComplete: false, weights, findings: names.length > 0 ? [finding] : [] }
  }
  const isComplete = isParted(fitted, margins)
  const columns = names.length > 0 ? `${listed(names)} ${names.length === 1 ? 'parts' : 'part'} rows by their outcome` : null
  if (isComplete)
    return {
      isComplete,
      weights,
      findings: [
        `The outcome of every training row follows from the columns (perfect separation)${columns ? `; ${columns}` : ''}. Without a penalty the weights grow without end, and where they stop says nothing. ${advice}`
      ]
    }
  const findings = columns
    ? [`${columns}: without a penalty their weights have no finite value, and where they stop says nothing. ${advice}`]
    : []
  return { isComplete, weights, findings }
}

/** Whether the margin of its own class is the largest in every row that counts. */
function isParted({ objective, design: { rows }, target: { labels }, weights }: Fitted, margins: Float64Array): boolean {
  for (let row = 0; row < rows; row++) {
    if (weights[row] === 0) continue
    if (objective.name === 'logistic') {
      if (!(labels[row] ? margins[row]! > 0 : margins[row]! < 0)) return false
      continue
    }
    const own = margins[labels[row]! * rows + row]!
    for (let at = row, k = 0; at < margins.length; at += rows, k++) if (k !== labels[row] && !(margins[at]! < own)) return false
  }
  return true
}

/** Indexes of the weights of a block that grow without end. */
function endlessWeights(fitted: Fitted, block: DesignBlock): number[] {
  const { objective, weights, target } = fitted
  if ('codes' in block)
    return Array.from({ length: block.weights }, (_, code) => code).flatMap(oneSided(fitted, block.codes, block.weights, block.at))
  const { missing, values } = block
  const mark = missing ? oneSided(fitted, missing, 2, block.at)(1) : []
  const isHeld = (row: number): boolean => weights[row]! > 0 && !missing?.[row]
  return objective.name === 'logistic' && partsOutcomes(values, target.labels, isHeld) ? [block.at, ...mark] : mark
}

/** For a code the weights, of the outputs that they hold, whose outcome its rows never have: of two outcomes one, of counts any. */
function oneSided(
  { objective, design, weights, target: { labels } }: Fitted,
  codes: Uint32Array | Uint8Array,
  count: number,
  at: number
): (code: number) => number[] {
  const outcomes = objective.name === 'softmax' ? widthOf(objective) : 2
  const tally = new Float64Array(count * outcomes)
  for (let row = 0; row < codes.length; row++) {
    const outcome = objective.name === 'softmax' ? labels[row]! : Number(labels[row]! > 0)
    tally[codes[row]! * outcomes + outcome]! += weights[row]!
  }
  return (code) => {
    const own = tally.subarray(code * outcomes, (code + 1) * outcomes)
    if (own.every((weight) => weight === 0)) return []
    if (objective.name === 'poisson') return own[1] === 0 ? [at + code] : []
    if (objective.name === 'logistic') return own.includes(0) ? [at + code] : []
    return [...own.keys()].filter((k) => own[k] === 0).map((k) => k * design.size + at + code)
  }
}

/** Whether no value of one outcome lies among those of the other; they may touch. A column of one value parts nothing. */
function partsOutcomes(values: Float64Array, labels: ArrayLike<number>, isHeld: (row: number) => boolean): boolean {
  const ends = [
    { low: Infinity, high: -Infinity },
    { low: Infinity, high: -Infinity }
  ]
  for (let row = 0; row < values.length; row++) {
    if (!isHeld(row)) continue
    const own = ends[labels[row]!]!
    own.low = Math.min(own.low, values[row]!)
    own.high = Math.max(own.high, values[row]!)
  }
  const [no, yes] = ends as [(typeof ends)[0], (typeof ends)[0]]
  if (no.low > no.high || yes.low > yes.high) return false
  return Math.min(no.low, yes.low) < Math.max(no.high, yes.high) && (no.high <= yes.low || yes.high <= no.low)
}
