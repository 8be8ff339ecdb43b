import type { ModelSignature } from '../../model/training'
import type { OutcomeDescription } from '../tasks'
import type { FeatureEncoding } from './features'
import { inputNames, labelOutput, predictionOutput, probabilityOutput } from './onnx/graph-builder'

/** The signature document of a fitted model; `units` by column are optional. */
export function deriveSignature(
  algorithm: string,
  features: readonly FeatureEncoding[],
  outcome: OutcomeDescription,
  width: number,
  units: Readonly<Record<string, string>>
): ModelSignature {
  const names = inputNames(features.map((feature) => feature.name))
  return {
    schema: 'drydock.model-signature',
    version: 1,
    task: outcome.task,
    algorithm,
    target: outcome.target,
    inputs: features.map((feature, index) => {
      const unit = units[feature.name] ?? (feature.kind === 'timestamp' ? 'seconds since 1970-01-01T00:00:00Z' : undefined)
      const isText = feature.kind === 'category'
      return {
        name: feature.name,
        input: names[index]!,
        kind: feature.kind,
        tensor: isText ? 'string' : feature.precision === 'double' ? 'double' : 'float',
        ...(unit ? { unit } : {}),
        missing: isText ? 'empty string' : 'NaN',
        missingShare: feature.missingShare,
        ...(feature.min !== null && feature.max !== null ? { range: { min: feature.min, max: feature.max } } : {}),
        ...(isText ? { categories: feature.kept, categoryCount: feature.categoryCount } : {}),
        ...(isText && feature.hasOther && feature.rareShare !== undefined
          ? {
              unlisted: feature.categoryCount > feature.kept.length ? ('rare' as const) : ('average' as const),
              unlistedShare: feature.rareShare
            }
          : {})
      }
    }),
    outputs: outputsOf(outcome, width),
    notes: [
      'Every input has the shape [N, 1]. Pass NaN for a missing number and for an infinite one, the empty string for a missing text.',
      'Numbers of a float tensor are float32: whole numbers are exact up to 16,777,216, points in time to about two minutes. A double tensor takes them as they are.',
      'A text that is not among the categories counts as what "unlisted" of the input says: a rare one, or the average row that has a text.'
    ]
  } as ModelSignature
}

/** The outputs that the graph ends in: an amount, or a label and as many probabilities as there are outcomes. */
function outputsOf({ label = '', probability = '', prediction }: OutcomeDescription, width: number): ModelSignature['outputs'] {
  if (prediction !== undefined) return [{ name: predictionOutput, tensor: 'float', shape: '[N, 1]', description: prediction }]
  return [
    { name: labelOutput, tensor: 'int64', shape: '[N]', description: label },
    { name: probabilityOutput, tensor: 'float', shape: `[N, ${Math.max(2, width)}]`, description: probability }
  ]
}
