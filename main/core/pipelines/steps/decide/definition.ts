import { z } from 'zod'
import { constrainedRates, decisionRecordSchema } from '../../../../model/decision'
import { modelManifest } from '../../../../model/model-manifest'
import { describeStep, type StepProblem } from '../../define-step'
import { upstream } from '../fresh-rows'
import { recordedAs, rowsPort, weightByRole, weightParameter } from '../settled-parameters'

const cost = (title: string, description: string) => z.number().min(0).optional().meta({ title, description })

const parameters = z.strictObject({
  by: z.enum(['cost', 'capacity', 'constraint', 'given']).meta({
    title: 'By',
    description:
      'cost: the cheapest threshold; capacity: as many rows as can be looked at; constraint: a rate that has to be held; given: a number.'
  }),
  falseAlarm: cost('Cost of a false alarm', 'By cost: a row that is chosen and is not the event, in any unit.'),
  missed: cost('Cost of a missed event', 'By cost: an event that is not chosen, in the same unit.'),
  found: cost('Cost of a found event', 'By cost: nothing unless it is said.'),
  left: cost('Cost of a row left', 'By cost: a row that is not chosen and is not the event; nothing unless it is said.'),
  costs: z
    .record(z.string(), z.record(z.string(), z.number().min(0).max(1e12)))
    .optional()
    .meta({
      title: 'Costs of classes',
      description:
        'By cost, of several classes: for a row of a class what it costs to decide for another, such as { low: { high: 5 } }; without a word a right decision costs nothing and a wrong one 1.'
    }),
  capacity: z.int().min(1).optional().meta({
    title: 'Capacity',
    description: 'By capacity: most rows that are chosen, such as 200 inspections; rows are counted, whatever their weights.'
  }),
  of: z.int().min(1).optional().meta({
    title: 'Of',
    description: 'By capacity: rows among which these are chosen, such as the cases of a week; by default those of the table.'
  }),
  period: z
    .string()
    .min(1)
    .max(50)
    .optional()
    .meta({ title: 'Period', description: 'By capacity: what the two numbers are for, such as week; only said.' }),
  rate: z.enum(constrainedRates).optional().meta({
    title: 'Rate',
    description:
      'By constraint: the rate that has to be held. Of the thresholds that hold it the one with the best precision is taken, or the best recall where precision or specificity is held.'
  }),
  atLeast: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ title: 'At least', description: 'By constraint: the least value of the rate, 0..1.' }),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ title: 'Threshold', description: 'By a given number: probability from which a row counts as the event.' }),
  ...weightParameter,
  ...recordedAs
})
export type DecideParameters = z.output<typeof parameters>

const needed = { cost: ['falseAlarm', 'missed'], capacity: ['capacity'], constraint: ['rate', 'atLeast'], given: ['threshold'] } as const
const allowed: Record<DecideParameters['by'], readonly string[]> = {
  cost: [...needed.cost, 'found', 'left', 'costs'],
  capacity: [...needed.capacity, 'of', 'period'],
  constraint: needed.constraint,
  given: needed.given
}

export const decideDefinition = describeStep({
  type: 'decide',
  version: 2,
  title: 'Decide',
  help: 'Settles from which probability a row counts as the event, by costs, capacity or a rate to hold, on rows that the model did not learn from; or which of several classes is decided for, by what each mistake costs. The evaluation and the label of the graph follow it. Records a run.',
  icon: 'milestone',
  category: 'training',
  parameters,
  inputs: {
    model: { types: ['Model'], help: 'A model of a yes or no or of several classes, calibrated or not.', document: modelManifest },
    rows: rowsPort('Rows with known outcomes for the choice, such as those of validation; not those to judge by.')
  },
  outputs: {
    model: { type: 'Model', help: 'The model with its threshold or its costs.', document: modelManifest },
    report: { type: 'Report', help: 'The decision, what it does to these rows, and what others would do.', document: decisionRecordSchema }
  },
  check(p) {
    const problems: StepProblem[] = []
    const isOfClasses = p.by === 'cost' && p.costs !== undefined
    for (const name of isOfClasses ? [] : needed[p.by])
      if (p[name] === undefined) problems.push({ message: `A threshold by ${p.by} needs "${name}".`, parameter: name })
    for (const name of isOfClasses ? (['falseAlarm', 'missed', 'found', 'left'] as const) : [])
      if (p[name] !== undefined)
        problems.push({
          message: `"${name}" is of a yes or no, and "costs" of several classes. Take out the one or the other.`,
          parameter: name
        })
    for (const name of new Set(Object.values(allowed).flat()))
      if (p[name as keyof DecideParameters] !== undefined && !allowed[p.by].includes(name))
        problems.push({ message: `"${name}" does not go with a threshold by ${p.by}. Take it out.`, parameter: name })
    if (p.capacity !== undefined && p.of !== undefined && p.capacity >= p.of)
      problems.push({ message: 'The capacity is not below the rows that it is for, so no threshold is needed.', parameter: 'capacity' })
    return problems
  },
  ...weightByRole,
  upstream
})
