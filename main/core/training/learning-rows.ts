import type { HoldBack, TrainedModel } from '../../model/training'
import { columnOf, selectRows, type Frame } from '../frames'
import { pickOutcomes, type Outcomes } from '../tasks'
import { holdBack, strataOf } from './held-out'
import type { Objective } from './objective'

/** Rows with their outcomes. */
export interface LabelledRows extends Outcomes {
  frame: Frame
}

/** Trees or rounds of a fit that nothing can stop early, unless their number was asked for. */
const stepsWithoutValidation = 50

/** Parameters of a trainer that grows step by step and can be stopped by rows held back. */
interface Stoppable {
  validationFraction: number
  earlyStoppingRounds: number
}

/**
 * Early stopping and validation rows go together: who turns the one off turns the other off, unless it was asked for too. Rows of a connected
 * table stand in for those that would be held back.
 */
export function settleStopping<P extends Stoppable>(parameters: P, given: unknown, isConnected: boolean, warnings: string[]): P {
  const isGiven = (name: keyof Stoppable): boolean => Object.hasOwn((given ?? {}) as object, name)
  if (isConnected) return { ...parameters, validationFraction: 0 }
  if (parameters.validationFraction === 0 && parameters.earlyStoppingRounds > 0) {
    if (!isGiven('earlyStoppingRounds')) return { ...parameters, earlyStoppingRounds: 0 }
    warnings.push('Early stopping needs validation rows: a tenth of the training rows was held back.')
    return { ...parameters, validationFraction: 0.1 }
  }
  if (parameters.earlyStoppingRounds === 0 && !isGiven('validationFraction')) return { ...parameters, validationFraction: 0 }
  return parameters
}

interface Division<P> {
  training: LabelledRows
  validation: LabelledRows | null
  heldOut: NonNullable<TrainedModel['heldOut']> | null
  parameters: P
}

/**
 * The rows to learn from and those to watch the fit by: the connected ones, or rows held back on the terms of the split. `steps` names the
 * parameter that bounds a fit which nothing stops.
 */
export function divideRows<P extends Stoppable & Record<S, number>, S extends 'trees' | 'rounds' = 'trees'>(
  {
    rows,
    connected,
    terms,
    objective,
    seed,
    given
  }: {
    rows: LabelledRows
    connected: LabelledRows | null
    terms: HoldBack
    objective: Objective
    seed: number
    given?: unknown
  },
  parameters: P,
  warnings: string[],
  steps: S = 'trees' as S
): Division<P> {
  if (connected) return { training: rows, validation: connected, heldOut: { from: 'input' }, parameters }
  const share = parameters.validationFraction
  const usable = usableTerms(terms, rows.frame, warnings)
  const { training, validation } = holdBack(rows.frame, strataOf(rows.labels, objective), share, seed, usable)
  if (validation.length > 0)
    return {
      training: pick(rows, training),
      validation: pick(rows, validation),
      heldOut: { from: 'training table', ...usable },
      parameters
    }
  if (share === 0) return { training: rows, validation: null, heldOut: null, parameters }
  const kept = usable.by === 'random' ? 'rows' : usable.by === 'time' ? `rows later in "${usable.column}"` : `groups of "${usable.column}"`
  const most: number = parameters[steps]
  const limit = parameters.earlyStoppingRounds > 0 && !Object.hasOwn((given ?? {}) as object, steps) ? stepsWithoutValidation : most
  warnings.push(
    `Too few ${kept} of one outcome to hold any back: the model was trained on all rows, without validation and early stopping${limit < most ? `, and with at most ${limit} ${steps}` : ''}.`
  )
  return { training: rows, validation: null, heldOut: null, parameters: { ...parameters, [steps]: Math.min(most, limit) } }
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

const pick = (whole: LabelledRows, rows: Uint32Array): LabelledRows => ({
  frame: selectRows(whole.frame, rows),
  ...pickOutcomes(whole, rows)
})
