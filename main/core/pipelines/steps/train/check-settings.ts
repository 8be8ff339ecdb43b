import type { z } from 'zod'
import { fit } from '../../../../model/schema-words'
import type { TaskName } from '../../../../model/tasks'
import { algorithmsFor, algorithmTitle, parametersSchemas, type Algorithm } from '../../../../model/training'
import type { StepProblem } from '../../define-step'

/** What in the settings of a trainer does not fit it. */
export function checkSettings(algorithm: Algorithm, settings: unknown): StepProblem[] {
  const parsed = fit<z.ZodType>(parametersSchemas[algorithm], settings)
  if (parsed.success) return []
  return parsed.problems.map(({ path, words, isKey, next }) => ({
    message: isKey ? `${algorithm} has no setting "${path.join('.')}".${next}` : `Setting "${path.join('.')}" of ${algorithm}: ${words}`,
    parameter: 'parameters'
  }))
}

interface Question {
  task: TaskName
  algorithm: Algorithm
  objective?: Parameters<typeof algorithmsFor>[1]
  target: string
  features?: readonly string[]
  exposure?: string
  classWeights?: unknown
}

/** What is asked of the outcome that no training can do. */
export function checkQuestion({ task, algorithm, objective, target, features, exposure, classWeights }: Question): StepProblem[] {
  const wrong: StepProblem[] = []
  const able = algorithmsFor(task, objective)
  if (!able.includes(algorithm))
    wrong.push({
      message: `${algorithmTitle(algorithm)} does not answer this question${task === 'regression' ? ` by the objective ${objective ?? 'squared'}` : ''}. Choose ${able.join(' or ')}.`,
      parameter: 'algorithm'
    })
  if (task !== 'regression' && exposure !== undefined)
    wrong.push({
      message: 'Only counts and amounts are divided by an exposure. Take it out, or ask for regression.',
      parameter: 'exposure'
    })
  if (task === 'regression' && classWeights !== undefined)
    wrong.push({
      message: 'Only a yes or no and classes have class weights. Take them out, or name a column of weights.',
      parameter: 'classWeights'
    })
  if (features?.includes(target)) wrong.push({ message: 'The target cannot be one of the features.', parameter: 'features' })
  return wrong
}
