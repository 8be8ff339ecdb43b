import { decidedThreshold } from '../../model/decision'
import type { Sha256 } from '../../model/reference'
import type { ModelSignature } from '../../model/training'
import type { Reference } from './shift'

/** A model that can score: its graph with its signature, and what is known besides. */
export interface ScoredModel {
  /** NAME@VERSION, or what a bundle calls it. */
  name: string
  /** Path of model.onnx. */
  path: string
  sha256: Sha256
  signature: ModelSignature
  /** From which score on the event is decided for, as its evaluation says; null where it decides nothing. */
  decidesFrom: number | null
  /** What its training rows looked like, or why that is not known. */
  reference: Reference | { why: string }
  /** Arrow file of the training rows, where they are there. */
  training?: string
}

/** From which score on a model decides for the event: as its signature was decided, else as its evaluation says; null where neither does. */
export const decisionOf = (signature: Pick<ModelSignature, 'decision'>, evaluated: number | null): number | null =>
  decidedThreshold(signature) ?? evaluated
