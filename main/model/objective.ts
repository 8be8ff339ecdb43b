import { z } from 'zod'

/** Most classes that a model tells apart. */
export const mostClasses = 200

/**
 * The loss that a trainer minimises. Probabilities: `logistic` for two outcomes, `softmax` for more. Amounts: the mean (`squared`), the median
 * (`absolute`), a quantile (`quantile`, 0..1), and the mean of counts (`poisson`) and of positive amounts (`gamma`), both with a log link.
 */
export const objectiveSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('logistic') }),
  z.object({ name: z.literal('softmax'), classes: z.int().min(3).max(mostClasses) }),
  z.object({ name: z.enum(['squared', 'absolute', 'poisson', 'gamma']) }),
  z.object({ name: z.literal('quantile'), quantile: z.number().gt(0).lt(1) })
])
export type Objective = z.infer<typeof objectiveSchema>

/** How many numbers a model with this objective gives for a row: one, or one for each class. */
export const widthOf = (objective: Objective): number => (objective.name === 'softmax' ? objective.classes : 1)
