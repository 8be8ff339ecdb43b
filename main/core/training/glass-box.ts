import type { GlassBox } from '../../model/glass-box'
import type { ModelSignature } from '../../model/training'
import { objectiveOf, parseNativeModel } from './native-model'
import { trainers } from './trainers'

/**
 * The whole model as people read it, from the text of model.json and the signature beside it; null for a model that has no such form.
 * @throws WorkbenchError INVALID_INPUT where the text is no model
 */
export function glassBoxOf(modelJson: string, { target, ...signature }: ModelSignature): GlassBox | null {
  const native = parseNativeModel(modelJson, 'The kept model.json')
  const drawn = trainers[native.algorithm].glassBox?.(native.model, native.features, objectiveOf(native), target)
  return drawn ? { ...drawn, ...('calibration' in signature && signature.calibration && { calibrated: true as const }) } : null
}
