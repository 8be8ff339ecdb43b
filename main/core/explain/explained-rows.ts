/** What was found for rows: `contributions` is [rows, features, outputs], `margins` and `scores` [rows, outputs]. */
export interface ExplainedRows {
  rows: number
  contributions: Float64Array
  /** In the space of the contributions; what they and the base add up to. */
  margins: Float64Array
  /** What ONNX Runtime answers to the rows. */
  scores: Float64Array
  /** Standard errors of the contributions, where they were drawn. */
  errors: Float64Array | null
}
