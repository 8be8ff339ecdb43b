import type { Evaluation } from '../../model/evaluation'
import type { Sha256 } from '../../model/reference'
import { reproductionRecordFile, type ReproductionRecord } from '../../model/reproduction-record'
import { runMetricsOf } from '../../model/run-metrics'

const short = (sha256: Sha256): string => sha256.slice(0, 8)

/**
 * Says why the record to do a run again from is not about what the bundle encloses, one sentence each; none where it is. A fresh run is held
 * against the record alone, so what it says has to be what the enclosed files are.
 */
export function findUnboundRecord(
  { found }: Pick<ReproductionRecord, 'found'>,
  evaluation: Evaluation | undefined,
  digestOf: (name: string) => Sha256 | undefined
): string[] {
  const recorded = (kind: ReproductionRecord['found']['artifacts'][number]['kind']): Sha256 | undefined =>
    found.artifacts.find((artifact) => artifact.kind === kind)?.sha256
  const enclosed = [
    ['model', recorded('model'), digestOf('model/model.onnx') ?? digestOf('model/scorer.json'), 'the enclosed one is'],
    ['signature', recorded('signature'), digestOf('model/signature.json'), 'the enclosed one is'],
    // Evaluations before the scores of rows were kept name none.
    ['row scores', recorded('row-scores'), evaluation?.rowScores?.sha256 ?? recorded('row-scores'), 'the evaluation names']
  ] as const
  const named = (digest: Sha256 | undefined): string => (digest === undefined ? 'none' : short(digest))
  const reasons = enclosed.flatMap(([what, then, now, here]) =>
    then === now ? [] : [`${reproductionRecordFile} names the ${what} ${named(then)}, but ${here} ${named(now)}.`]
  )
  for (const [metric, { value }] of Object.entries(evaluation ? runMetricsOf(evaluation) : {})) {
    const then = found.metrics[metric]?.value
    if (Number.isFinite(value) && Number.isFinite(then) && value !== then)
      reasons.push(`${reproductionRecordFile} has ${metric} ${then}, but the evaluation has ${value}.`)
  }
  return reasons
}
