import { WorkbenchError } from '../errors'
import { binaryTask } from './binary'
import { multiclassTask } from './multiclass'
import { regressionTask } from './regression'
import type { MetricFormula } from './metric-formula'
import type { MetricDefinition } from './metric-definition'
import type { Task } from './task'

export { answerNames } from './answer-names'
export type {
  CalibrationBin,
  Confusion,
  EstimatedMetric,
  Fairness,
  FairnessGroup,
  GroupComparisons,
  GroupGap,
  GroupVerdict,
  Reliability,
  BinaryFigures,
  ThresholdPoint
} from './binary/evaluation'
export { listValues } from './binary/event'
export { confusionIntervals, type Bounds } from './binary/confusion-intervals'
export { gapWords, groupSentence, withinGap, withinRatio } from './binary/group-words'
export { intervalBasis, type Estimate, type Interval } from './estimate'
export { describeFact, type FactDescription } from './fact-description'
export type { MetricDefinition } from './metric-definition'
export { slicesSchema, isBeyondChance, type Slice, type Slices } from './slices'
export type { MetricFormula } from './metric-formula'
export { regressionObjectives, type RegressionObjective } from './regression'
export type { Statement, Task } from './task'
export { howPairsAreJudged, pairMethods, pairMethodSchema, type PairMethod } from './paired'
export { latencySchema, speedOf, trainingMetrics, type Latency } from './speed'
export { targetValueSchema, type TargetValue } from './target-value'
export { wilsonInterval, z95 } from './wilson-interval'

/** The kinds of prediction that the workbench knows. */
export const taskNames = ['binary', 'multiclass', 'regression'] as const
export type TaskName = (typeof taskNames)[number]

/**
 * The task that a document names; one without a name is binary, and a signature says it in more words (`binary-classification`).
 * @throws WorkbenchError UNSUPPORTED for a task that this version does not know
 */
export function taskNameOf(name: string | undefined): TaskName {
  if (name === undefined) return 'binary'
  const known = taskNames.find((each) => name === each || name === `${each}-classification`)
  if (known) return known
  throw new WorkbenchError(
    'UNSUPPORTED_VERSION',
    `The task "${name}" is not known here; it may come from a newer version of Drydock. Open it with that version.`
  )
}

/** The parts of documents of each task, for those that are put together from them. */
export const taskParts = { binary: binaryTask.parts, multiclass: multiclassTask.parts, regression: regressionTask.parts }

const tasks: Record<TaskName, Task> = { binary: binaryTask, multiclass: multiclassTask, regression: regressionTask }

/** The task of a document by the name it carries; documents without one are binary. */
export const taskOf = (document: { task?: string }): Task => tasks[taskNameOf(document.task)]

/** The task of whatever names none, and of reports on a table that ask for an event. */
export const usualTask = binaryTask

/** Every metric that an evaluation of any task can report, each once, in the order screens list them. */
export const METRICS: readonly MetricDefinition[] = [
  ...new Map(taskNames.flatMap((name) => tasks[name].metrics).map((metric) => [metric.key, metric])).values()
]

/** How each of them is calculated and where that comes from, by key. */
export const metricFormulas: Readonly<Record<string, MetricFormula>> = Object.assign({}, ...taskNames.map((name) => tasks[name].formulas))

/** Parameters of a step that concern one task or another; what another task asks for is left alone. */
export const taskParameters = <Step extends 'train' | 'evaluate' | 'quality'>(step: Step) => ({
  ...binaryTask.parts.parameters[step],
  ...multiclassTask.parts.parameters[step],
  ...regressionTask.parts.parameters[step]
})

/** Parameters of a step that only concern other kinds of question than this one. */
export function parametersOfOthers(step: 'train' | 'evaluate' | 'quality', task: TaskName): string[] {
  const own = Object.keys(tasks[task].parts.parameters[step])
  return taskNames.flatMap((name) => Object.keys(tasks[name].parts.parameters[step])).filter((key) => !own.includes(key))
}

/** The facts of one group that an evaluation of any task can supply, each once. */
export const taskFacts = (group: 'fairness' | 'evaluation') => [
  ...new Map(taskNames.flatMap((name) => tasks[name].facts[group]).map((fact) => [fact.path, fact])).values()
]

/** What stands before the name of a metric that is a mean over folds. */
export const crossValidatedPrefix = 'cv_'

/** The definition of a metric key, if the workbench knows it. */
export function metricDefinition(key: string): MetricDefinition | undefined {
  const found = METRICS.find((metric) => metric.key === key)
  if (found || !key.startsWith(crossValidatedPrefix)) return found
  const own = METRICS.find((metric) => metric.key === key.slice(crossValidatedPrefix.length))
  return own && { ...own, key, label: `${own.label}, cross-validated`, description: `Mean over the folds. ${own.description}` }
}

/** Whether a metric only repeats an end of the interval of another one: rules name it, and nothing is compared by it. */
export const isBound = (key: string): boolean => taskNames.some((name) => tasks[name].bounds.includes(key))

const shortUnits: Partial<Record<MetricDefinition['unit'], string>> = { nats: 'nats', seconds: 's', bytes: 'bytes', 'rows/s': 'rows/s' }

/** How a metric heads a column of plain numbers as they are stored: `auc`, `log_loss, nats`. */
export function metricTitleOf(key: string): string {
  const unit = shortUnits[metricDefinition(key)?.unit ?? 'none']
  return unit === undefined ? key : `${key}, ${unit}`
}

/** How many figures stand first where all could stand. */
const KEY_FIGURES = 5

/** The task whose figures these are: the one of which they are the largest part, the usual one where they could be of any. */
export function taskOfMetrics(metrics: Readonly<Record<string, unknown>>): Task {
  const own = (name: TaskName): number => {
    const { summary } = tasks[name].headline
    return summary.filter((key) => metrics[key] !== undefined).length / summary.length
  }
  const [most] = [...taskNames].sort((a, b) => own(b) - own(a))
  return tasks[most!]
}

/** Which kind of question a run answers, by figures that only one kind has; null where it has none, or some of several. */
export function questionOfMetrics(metrics: Readonly<Record<string, unknown>>): TaskName | null {
  const has = (name: TaskName): boolean => tasks[name].metrics.some(({ key }) => metrics[key] !== undefined && isOfOne(key))
  const asked = taskNames.filter(has)
  return asked.length === 1 ? asked[0]! : null
}

const isOfOne = (key: string): boolean => taskNames.filter((name) => tasks[name].metrics.some((metric) => metric.key === key)).length === 1

/** Why runs that answer different kinds of question cannot be compared, each kind with its runs; null where all answer one. */
export function whyNotOneQuestion(runs: readonly { name: string; metrics: Readonly<Record<string, unknown>> }[]): string | null {
  const asked = taskNames.flatMap((task) => {
    const names = runs.filter(({ metrics }) => questionOfMetrics(metrics) === task).map(({ name }) => `"${name}"`)
    return names.length > 0
      ? [`${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''} (${tasks[task].words})`]
      : []
  })
  if (asked.length < 2) return null
  return `These runs answer different kinds of question: ${asked.join('; ')}. Their figures measure different things, so none says which run is better. Compare runs of one kind.`
}

/** The figures that answer the question of a run, of those that it has: the metric that the question names, then rank, skill, calibration and cost. */
export const keyMetrics = (primary: string, metrics: Readonly<Record<string, unknown>>): string[] =>
  [...new Set([primary, ...taskOfMetrics(metrics).headline.summary])].filter((key) => metrics[key] !== undefined).slice(0, KEY_FIGURES)
