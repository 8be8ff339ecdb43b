import { z } from 'zod'
import { Sha256 } from './reference'

/**
 * How probabilities were corrected, as a signature says it. The exported graph gives the corrected ones; explanations stay about the margin
 * before. A class at a time with what they add up to as 1 (Zadrozny and Elkan 2002), or all classes by one temperature (Guo et al. 2017).
 */
export const calibrationMethods = {
  isotonic: 'isotonic regression',
  platt: 'Platt scaling',
  beta: 'beta calibration',
  temperature: 'temperature scaling'
} as const
export type CalibrationMethod = keyof typeof calibrationMethods
export const calibrationMethodSchema = z.enum(Object.keys(calibrationMethods) as [CalibrationMethod, ...CalibrationMethod[]])

/** Rows that something was chosen on: how many, and the SHA-256 of their table. A model is not judged independently on them any more. */
export const chosenOn = { rows: z.int().min(1), table: Sha256 }

/** What a signature says of it. */
export const signedCalibrationSchema = z.object({
  method: calibrationMethodSchema,
  ...chosenOn,
  /** The model.onnx before it. */
  original: Sha256
})
export type SignedCalibration = z.infer<typeof signedCalibrationSchema>
