import { z } from 'zod'
import { logisticRegressionParametersSchema, type LogisticRegressionParameters } from '../../../model/training-parameters'
import { learnWeights, linearMembers } from '../linear/learn'
import { assertTerms, classModelSchema, linearModelSchema, type ClassModel, type LinearModel } from '../linear/linear-model'
import { widthOf } from '../objective'
import type { Trainer } from '../trainer'

/** Logistic regression of two outcomes, and multinomial (softmax) regression of more. */
export const logisticTrainer: Trainer<LogisticRegressionParameters, LinearModel | ClassModel> = {
  name: 'logistic-regression',
  objectives: ['logistic', 'softmax'],
  parameters: logisticRegressionParametersSchema,
  model: z.union([linearModelSchema, classModelSchema]),
  learn(request) {
    const { l2, minRowsPerCategory, ...settings } = request.parameters
    return learnWeights(request, { ...settings, penalty: l2 }, minRowsPerCategory)
  },
  ...linearMembers,
  check: (model, features, objective) => assertTerms(model, features, widthOf(objective))
}
