import type { ClassCosts } from '../../../model/class-decision'
import type { MulticlassFigures } from '../../../model/tasks/multiclass'
import { metricDefinition, type Estimate, type TargetValue } from '../../../model/tasks'
import { columnOf, deriveGroups, selectRows, type Frame } from '../../frames'
import { settleChoices as settleCommon, type JudgingChoices } from '../binary/judge-rows'
import { clusterWarning } from '../clusters'
import type { JudgingOptions } from '../task'
import { deriveClassFairness, type ClassFairnessRules } from './fairness'
import { judgeClasses, type ClassJudgement } from './judge'
import { countClasses, deriveClasses, missingWarning, unseenWarning, type ClassTarget, type LearnedClasses } from './target'

/** How rows are judged, every choice made. */
export interface ClassJudgingRules extends ClassFairnessRules {
  bootstrapSamples: number
  seed: number
  /** What each decision costs; null where the likeliest class is decided for. */
  costs: ClassCosts | null
}

const fewestRows = 100

/** @throws WorkbenchError INVALID_INPUT for a choice that cannot be meant */
export function settleChoices({ threshold: _, costs = null, ...choices }: JudgingChoices): ClassJudgingRules {
  const { bootstrapSamples, minimumGroupSize, minimumClassSize, seed } = settleCommon(choices)
  return { bootstrapSamples, minimumGroupSize, minimumClassSize, seed, costs }
}

/** Rows with a known class, ready to be scored and judged; `warnings` say what was left out or never seen in training. */
export interface ClassRowsToJudge {
  frame: Frame
  target: ClassTarget
  document: { name: string; classes: TargetValue[] }
  counts: { classes: number[] }
  warnings: string[]
}

/**
 * The rows of a table that have a class, read as the model learned it.
 * @throws WorkbenchError INVALID_INPUT when the column has none of the classes of this model
 */
export function rowsToJudge(
  whole: Frame,
  name: string,
  { classes }: LearnedClasses,
  { weight }: { weight?: string } = {}
): ClassRowsToJudge {
  const target = deriveClasses(whole, name, { classes, weight })
  const warnings = [...missingWarning(name, target), ...unseenWarning(name, target), ...rowWarnings(name, target)]
  return {
    frame: selectRows(whole, target.rows),
    target,
    document: { name, classes: [...target.classes] },
    counts: { classes: countClasses(target).classes },
    warnings
  }
}

/** The part of an evaluation that this task decides: figures of the probabilities, groups of a column where one is named, warnings. */
export async function judgeRows(
  { frame, target, warnings }: ClassRowsToJudge,
  probabilities: Float64Array,
  groupColumn: string | undefined,
  rules: ClassJudgingRules,
  { signal, onProgress, clusters }: JudgingOptions
) {
  const { classes } = target
  const figures = await judgeClasses(target, probabilities, { ...rules, classes, clusters: clusters ?? null, signal, onProgress })
  const fairness =
    groupColumn === undefined
      ? null
      : deriveClassFairness(groupColumn, deriveGroups(columnOf(frame, groupColumn)), target, probabilities, rules, clusters?.codes)
  return { figures, fairness, warnings: [...warnings, ...clusterWarning(clusters, rules.bootstrapSamples), ...intervalWarnings(figures)] }
}

function rowWarnings(name: string, { labels, classes, counts }: ClassTarget): string[] {
  const absent = classes.filter((_, place) => counts[place] === 0)
  const warnings: string[] = []
  if (absent.length > 0)
    warnings.push(
      `No judged row has the target "${name}" ${absent
        .slice(0, 10)
        .map((value) => JSON.stringify(value))
        .join(
          ', '
        )}${absent.length > 10 ? ` and ${absent.length - 10} more` : ''}; nothing is said of how well ${absent.length === 1 ? 'it is' : 'they are'} found.`
    )
  if (labels.length < fewestRows)
    warnings.push(`Only ${labels.length} ${labels.length === 1 ? 'row was' : 'rows were'} judged; the figures are uncertain.`)
  return warnings
}

/** Intervals that say less than they seem to: without width, or none at all. */
function intervalWarnings({ metrics, bootstrap }: Pick<ClassJudgement, 'metrics' | 'bootstrap'>): string[] {
  if (bootstrap.samples === 0) return []
  const all = Object.entries(metrics) as [keyof MulticlassFigures['metrics'], Estimate][]
  const judged = all.filter(([key, { value }]) => value !== null && key !== 'calibration_classwise')
  const labels = (which: ({ interval }: Estimate) => boolean): string[] =>
    judged.filter(([, estimate]) => which(estimate)).map(([key]) => metricDefinition(key)?.label ?? key)
  const flat = labels(({ interval }) => interval !== null && interval.lower === interval.upper)
  const none = labels(({ interval }) => interval === null)
  return [
    ...(flat.length > 0
      ? [`Every resample gave the same value of: ${flat.join(', ')}. An interval without width does not mean certainty.`]
      : []),
    ...(none.length > 0 ? [`Too few rows or resamples for an interval of: ${none.join(', ')}.`] : [])
  ]
}
