import { heldFormulas } from '../held'
import type { MetricFormula } from '../metric-formula'

const drawn =
  'interval: studentised bootstrap (Efron and Tibshirani 1993, chapter 12), of whole groups or times where the split kept them apart'
const together = 'bounds hold for all groups at once'

/** How each metric is calculated, by key: y is the outcome, p the prediction, w the weight of a row; every mean is weighted. */
export const regressionFormulas: Readonly<Record<string, MetricFormula>> = {
  ...heldFormulas,
  rmse: { formula: 'root of the mean of (y - p)^2', source: `Root mean squared error; ${drawn}` },
  mae: { formula: 'mean of |y - p|', source: `Mean absolute error; ${drawn}` },
  median_absolute_error: {
    formula: 'median of |y - p|: half of the weight lies at or below it',
    source: 'Weighted median; interval: Woodruff 1952'
  },
  r2: {
    formula: '1 - mean of (y - p)^2 / mean of (y - mean of y)^2',
    source: `Coefficient of determination; ${drawn}`
  },
  r2_lower: { formula: 'lower end of the 95% interval of the figure that it belongs to', source: 'see R2' },
  deviance: {
    formula: 'squared: mean of (y - p)^2; Poisson: mean of 2 (y ln(y / p) - y + p); gamma: mean of 2 (ln(p / y) + y / p - 1)',
    source: `Unit deviance of the Tweedie family; Jorgensen 1997; ${drawn}`
  },
  d2: {
    formula: '1 - loss of the model / loss of the best constant of the judged rows, by the loss of the objective',
    source: `D2, explained deviance; Hastie, Tibshirani and Wainwright 2015, 3.1; ${drawn}`
  },
  pinball: {
    formula: 'mean of q max(y - p, 0) + (1 - q) max(p - y, 0), q the quantile',
    source: `Koenker and Bassett 1978; ${drawn}`
  },
  coverage: {
    formula: 'share of the weight whose y is at or below p; q is right',
    source: 'Gneiting and Raftery 2007; interval: Wilson 1927 with the effective number of rows (Kish 1965)'
  },
  loss_baseline: {
    formula:
      'loss of the objective of stating for every row the mean, median or quantile of the training rows, of the judged rows where that is not known',
    source: 'Measured by Drydock'
  },
  loss_skill: { formula: '1 - loss of the model / loss of that constant', source: 'Skill score; Murphy 1988' },
  worst_group_loss: {
    formula: 'largest mean loss of the objective in a compared group',
    source: `Bounded group loss; Agarwal, Dudik and Wu 2019; ${together}`
  },
  rmse_difference: { formula: 'largest RMSE of a compared group less the smallest', source: `Error parity of groups; ${together}` },
  mae_difference: { formula: 'largest MAE of a compared group less the smallest', source: `Error parity of groups; ${together}` },
  mean_error_difference: {
    formula: 'largest mean of p - y in a compared group less the smallest',
    source: `Residual difference between groups; Calders and others 2013; ${together}`
  },
  statistical_parity_distance: {
    formula:
      'largest distance, over groups and amounts z, of the share of predictions at or below z in a group from that in all compared groups',
    source: 'Statistical parity of regression; Agarwal, Dudik and Wu 2019'
  }
}
