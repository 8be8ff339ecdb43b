import type { ModelSignature, SignatureInput } from '../../model/training'
import { listValues, usualTask, type TargetValue } from '../../model/tasks'
import { columnOf, type Frame } from '../frames'
import type { OnnxFile } from '../onnx-file'
import type { AdaptedInput } from './adapt'
import { isEmpty } from './assign-columns'
import type { Outcome } from './settle-outcome'

/** More different texts than that say nothing of what a model tells apart. */
const mostCategories = 1000

/** The classes in the order of the contract (of two the event is the second) and for each its place among the scores. */
export function orderClasses(
  { task, classes }: Outcome,
  name: string,
  event: TargetValue | undefined
): { target: Record<string, unknown>; classes: TargetValue[] | null; order: number[] } {
  if (classes === null) return { target: { name, objective: 'squared' }, classes: null, order: [] }
  if (task !== 'binary') return { target: { name, classes }, classes, order: classes.map((_, place) => place) }
  const chosen = event === undefined ? usualTask.event.infer(name, classes) : classes.find((value) => String(value) === String(event))
  if (chosen === undefined) return { target: {}, classes: [], order: [] }
  const place = classes.indexOf(chosen)
  return {
    target: usualTask.event.target(name, chosen, classes),
    classes: [classes[1 - place]!, chosen],
    order: [1 - place, place]
  }
}

/** The signature of a model that was made elsewhere, as graph and data tell it. Ranges and categories are those of the rows at hand. */
export function draftSignature(
  { operators, producer, producerVersion }: { operators: readonly string[] } & Pick<OnnxFile, 'producer' | 'producerVersion'>,
  frame: Frame,
  inputs: readonly AdaptedInput[],
  outcome: Outcome,
  ordered: ReturnType<typeof orderClasses>
): ModelSignature {
  const { classes } = ordered
  const isBinary = outcome.task === 'binary'
  const taskNames: Record<string, string> = {
    binary: 'binary-classification',
    multiclass: 'multiclass-classification',
    regression: 'regression'
  }
  return {
    schema: 'drydock.model-signature',
    version: 1,
    task: taskNames[outcome.task],
    algorithm: `${operators.join(' and ') || 'ONNX'}${producer ? ` by ${producer} ${producerVersion}`.trimEnd() : ''}`,
    target: ordered.target,
    inputs: inputs.map((input) => describeInput(frame, input)),
    outputs: classes
      ? [
          {
            name: 'label',
            tensor: 'int64',
            shape: '[N]',
            description: isBinary
              ? `1: ${listValues(classes.slice(1))}, cut at a probability of 0.5`
              : `place of the most probable class: ${listValues(classes)}`
          },
          { name: 'probabilities', tensor: 'float', shape: `[N, ${classes.length}]`, description: `probability of ${listValues(classes)}` }
        ]
      : [{ name: 'prediction', tensor: 'float', shape: '[N, 1]', description: 'predicted amount' }],
    notes: [
      'This model was made elsewhere; the signature was drafted from its graph and from rows. Ranges and categories are those of these rows.',
      ...(inputs.some(({ isWhole }) => isWhole)
        ? [`Without a value for ${listValues(inputs.filter(({ isWhole }) => isWhole).map(({ column }) => column))} a row gets no score.`]
        : [])
    ]
  } as ModelSignature
}

/** Operators that a model of its kind is named after; the largest tell most. */
export function operatorsOf({ graph }: OnnxFile): string[] {
  const own = graph.nodes.filter(({ operator, domain }) => domain === 'ai.onnx.ml' && /Classifier|Regressor|TreeEnsemble/.test(operator))
  return [...new Set(own.map(({ operator }) => operator))]
}

function describeInput(frame: Frame, { column: name, input, tensor }: AdaptedInput): SignatureInput {
  const column = columnOf(frame, name)
  if (column.kind === 'category' && tensor === 'string') {
    const counts = new Map<number, number>()
    for (const code of column.codes) if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1)
    const listed = [...counts].sort(([a, x], [b, y]) => y - x || a - b).map(([code]) => column.categories[code]!)
    const missing = column.codes.filter((code) => code < 0).length
    return {
      name,
      input,
      kind: 'category',
      tensor,
      missing: 'empty string',
      missingShare: frame.rows ? missing / frame.rows : 0,
      ...(listed.length > 0 && listed.length <= mostCategories ? { categories: listed } : {})
    }
  }
  const values = column.kind === 'category' ? new Float64Array(frame.rows).fill(NaN) : column.values
  const range = { min: Infinity, max: -Infinity }
  let missing = 0
  for (const value of values) {
    if (Number.isNaN(value)) missing++
    else {
      range.min = Math.min(range.min, value)
      range.max = Math.max(range.max, value)
    }
  }
  return {
    name,
    input,
    kind: tensor === 'string' ? 'category' : column.kind === 'category' ? 'number' : column.kind,
    tensor,
    ...(column.kind === 'timestamp' ? { unit: 'seconds since 1970-01-01T00:00:00Z' } : {}),
    missing: tensor === 'string' ? 'empty string' : 'NaN',
    missingShare: frame.rows ? missing / frame.rows : 0,
    ...(isEmpty(frame, name) ? {} : { range })
  }
}
