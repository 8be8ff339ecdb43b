import { WorkbenchError } from '../../../model/errors'
import { didYouMean } from '../../../model/near-names'
import type { Dependence, DependenceFeature } from '../../../model/dependence'
import type { Explanation } from '../../../model/explanation'
import type { ModelSignature } from '../../../model/training'
import { listed, type Frame } from '../../frames'
import { breathe } from '../../numerics'
import { tellTable } from '../explained-table'
import type { ModelExplainer } from '../model-explainer'
import { askingOf } from './answers'
import { curvesOf } from './curves'
import { gridOf } from './grid'
import { narrateDependence } from './narrate'

export interface DependenceOptions {
  model: Dependence['model']
  signature: ModelSignature
  /** Rows that the curves are means over. */
  frame: Frame
  /** Which rows these are, where that is known. */
  explained?: Dependence['explained']
  /** Columns by name; by `ranking` where it is not said. */
  features?: readonly string[]
  /** What columns move the answers most, such as the outputs of an explanation. */
  ranking?: Explanation['outputs']
  /** Events, classes or amounts; all of up to five, else the five of the largest mean probability. */
  outputs?: readonly string[]
  /** Parts that numbers are divided into, and most texts. */
  grid?: number
  /** Most rows with a line of their own. */
  lines?: number
  seed: number
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

export const usualDependence = { features: 8, outputs: 5, grid: 20, lines: 30, rows: 500 } as const

/**
 * Partial dependence, individual lines and accumulated local effects of a model's columns, by its exported file alone.
 * @throws WorkbenchError INVALID_INPUT for a column or class that the model does not have, no rows, or a value without a finite answer
 */
export async function measureDependence(explainer: ModelExplainer, options: DependenceOptions): Promise<Dependence> {
  const { model, signature, frame, seed, signal, grid = usualDependence.grid, lines = usualDependence.lines } = options
  if (frame.rows === 0) throw new WorkbenchError('INVALID_INPUT', 'There are no rows to draw curves over. Give a table with some.')
  const names = signature.inputs.map(({ name }) => name)
  const chosen = options.features ? known(options.features, names, 'column') : rankedBy(options.ranking ?? [], names)
  const asking = askingOf(explainer)
  const outputs = await outputsOf(explainer, frame, options.outputs, signal)
  const sample = Math.min(lines, frame.rows)
  const rows = Uint32Array.from({ length: sample }, (_, at) => Math.floor((at * frame.rows) / sample))
  const features: DependenceFeature[] = []
  for (const name of chosen) {
    await breathe(signal)
    const input = signature.inputs.find((each) => each.name === name)!
    const own = gridOf(frame, input, names, grid)
    const drawn =
      own.values.length > 0 || own.hasMissing
        ? await curvesOf(asking, { frame, input, grid: own, outputs: outputs.places, lines: rows, signal })
        : null
    if (drawn && (drawn.grid.values.length > 0 || drawn.grid.hasMissing))
      features.push({
        feature: name,
        kind: input.kind,
        ...(input.unit !== undefined && { unit: input.unit }),
        grid: [...drawn.grid.values, ...(drawn.grid.hasMissing ? [null] : [])],
        share: sharesOf(drawn.grid, frame.rows),
        order: own.order,
        leftOut: own.leftOut / frame.rows,
        curves: drawn.curves
      })
    options.onProgress?.(features.length / chosen.length)
  }
  const facts: Omit<Dependence, 'narrative'> = {
    schema: 'drydock.dependence',
    version: 1,
    model,
    task: signature.task,
    target: signature.target.name,
    seed,
    rows: frame.rows,
    lines: sample,
    ...(options.explained && { explained: options.explained }),
    outputs: outputs.places.map((place) => explainer.outputs[place]!),
    chosen: outputs.chosen,
    answer: asking.answer,
    margin: asking.margin,
    by: options.features ? 'asked' : 'contribution',
    features
  }
  return { ...facts, narrative: [...narrateDependence(facts), ...tellTable(options.explained)] }
}

function sharesOf({ values, hasMissing, placeOf, missing }: ReturnType<typeof gridOf>, rows: number): number[] {
  const counts = [...values.map(() => 0), ...(hasMissing ? [missing] : [])]
  for (const place of placeOf) if (place >= 0) counts[place]!++
  return counts.map((count) => count / rows)
}

/** @throws WorkbenchError INVALID_INPUT */
function known(asked: readonly string[], names: readonly string[], what: 'column' | 'class'): string[] {
  if (asked.length === 0) throw new WorkbenchError('INVALID_INPUT', `No ${what} was named. Name at least one, or leave the choice out.`)
  for (const name of asked)
    if (!names.includes(name))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The model has no ${what} "${name}". It has: ${listed(names)}.${didYouMean(name, names)} Choose one of these.`,
        { details: { [what]: name } }
      )
  return [...new Set(asked)]
}

/** The columns that move the answers most over all outputs. */
function rankedBy(ranking: Explanation['outputs'], names: readonly string[]): string[] {
  const totals = new Map(names.map((name) => [name, 0]))
  for (const { features } of ranking) for (const { feature, mean } of features) totals.set(feature, (totals.get(feature) ?? 0) + mean)
  return [...names].sort((a, b) => totals.get(b)! - totals.get(a)!).slice(0, usualDependence.features)
}

async function outputsOf(
  explainer: ModelExplainer,
  frame: Frame,
  asked: readonly string[] | undefined,
  signal?: AbortSignal
): Promise<{ places: number[]; chosen: Dependence['chosen'] }> {
  const { outputs } = explainer
  if (asked) return { places: known(asked, outputs, 'class').map((name) => outputs.indexOf(name)), chosen: 'asked' }
  const all = outputs.map((_, place) => place)
  if (outputs.length <= usualDependence.outputs) return { places: all, chosen: 'all' }
  const scores = await explainer.score(frame, signal)
  const sums = new Float64Array(outputs.length)
  scores.forEach((score, at) => (sums[at % outputs.length]! += score))
  const places = all.sort((a, b) => sums[b]! - sums[a]! || a - b).slice(0, usualDependence.outputs)
  return { places, chosen: 'likeliest' }
}
