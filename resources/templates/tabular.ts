import type { TargetValue, TaskName } from '../../main/model/tasks'
import { algorithmTitle, type Algorithm } from '../../main/model/training'

/** What the two documents of a first model are filled in with. */
export interface TabularChoices {
  /** Of both documents and of the model. */
  name: string
  dataset: string
  target: string
  /** Which kind of question the target asks; a yes or no where it is left out. */
  task?: TaskName
  /** How it is learned; by boosted trees where it is left out. */
  algorithm?: Algorithm
  /** Of a yes or no; null where it cannot be told yet. */
  event: TargetValue | null
  /** Columns that say when a row was and to what it belongs: rows are divided by them, and nothing is learned from them. */
  dividing: readonly string[]
  /** Whether every part of a random split gets the same shares of the classes, or of the ranges of an amount; so it is where this is left out. */
  isStratified?: boolean
  /** Whether that is of every value by itself, also where classes are many numbers; so it is of classes where this is left out. */
  isByValue?: boolean
  /** Whether the quality report looks for what gives the target away; so it does where this is left out. */
  isChecked?: boolean
}

/** The share of the rows that judge a first model. */
export const TEST_SHARE = 0.25

/** JSON is YAML, and quotes whatever a name or a value holds. */
const text = (value: TargetValue): string => JSON.stringify(value)

/** What the train step is told of the outcome. */
function outcomeOf(task: TaskName, event: TargetValue | null): string {
  if (task !== 'binary') return `task: ${task}`
  return event === null ? '# positive: name the value of the target that is the event' : `positive: ${text(event)}`
}

/** The pipeline: check, split by the roles of the columns, train, evaluate, hold the gate, and keep the version whatever the gate said. */
export const tabularPipeline = ({
  name,
  dataset,
  target,
  task = 'binary',
  algorithm = 'gradient-boosting',
  event,
  dividing,
  isStratified = task !== 'binary',
  isByValue = task === 'multiclass',
  isChecked = true
}: TabularChoices): string => `# From a table to a first model. The test rows are held back by the roles of the columns (group, time), else at random.
schema: drydock.pipeline
version: 1
name: ${name}
title: ${text(`First model for ${target}`)}
steps:
  - id: data
    type: source
    title: Dataset
    parameters:
      dataset: ${text(dataset)}
    position: { x: 0, y: 105 }
  - id: quality
    type: quality-check
    title: Quality of the data
    inputs:
      table: data.table
    parameters:
${isChecked ? `      target: ${text(target)}\n${task === 'binary' ? '' : `      task: ${task}\n`}` : ''}${event === null ? '' : `      positive: [${text(String(event))}]\n`}      columnsOf: ${text(dataset)}
    position: { x: 270, y: 0 }
  - id: split
    type: split
    title: Train and test
    inputs:
      table: data.table
    parameters:
      by: roles
      test: ${TEST_SHARE}
${isStratified ? `      # Where the split is random: ${task === 'regression' ? 'small and large amounts are' : 'every class is'} as frequent in the test as in the training rows.\n      stratify: ${text(target)}\n${isByValue ? '      ranges: 0\n' : ''}` : ''}      seed: 42
    position: { x: 270, y: 210 }
  - id: train
    type: train
    title: ${algorithmTitle(algorithm)}
    inputs:
      train: split.train
    parameters:
      experiment: ${name}
      target: ${text(target)}
      ${outcomeOf(task, event)}
${dividing.length > 0 ? `      # They divide the rows; a model that learned them would know the past by its date and a group by its name.\n      exclude: [${dividing.map(text).join(', ')}]\n` : ''}      algorithm: ${algorithm}
      seed: 42
    position: { x: 540, y: 210 }
  - id: evaluate
    type: evaluate
    title: Evaluate on the test rows
    inputs:
      model: train.model
      test: split.test
    parameters:
      seed: 42
    position: { x: 810, y: 210 }
  - id: gate
    type: gate
    title: Policy gate
    inputs:
      model: train.model
      evaluation: evaluate.evaluation
      quality: quality.report
    parameters:
      policy: ${name}
    position: { x: 1080, y: 40 }
  - id: register
    type: register
    title: Keep the version
    inputs:
      model: train.model
      gate: gate.decision
    parameters:
      name: ${name}
      # A first model is kept as a draft whatever the gate said. Set this to true once only a pass may be registered.
      requireGate: false
    position: { x: 1350, y: 130 }
`

/** What the documents of this template hold where a baseline chooses it: the event, the columns that divide the rows, how, and what is looked for. */
export function chosenIn(
  steps: readonly { id: string; parameters?: Record<string, unknown> }[]
): Pick<TabularChoices, 'task' | 'algorithm' | 'event' | 'dividing' | 'isStratified' | 'isByValue' | 'isChecked'> {
  const { task, algorithm, positive, exclude } = steps.find(({ id }) => id === 'train')?.parameters ?? {}
  const { target: checked } = steps.find(({ id }) => id === 'quality')?.parameters ?? {}
  const { stratify, ranges } = steps.find(({ id }) => id === 'split')?.parameters ?? {}
  return {
    task: task as TaskName | undefined,
    algorithm: algorithm as Algorithm | undefined,
    event: (positive as TargetValue | undefined) ?? null,
    dividing: (exclude as string[] | undefined) ?? [],
    isStratified: stratify !== undefined,
    // Documents of earlier versions cut numbered classes into ranges.
    isByValue: task === 'multiclass' && ranges === 0,
    // And did not look for leaks of classes and amounts; of a yes or no, which names no task, they always did.
    isChecked: task === undefined || checked !== undefined
  }
}
