/** How a metric is calculated, in words and signs. */
export interface MetricFormula {
  formula: string
  /** Where the definition comes from. */
  source: string
}
