import { heldFormulas } from '../held'
import type { MetricFormula } from '../metric-formula'
import { multiclassBounds } from './metrics'

const own = 'Measured by Drydock'
const counting = 'Sokolova and Lapalme 2009, A systematic analysis of performance measures for classification tasks'
const drawn = 'interval: bootstrap, percentiles'
const byLoss = `${drawn}; studentised where rows have weights or belong together`
const byShare = 'interval: Wilson 1927, for as many plain rows as say the same where rows have weights or belong together'
const byClass =
  'interval: Wilson 1927 of each class, put together as in Zou and Donner 2008; bootstrap, percentiles, where rows have weights or belong together'
const byClassWhereFew = `${drawn}; for plain rows of which few are decided wrongly Wilson 1927 of each class, put together as in Zou and Donner 2008`
const byPairs =
  'interval: DeLong and others 1988, over the classes; of a ranking that is all but perfect the mean of the intervals of the classes'
const macro = 'mean over the classes that occur or are decided for, each counting the same; a class without a value counts 0'
const weighted = 'mean over the classes, each counting by the weight of its rows; a class without a value counts 0'

const bounds: Record<string, MetricFormula> = Object.fromEntries(
  multiclassBounds.map((key) => [
    key,
    {
      formula: `${key.endsWith('_lower') ? 'lower' : 'upper'} end of the 95% interval of the figure that it belongs to`,
      source: `see ${key.replace(/_(lower|upper)$/, '')}`
    }
  ])
)

/**
 * How each metric of this task is calculated, by key; those of speed are the same for every task. Every sum over rows counts a row by its sample
 * weight, 1 where there is none. Where another task reports a metric of the same key, the words hold for both.
 */
export const multiclassFormulas: Readonly<Record<string, MetricFormula>> = {
  ...heldFormulas,
  log_loss: {
    formula: 'mean of -ln of the probability that was stated for what happened; no single row counts more than -ln 1e-15',
    source: `Good 1952; ${byLoss}`
  },
  log_loss_baseline: {
    formula: 'log loss of stating for every row the base rates of the training rows, of the judged rows where those are not known',
    source: own
  },
  log_loss_skill: { formula: '1 - log loss / log loss of the base rate', source: 'Skill score; Murphy 1988' },
  decision_cost: {
    formula: 'mean of the cost of deciding a row of its class for the class decided for, by the costs that the model decides by',
    source: `Elkan 2001, The foundations of cost-sensitive learning; ${drawn}`
  },
  accuracy: {
    formula: 'rows decided rightly / n',
    source: `${counting}; ${byShare}`
  },
  accuracy_baseline: { formula: 'share of the rows of the class that is most frequent in the training rows', source: own },
  balanced_accuracy: {
    formula: 'mean over the classes that occur of (rows of the class decided for it / rows of the class)',
    source: `Brodersen and others 2010; ${byClass}`
  },
  precision_macro: {
    formula: `precision of a class = rows of it decided for it / rows decided for it; ${macro}`,
    source: `${counting}; ${byClass}`
  },
  recall_macro: { formula: `recall of a class = rows of it decided for it / rows of it; ${macro}`, source: `${counting}; ${byClass}` },
  f1_macro: {
    formula: `F1 of a class = 2 x rows of it decided for it / (rows of it + rows decided for it); ${macro}`,
    source: `${counting}; ${byClassWhereFew}`
  },
  precision_weighted: { formula: `precision of a class; ${weighted}`, source: `${counting}; ${byClass}` },
  recall_weighted: { formula: `recall of a class; ${weighted}; the same as the accuracy`, source: `${counting}; ${byShare}` },
  f1_weighted: { formula: `F1 of a class; ${weighted}`, source: `${counting}; ${byClassWhereFew}` },
  auc_ovr: {
    formula:
      'for each class: pairs of a row of it and another row in which the first has the higher probability of the class, ties counted half, over all such pairs; mean over the classes that have both',
    source: `Provost and Domingos 2000, each class counting the same; ${byPairs}`
  },
  auc_ovr_weighted: { formula: 'the same, each class counting by the weight of its rows', source: `Provost and Domingos 2000; ${byPairs}` },
  top_3_accuracy: {
    formula:
      'rows whose class is among the three of the highest probability / n; of equal probabilities the class that is listed first comes first',
    source: `${own}; ${byShare}`
  },
  calibration_classwise: {
    formula: 'mean over the classes of: sum over ten bins of equal width of |sum of p - number of rows of the class| / n',
    source: 'Kull and others 2019 (classwise expected calibration error)'
  },
  calibration_confidence: {
    formula:
      'root of (mean over bins of equal size, weighted by rows, of (mean probability of the class decided for - share decided rightly)^2, less what chance alone adds); 0 where that is negative',
    source: 'Guo and others 2017; Kumar, Liang and Ma 2019; interval: Jensen and Solomon 1972'
  },
  ...bounds,
  accuracy_difference: {
    formula: 'highest accuracy of a compared group less the lowest',
    source: 'Overall accuracy equality; Berk and others 2018; bounds hold for all groups and classes at once'
  },
  demographic_parity_difference: {
    formula:
      'highest selection rate of a compared group less the lowest; with classes the largest over the classes, selected being decided for the class',
    source: 'Dwork and others 2012; bounds hold for all groups at once'
  },
  equal_opportunity_difference: {
    formula: 'highest recall of a compared group less the lowest; with classes the largest over the classes',
    source: 'Hardt, Price and Srebro 2016; bounds hold for all groups at once'
  },
  equalised_odds_difference: {
    formula:
      'the larger of the recall gap and the gap of FP / (FP + TN) between compared groups; with classes the largest over the classes',
    source: 'Hardt, Price and Srebro 2016; bounds hold for all groups at once'
  }
}
