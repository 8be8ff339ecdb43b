import type { GradientBoostingParameters, HoldBack, TrainedModel } from '../../model/training'
import { columnOf, selectRows, type Frame } from '../frames'
import { holdBack } from './held-out'

/** Rows with their outcomes: labels 0 or 1. */
export interface LabelledRows {
  frame: Frame
  labels: Uint8Array
}

/** Trees of a fit that nothing can stop early, unless their number was asked for. */
const treesWithoutValidation = 50

/**
 * Early stopping and validation rows go together: who turns the one off turns the other off, unless it was asked for too. Rows of a connected
 * table stand in for those that would be held back.
 */
export function settleStopping(
  parameters: GradientBoostingParameters,
  given: unknown,
  isConnected: boolean,
  warnings: string[]
): GradientBoostingParameters {
  const isGiven = (name: keyof GradientBoostingParameters): boolean => Object.hasOwn((given ?? {}) as object, name)
  if (isConnected) return { ...parameters, validationFraction: 0 }
  if (parameters.validationFraction === 0 && parameters.earlyStoppingRounds > 0) {
    if (!isGiven('earlyStoppingRounds')) return { ...parameters, earlyStoppingRounds: 0 }
    warnings.push('Early stopping needs validation rows: a tenth of the training rows was held back.')
    return { ...parameters, validationFraction: 0.1 }
  }
  if (parameters.earlyStoppingRounds === 0 && !isGiven('validationFraction')) return { ...parameters, validationFraction: 0 }
  return parameters
}

interface Division {
  training: LabelledRows
  validation: LabelledRows | null
  heldOut: NonNullable<TrainedModel['heldOut']> | null
  parameters: GradientBoostingParameters
}

/** The rows to learn from and those to watch the fit by: the connected ones, or rows held back on the terms of the split. */
export function divideRows(
  {
    rows,
    connected,
    terms,
    seed,
    given
  }: { rows: LabelledRows; connected: LabelledRows | null; terms: HoldBack; seed: number; given?: unknown },
  parameters: GradientBoostingParameters,
  warnings: string[]
): Division {
  if (connected) return { training: rows, validation: connected, heldOut: { from: 'input' }, parameters }
  const share = parameters.validationFraction
  const usable = usableTerms(terms, rows.frame, warnings)
  const { training, validation } = holdBack(rows.frame, rows.labels, share, seed, usable)
  if (validation.length > 0)
    return {
      training: pick(rows, training),
      validation: pick(rows, validation),
      heldOut: { from: 'training table', ...usable },
      parameters
    }
  if (share === 0) return { training: rows, validation: null, heldOut: null, parameters }
  const kept = usable.by === 'random' ? 'rows' : usable.by === 'time' ? `rows later in "${usable.column}"` : `groups of "${usable.column}"`
  const limit =
    parameters.earlyStoppingRounds > 0 && !Object.hasOwn((given ?? {}) as object, 'trees') ? treesWithoutValidation : parameters.trees
  warnings.push(
    `Too few ${kept} of one outcome to hold any back: the model was trained on all rows, without validation and early stopping${limit < parameters.trees ? `, and with at most ${limit} trees` : ''}.`
  )
  return { training: rows, validation: null, heldOut: null, parameters: { ...parameters, trees: Math.min(parameters.trees, limit) } }
}

/** Terms that this table can keep; where it cannot, random rows are held back, and a warning says what that means. */
function usableTerms(terms: HoldBack, frame: Frame, warnings: string[]): HoldBack {
  const { by, column } = terms
  if (by === 'random' || column === null) return { by: 'random', column: null }
  const why = !frame.columns.has(column)
    ? 'is not in the training table'
    : by === 'time' && columnOf(frame, column).kind === 'category'
      ? 'is text, which has no order in time'
      : null
  if (why === null) return terms
  warnings.push(
    `The rows were divided by ${by}, but "${column}" ${why}. Random rows were held back to stop the training, so it may have stopped too late. Connect the validation part of the split.`
  )
  return { by: 'random', column: null }
}

const pick = ({ frame, labels }: LabelledRows, rows: Uint32Array): LabelledRows => ({
  frame: selectRows(frame, rows),
  labels: Uint8Array.from(rows, (row) => labels[row]!)
})
