import type { ImportableTask } from '../../../../main/model/imported-model'

/** What a person has said so far of a model that was made elsewhere. Null and empty leave it to what file and data tell. */
export interface ImportForm {
  /** The ONNX file, as a place. */
  file: string
  dataset: string | null
  target: string | null
  task: ImportableTask | null
  event: string
  /** One a line or separated by commas, in the order of the outputs. */
  classes: string
  /** One a line or separated by commas, in the order of the inputs. */
  columns: string
  output: string | null
  scores: 'probabilities' | 'logits' | null
  learned: boolean
  predictions: string | null
  /** Dataset for the first test, and the policy over it. */
  test: string | null
  policy: string | null
  /** The run that takes it in. */
  taken: { pipeline: string; runId: string } | null
}
