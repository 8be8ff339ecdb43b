import type { Algorithm } from '../../model/training'
import { boostingTrainer } from './boosting/trainer'
import { explainableBoostingTrainer } from './explainable-boosting'
import { logisticTrainer } from './logistic/trainer'
import { generalisedLinearTrainer } from './generalised-linear/trainer'
import { scorecardTrainer } from './scorecard'
import type { Trainer } from './trainer'

/** The trainers that come with the workbench, by name. */
export const trainers: Readonly<Record<Algorithm, Trainer>> = {
  'gradient-boosting': boostingTrainer,
  'logistic-regression': logisticTrainer,
  'generalised-linear-model': generalisedLinearTrainer,
  'explainable-boosting': explainableBoostingTrainer,
  scorecard: scorecardTrainer
}
