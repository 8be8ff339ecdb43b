import { generalisedLinearParametersSchema, type GeneralisedLinearParameters } from '../../../model/training-parameters'
import { learnWeights, linearMembers } from '../linear/learn'
import { assertTerms, linearModelSchema, type LinearModel } from '../linear/linear-model'
import type { Trainer } from '../trainer'

/** Linear regression of amounts, and log-linear regression of counts and of positive amounts. */
export const generalisedLinearTrainer: Trainer<GeneralisedLinearParameters, LinearModel> = {
  name: 'generalised-linear-model',
  objectives: ['squared', 'poisson', 'gamma'],
  parameters: generalisedLinearParametersSchema,
  model: linearModelSchema,
  async learn(request) {
    const { minRowsPerCategory, ...settings } = request.parameters
    const learned = await learnWeights(request, settings, minRowsPerCategory)
    if (!('intercept' in learned.model)) throw new Error('An amount has one margin')
    return { ...learned, model: learned.model }
  },
  ...linearMembers,
  check: (model, features) => assertTerms(model, features, 1)
}
