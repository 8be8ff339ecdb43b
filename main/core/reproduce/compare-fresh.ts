import type { ReproductionDifference, Reproduction } from '../../model/reproduction'
import type { RunDetail } from '../../model/run'
import type { Sha256 } from '../../model/reference'
import { metricDefinition } from '../../model/tasks'
import type { TrainedModel } from '../../model/training'
import { firstDifference } from './first-difference'

/** A run with the files that tell what its model is and answers. */
export interface ComparedRun {
  detail: Pick<RunDetail, 'inputs' | 'artifacts' | 'metrics' | 'environment'>
  training: Pick<TrainedModel, 'modelDigest'> | null
  /** Null for a file that is not at hand. */
  pathOf(sha256: Sha256): string | null
}

type Compared = Pick<Reproduction, 'differences' | 'compared' | 'leftOut' | 'environment'>

const ofMachine = new Set(['seconds', 'bytes', 'rows/s'])
const isOfMachine = (metric: string): boolean => ofMachine.has(metricDefinition(metric)?.unit ?? 'none')
/**
 * A model that a step before made, from which this one was settled: the record beside it says how long that took, so no second one is equal. What
 * became of it is compared, and the signature names the graph before by its digest.
 */
const isTimed = (role: string): boolean => role === 'model'
/** How the comparison calls the model. */
const ofModel = ['model digest', 'model.onnx']
const artifactOf = ({ artifacts }: ComparedRun['detail'], kind: string): Sha256 | undefined =>
  artifacts.find((artifact) => artifact.kind === kind)?.sha256

/** Holds a fresh run against its record: inputs, model, every metric that is not of the machine, and the score of each judged row. */
export async function compareFresh(recorded: ComparedRun, fresh: ComparedRun): Promise<Compared> {
  const differences: ReproductionDifference[] = []
  const compared: string[] = []
  const hold = (what: string, before: string | null | undefined, now: string | null | undefined): boolean => {
    if (before === undefined || before === null) return true
    compared.push(what)
    if (before === now) return true
    differences.push({ what, recorded: before, fresh: now ?? null })
    return false
  }
  for (const { role, sha256, name } of recorded.detail.inputs)
    if (!isTimed(role)) hold(`input ${role} (${name})`, sha256, fresh.detail.inputs.find((input) => input.role === role)?.sha256)
  hold('model digest', recorded.training?.modelDigest, fresh.training?.modelDigest)
  hold('model.onnx', artifactOf(recorded.detail, 'model'), artifactOf(fresh.detail, 'model'))
  hold('signature.json', artifactOf(recorded.detail, 'signature'), artifactOf(fresh.detail, 'signature'))
  const names = Object.keys({ ...recorded.detail.metrics, ...fresh.detail.metrics }).sort()
  for (const name of names) {
    if (isOfMachine(name)) continue
    const [before, now] = [recorded, fresh].map(({ detail }) => detail.metrics[name])
    compared.push(`metric ${name}`)
    if (metricText(before) !== metricText(now))
      differences.push({ what: `metric ${name}`, recorded: metricText(before), fresh: metricText(now) })
  }
  const scores = [recorded, fresh].map(({ detail }) => artifactOf(detail, 'row-scores'))
  if (!hold('row scores', scores[0], scores[1]) && scores[0] !== undefined && scores[1] !== undefined) {
    const [then, now] = [recorded.pathOf(scores[0]), fresh.pathOf(scores[1])]
    if (then !== null && now !== null) differences.at(-1)!.detail = await firstDifference(then, now)
  }
  return { differences, compared, leftOut: names.filter(isOfMachine), environment: environmentOf(recorded.detail, fresh.detail) }
}

/** Nothing differs, and a model is among what was compared: figures alone do not say that it is the same. */
export const isSame = ({ differences, compared }: Pick<Compared, 'differences' | 'compared'>): boolean =>
  differences.length === 0 && ofModel.some((what) => compared.includes(what))

/** Value and bounds to the last digit. */
const metricText = (metric: RunDetail['metrics'][string] | undefined): string | null =>
  metric === undefined ? null : metric.low === null ? String(metric.value) : `${metric.value} (${metric.low} to ${metric.high})`

function environmentOf(
  { environment: before }: ComparedRun['detail'],
  { environment: now }: ComparedRun['detail']
): Compared['environment'] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort()
  return keys.flatMap((key) => (before[key] === now[key] ? [] : [{ key, recorded: before[key] ?? null, fresh: now[key] ?? null }]))
}
