import { dependsOnRows } from '../../model/depends-on-rows'
import { isDoubtful, type ComparedMetric, type ComparedPair, type RunSummary } from '../../model/run'
import { metricDefinition, type PairMethod } from '../../model/tasks'
import { breathe, holdTogether, independentDifference, type Difference, type HeldDifference } from '../numerics'
import type { JudgedTogether } from './judged-together'

/** What one metric is compared with: runs in order, the baseline first. */
export interface ComparedRuns {
  runs: readonly RunSummary[]
  /** By run: judged on the rows of the baseline. */
  onSameRows: readonly boolean[]
  /** Null while nobody looked at the single rows: then no verdict is given yet. */
  together: JudgedTogether | null
}

/** One metric of several runs, and the verdict of any two of them. */
export interface JudgedMetric extends Pick<ComparedMetric, 'key' | 'direction' | 'values' | 'comparable'> {
  /** By run: false where its figures say little about new rows. */
  isSound: readonly boolean[]
  /** Run `a` beside run `b`; null where one has no value, and while rows were not looked at. */
  pair(a: number, b: number): ComparedPair | null
}

const unknown = { low: null, high: null, level: null, p: null, method: 'none', rows: null } as const

interface Found extends Difference {
  method: PairMethod
  rows: number | null
}

/** By run: judged on the rows of the baseline where that was judged, else on those of the first run that was. */
export function findSameRows(runs: readonly RunSummary[]): boolean[] {
  const rows = runs.find((run) => run.testData !== null)?.testData ?? null
  return runs.map((run) => run.testData === rows)
}

/**
 * Gives one verdict for each pair of runs, which words, colours, the headline and the trade-off are made of. All pairs of the metric are one
 * family (Holm), so that a verdict is the same whichever run is the baseline, and the best of many is not called better by luck.
 */
export async function judgeMetric(key: string, { runs, onSameRows, together }: ComparedRuns, signal?: AbortSignal): Promise<JudgedMetric> {
  const direction = metricDefinition(key)?.direction ?? null
  const ofRows = dependsOnRows(key)
  const values = runs.map((run) => run.metrics[key] ?? null)
  const comparable = runs.map((run, index) => !ofRows || (onSameRows[index]! && !together?.elsewhere.has(run.id)))
  const isSound = runs.map((run) => !(ofRows && isDoubtful(run)))
  const apart = (a: number, b: number): string | null => together?.whyApart?.(key, runs[a]!.id, runs[b]!.id) ?? null
  const held = together ? await holdPairs(key, { runs, comparable, together, apart }, signal) : null
  return {
    key,
    direction,
    values,
    comparable,
    isSound,
    pair(a, b) {
      const [one, other] = [values[a], values[b]]
      if (!held || !one || !other || a === b) return null
      if (!comparable[a] || !comparable[b]) return { difference: null, ...unknown, verdict: 'not-comparable', why: 'judged on other rows' }
      const why = apart(a, b)
      if (why !== null) return { difference: null, ...unknown, verdict: 'not-comparable', why }
      const difference = one.value - other.value
      if (!Number.isFinite(difference))
        return { difference: null, ...unknown, verdict: 'cannot-be-told', why: 'a value is not a finite number' }
      const pair = held(a, b)
      if (!pair) return { difference, ...unknown, verdict: 'cannot-be-told', why: 'no interval' }
      const { low, high, level, p, method, rows } = pair
      const told = { difference, low, high, level, p, method, rows, why: null }
      if (!isSound[a] || !isSound[b])
        return { ...told, verdict: 'cannot-be-told', why: 'the judged rows of one of the two are not apart from its training' }
      if (direction === null) return { ...told, verdict: 'cannot-be-told', why: 'nobody said which way is better' }
      if (low === 0 && high === 0) return { ...told, verdict: 'same' }
      if (p >= 0.05) return { ...told, verdict: 'cannot-be-told' }
      return { ...told, verdict: (direction === 'lower' ? -1 : 1) * pair.value > 0 ? 'better' : 'worse' }
    }
  }
}

