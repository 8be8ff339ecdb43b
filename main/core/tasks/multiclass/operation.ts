import type { ClassFairness, MulticlassFigures } from '../../../model/tasks/multiclass'
import type { TargetValue } from '../../../model/tasks'

/** An evaluation as far as operators are told of it. */
interface Judged extends MulticlassFigures {
  target: { name: string; classes: TargetValue[] }
  rows: { judged: number; classes: number[] }
  fairness: ClassFairness | null
}

/** Cases of each class that a shadow phase waits for: with fewer nothing can be said of finding them. */
const casesToSee = 20
/** No shadow phase waits for a class that is rarer than this. */
const rarest = 0.005

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/**
 * Of all judged rows the share of each class and of the decisions for it. Where rows count by weight, as often as the rows they stand for.
 */
function sharesOf({ classes, confusion, weightedConfusion }: Judged): { value: TargetValue; share: number; decided: number }[] {
  const matrix = weightedConfusion ?? confusion
  const all = Math.max(Number.MIN_VALUE, sumOf(matrix.map(sumOf)))
  return classes.map((each, place) => ({
    value: each.class,
    share: sumOf(matrix[place]!) / all,
    decided: sumOf(matrix.map((row) => row[place]!)) / all
  }))
}

/** The class that is decided for most. */
function usualClass(evaluation: Judged): { value: TargetValue; decided: number } {
  return sharesOf(evaluation).reduce((most, each) => (each.decided > most.decided ? each : most))
}

/** How often the model decides for the usual class, and how many rows show enough of every class that is not too rare to wait for. */
export function expectedSelection(evaluation: Judged): { rate: number; rowsUntilSeen: number } {
  const occurring = sharesOf(evaluation)
    .map(({ share }) => share)
    .filter((share) => share >= rarest)
  return { rate: usualClass(evaluation).decided, rowsUntilSeen: Math.ceil(casesToSee / Math.min(1, ...occurring)) }
}

/** The objective that needs outcomes; null when the evaluation has no interval to derive it from. */
export function outcomeObjective({ metrics, rows, bootstrap }: Judged) {
  const { value, interval } = metrics.balanced_accuracy
  if (interval === null) return null
  return {
    id: 'balanced-accuracy',
    measure: 'balanced accuracy once the classes are known',
    unit: '0..1',
    at_least: interval.lower,
    ...(value === null ? {} : { measured_before_release: value }),
    window: `at least ${casesToSee} cases of each class`,
    basis: `lower end of the ${interval.level * 100} % interval (${interval.method ?? `${bootstrap.method} bootstrap, ${interval.samples} resamples`}) of ${rows.judged} rows`
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** The expected share of each class in words, the most frequent first. */
function expectedShares(evaluation: Judged): string {
  const shares = sharesOf(evaluation).sort((a, b) => b.decided - a.decided)
  const listed = shares.slice(0, 20).map(({ value, decided }) => `${String(value)} ${percent(decided)}`)
  return shares.length > 20 ? `${listed.join(', ')} and ${shares.length - 20} rarer classes` : listed.join(', ')
}

/** Sentences of the operating documents. */
export const operationText = {
  selected: (evaluation: Judged) => `share of rows decided for the class ${JSON.stringify(usualClass(evaluation).value)}`,
  decides: (evaluation: Judged) =>
    `A row is decided for the class of ${evaluation.decision ? 'least expected cost' : 'the highest probability'}. Expected shares of the decisions: ${expectedShares(evaluation)}.`,
  rate: 'Decided for the most frequent class',
  casesSeen: `${casesToSee} cases are expected of every class with a share of at least ${rarest * 100} %`,
  rightAndWrong: ({ rows, classes, confusion }: Judged) => {
    const found = classes.filter(({ recall }) => recall.value !== null).sort((a, b) => a.recall.value! - b.recall.value!)
    const right = sumOf(confusion.map((row, place) => row[place]!))
    const [worst] = found
    const least = worst ? `; found least is ${JSON.stringify(worst.class)} (${percent(worst.recall.value!)} of ${worst.count} rows)` : ''
    return `of ${rows.judged} rows ${right} were decided rightly${least}.`
  }
}

/** The compared group in which the model is right least often; undefined without groups. */
export function weakestGroup({ fairness }: Judged): { group: string; finds: string } | undefined {
  const groups = (fairness?.groups ?? []).filter((group) => group.compared)
  const [worst] = [...groups].sort((a, b) => a.accuracy - b.accuracy)
  return worst && { group: worst.group, finds: `${(worst.accuracy * 100).toFixed(0)} % of ${worst.count} rows decided rightly` }
}
