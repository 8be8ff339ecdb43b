import type { ModelSignature } from '../../model/training'
import type { FeatureEncoding } from './features'
import { inputNames, labelOutput, probabilityOutput } from './onnx/graph-builder'
import type { Target } from './target'

/** The signature document of a fitted model; `units` by column are optional. */
export function deriveSignature(
  algorithm: string,
  features: readonly FeatureEncoding[],
  target: { name: string } & Pick<Target, 'positive' | 'negatives'>,
  units: Readonly<Record<string, string>>
): ModelSignature {
  const names = inputNames(features.map((feature) => feature.name))
  return {
    schema: 'drydock.model-signature',
    version: 1,
    task: 'binary-classification',
    algorithm,
    target: { name: target.name, positive: target.positive, negatives: target.negatives.slice(0, 100) },
    inputs: features.map((feature, index) => {
      const unit = units[feature.name] ?? (feature.kind === 'timestamp' ? 'seconds since 1970-01-01T00:00:00Z' : undefined)
      const isText = feature.kind === 'category'
      return {
        name: feature.name,
        input: names[index]!,
        kind: feature.kind,
        tensor: isText ? 'string' : 'float',
        ...(unit ? { unit } : {}),
        missing: isText ? 'empty string' : 'NaN',
        missingShare: feature.missingShare,
        ...(feature.min !== null && feature.max !== null ? { range: { min: feature.min, max: feature.max } } : {}),
        ...(isText ? { categories: feature.kept, categoryCount: feature.categoryCount } : {})
      }
    }),
    outputs: [
      {
        name: labelOutput,
        tensor: 'int64',
        shape: '[N]',
        description: `1: ${target.name} is ${JSON.stringify(target.positive)}; 0: it is not`
      },
      { name: probabilityOutput, tensor: 'float', shape: '[N, 2]', description: 'probability of 0 and of 1, in this order' }
    ],
    notes: [
      'Every input has the shape [N, 1]. Pass NaN for a missing number and for an infinite one, the empty string for a missing text.',
      'Numbers are float32: whole numbers are exact up to 16,777,216, points in time to about two minutes.',
      'A text that is not among the categories counts as rare or unknown; for a column without rare texts in training, as missing.'
    ]
  }
}