/** Lines up one metric: every run beside the baseline, the best of them, and whether it is better than all others. */
export function lineUpMetric({ key, direction, values, comparable, isSound, pair }: JudgedMetric): ComparedMetric {
  const definition = metricDefinition(key)
  const sign = direction === 'lower' ? -1 : 1
  const areApart = (a: number, b: number): boolean => pair(a, b)?.verdict === 'not-comparable'
  const present = values.flatMap((value, index) =>
    Number.isFinite(value?.value) && comparable[index] && isSound[index] && !areApart(index, 0) ? [index] : []
  )
  present.sort((a, b) => sign * (values[b]!.value - values[a]!.value) || a - b)
  const [first, second] = present
  const isBest =
    direction !== null &&
    second !== undefined &&
    values[first!]!.value !== values[second]!.value &&
    present.every((index) => !areApart(index, first!))
  const best = isBest ? first! : null
  // The baseline where it can be held against the best run, else the next best.
  const against = best !== null && best !== 0 && Number.isFinite(values[0]?.value) && comparable[0] ? 0 : (second ?? null)
  return {
    key,
    label: definition?.label ?? key,
    unit: definition?.unit ?? 'none',
    direction,
    values,
    comparable,
    pairs: values.map((_, index) => pair(index, 0)),
    best,
    separated: best !== null && present.slice(1).every((index) => pair(best, index)?.verdict === 'better'),
    rival: best === null || against === null ? null : { run: against, pair: pair(best, against) },
    differs: new Set(values.map((metric) => metric?.value)).size > 1
  }
}

interface HeldRuns extends Pick<ComparedMetric, 'comparable'> {
  runs: readonly RunSummary[]
  together: JudgedTogether
  /** Why the metric of two runs is not one question; null where it is. */
  apart(a: number, b: number): string | null
}

/** All pairs of a metric that have an interval, held together; gives the one of two runs. */
async function holdPairs(
  key: string,
  { runs, comparable, together, apart }: HeldRuns,
  signal: AbortSignal | undefined
): Promise<(a: number, b: number) => (HeldDifference & Pick<Found, 'method' | 'rows'>) | null> {
  const found = new Map<string, Found>()
  for (let a = 0; a < runs.length; a++)
    for (let b = 0; b < a; b++) {
      if (!comparable[a] || !comparable[b] || apart(a, b) !== null) continue
      await breathe(signal)
      const difference = byRows(key, runs[a]!, runs[b]!, together) ?? byIntervals(key, [runs[a]!, runs[b]!], together)
      if (difference) found.set(`${a} ${b}`, difference)
    }
  const all = [...found.values()]
  const held = new Map([...found.keys()].map((pair, index) => [pair, index]))
  const settled = holdTogether(all)
  return (a, b) => {
    const turned = a < b
    const index = held.get(turned ? `${b} ${a}` : `${a} ${b}`)
    if (index === undefined) return null
    const [{ method, rows }, { value, low, high, ...shared }] = [all[index]!, settled[index]!]
    const ends = turned ? { value: 0 - value, low: 0 - high, high: 0 - low } : { value, low, high }
    return { ...ends, ...shared, method, rows }
  }
}

function byRows(key: string, a: RunSummary, b: RunSummary, { places, comparison }: JudgedTogether): Found | null {
  const [one, other] = [places.get(a.id), places.get(b.id)]
  const difference = comparison && one !== undefined && other !== undefined ? comparison.difference(key, one, other) : null
  return difference && { ...difference, rows: comparison!.rows }
}

/** Not where the rows of both come in too few clusters: their intervals say less than they seem to. */
function byIntervals(key: string, runs: readonly [RunSummary, RunSummary], { places, comparison }: JudgedTogether): Found | null {
  if (comparison?.areFewClusters && dependsOnRows(key) && runs.every(({ id }) => places.has(id))) return null
  const [a, b] = runs.map(({ metrics }) => metrics[key])
  if (!a || !b || a.low === null || a.high === null || b.low === null || b.high === null) return null
  const [one, other] = [
    { ...a, low: a.low, high: a.high },
    { ...b, low: b.low, high: b.high }
  ]
  return { ...independentDifference(one, other), method: 'independent', rows: null }
}
