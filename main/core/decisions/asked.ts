import type { DecisionRule } from '../../model/decision'
import type { Sha256 } from '../../model/reference'
import type { NamedCosts } from './class-costs'

/** A capacity may leave open for how many rows it is: then for as many as the table has. */
export type AskedRule =
  | Exclude<DecisionRule, { by: 'given' | 'capacity' }>
  | (Omit<Extract<DecisionRule, { by: 'capacity' }>, 'of'> & { of?: number })
  | { by: 'given'; threshold: number }
  | { by: 'class-costs'; costs: NamedCosts }

export interface DecideRequest {
  /** Paths of model.onnx and signature.json. */
  model: string
  signature: string
  /** Path of an Arrow file with rows that the model did not learn from, and its SHA-256. */
  table: string
  tableSha256: Sha256
  rule: AskedRule
  weight?: string
  /** Folder that gets model.onnx, signature.json and decision.json. */
  folder: string
  /** What is not known of the rows, as warnings of the record. */
  doubts?: readonly string[]
  signal?: AbortSignal
}
