import { heldFormulas } from '../held'
import type { MetricFormula } from '../metric-formula'

const own = 'Measured by Drydock'
const upper = 'the 95% interval of the figure that it belongs to'
const counting = 'Counts of the confusion matrix; Fawcett 2006, An introduction to ROC analysis'

/** How each metric is calculated, by key; the symbols are explained above the page that lists them. */
export const binaryFormulas: Readonly<Record<string, MetricFormula>> = {
  ...heldFormulas,
  auc: {
    formula: 'pairs of a row with the event and one without in which the first scores higher, ties counted half, over all such pairs',
    source: 'Mann and Whitney 1947; interval: DeLong, DeLong and Clarke-Pearson 1988, by Newcombe 2006 where that has none'
  },
  auc_lower: { formula: `lower end of ${upper}`, source: 'see AUC' },
  average_precision: {
    formula: 'sum over the thresholds of (recall at it - recall at the next higher one) x precision at it',
    source: 'Area of the precision-recall steps, without interpolation; interval: bootstrap, percentiles'
  },
  log_loss: {
    formula: 'mean of -ln p for rows with the event and -ln(1 - p) for others; no single row counts more than -ln 1e-15',
    source: 'Good 1952; interval: bootstrap, percentiles'
  },
  log_loss_baseline: {
    formula: 'log loss of stating for every row the base rate of the training rows, of the judged rows where that is not known',
    source: own
  },
  log_loss_skill: { formula: '1 - log loss / log loss of the base rate', source: 'Skill score; Murphy 1988' },
  brier: { formula: 'mean of (p - y)^2', source: 'Brier 1950; interval: bootstrap, percentiles' },
  brier_skill: {
    formula: '1 - Brier score / (r (1 - r))',
    source: 'Murphy 1988; interval: base rate (Wilson) and errors (Student) put together after Zou and Donner 2008'
  },
  brier_skill_lower: { formula: `lower end of ${upper}`, source: 'see Brier skill' },
  calibration_debiased: {
    formula:
      'root of (mean over bins of equal size, weighted by rows, of (mean p - share of events)^2, less what chance alone adds); 0 where that is negative',
    source: 'Kumar, Liang and Ma 2019; Broecker 2012; interval: Jensen and Solomon 1972'
  },
  calibration_debiased_lower: { formula: `lower end of ${upper}`, source: 'see Debiased calibration error' },
  calibration_error: {
    formula: 'sum over ten bins of equal width of |sum of p - number of events| / n',
    source: 'Naeini, Cooper and Hauskrecht 2015 (expected calibration error)'
  },
  accuracy: { formula: '(TP + TN) / n', source: `${counting}; interval: Wilson 1927` },
  precision: { formula: 'TP / (TP + FP)', source: `${counting}; interval: Wilson 1927` },
  recall: { formula: 'TP / (TP + FN)', source: `${counting}; interval: Wilson 1927` },
  f1: { formula: '2 TP / (2 TP + FP + FN)', source: `${counting}; interval: Wilson 1927` },
  specificity: { formula: 'TN / (TN + FP)', source: `${counting}; interval: Wilson 1927` },
  latency_p50: {
    formula: 'median of the seconds from handing over one row to having its score, by ONNX Runtime in a process of its own',
    source: own
  },
  latency_p99: { formula: '99th percentile of the same seconds', source: own },
  throughput: { formula: 'rows of a batch over the seconds that it takes', source: own },
  peak_memory: { formula: 'largest resident size of the scoring process', source: own },
  train_seconds: { formula: 'seconds of wall clock of the fit alone', source: own },
  train_memory: { formula: 'largest resident size of the training step and the processes below it', source: own },
  disparate_impact: {
    formula:
      'lowest selection rate of a compared group over the highest; the selection rate is the share of rows with p at or above the threshold',
    source: 'Four-fifths rule, 29 CFR 1607.4 (D); Feldman and others 2015; bounds hold for all groups at once'
  },
  demographic_parity_difference: {
    formula: 'highest selection rate of a compared group less the lowest',
    source: 'Dwork and others 2012; bounds hold for all groups at once'
  },
  equal_opportunity_difference: {
    formula: 'highest recall of a compared group less the lowest',
    source: 'Hardt, Price and Srebro 2016; bounds hold for all groups at once'
  },
  equalised_odds_difference: {
    formula: 'the larger of the recall gap and the gap of FP / (FP + TN) between compared groups',
    source: 'Hardt, Price and Srebro 2016; bounds hold for all groups at once'
  }
}
