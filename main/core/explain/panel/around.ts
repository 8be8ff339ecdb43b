import { boundsOf, isSetScore, setOf } from '../../../model/conformal'
import { answerNames } from '../../../model/tasks'
import type { ModelSignature } from '../../../model/training'
import type { PanelAnswer } from '../../../model/what-if'

/** The interval or the set of outcomes around an answer, as the signature says it; null where it says none. */
export function around(signature: ModelSignature, scores: Float64Array): PanelAnswer['around'] {
  const { intervals } = signature
  if (!intervals) return null
  const { coverage } = intervals
  if (!isSetScore(intervals.score)) return { coverage, ...boundsOf(intervals, scores[0]!) }
  const names = answerNames(signature)
  const isEvent = names.length === 1
  const set = setOf(intervals, isEvent ? [1 - scores[0]!, scores[0]!] : [...scores])
  return { coverage, set: set.map((place) => (isEvent ? [`not ${names[0]}`, names[0]!][place]! : names[place]!)) }
}
