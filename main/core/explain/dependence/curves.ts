import type { DependenceCurve, DependenceScale } from '../../../model/dependence'
import { WorkbenchError } from '../../../model/errors'
import type { ModelSignature } from '../../../model/training'
import type { Frame } from '../../frames'
import { selectRows } from '../../frames'
import { z95 } from '../../numerics'
import { columnFrom, repeatRows, withColumn } from '../cells'
import { cellWords } from '../narrative'
import type { Cell } from '../summary'
import type { Answers, Asking } from './answers'
import type { Grid } from './grid'

type Input = ModelSignature['inputs'][number]

interface Asked {
  frame: Frame
  input: Input
  grid: Grid
  /** Places of the outputs that are drawn. */
  outputs: readonly number[]
  /** Rows with a line of their own. */
  lines: Uint32Array
  signal?: AbortSignal
}

/**
 * The curves of one column, for each output and scale, and the grid that they are over: without the missing point where the model has no answer
 * to it.
 * @throws WorkbenchError INVALID_INPUT where it has none to another point
 */
export async function curvesOf(
  asking: Asking,
  { frame, input, grid: whole, outputs, lines, signal }: Asked
): Promise<{ grid: Grid; curves: DependenceCurve[] }> {
  const asked: Cell[] = [...whole.values, ...(whole.hasMissing ? [null] : [])]
  const copies = repeatRows(frame, asked.length)
  const given = asked.flatMap((point) => new Array<Cell>(frame.rows).fill(point))
  const answers = await asking.ask(withColumn(copies, input.name, columnFrom(input.kind, given)), signal)
  const grid = answered(whole, asked, answers, input)
  const points = grid.hasMissing ? asked : grid.values
  const steps = await askSteps(asking, frame, input, grid, signal)
  const width = asking.outputs.length
  const scales = (['answer', 'margin'] as const).filter((scale) => answers[scale])
  const curves = outputs.flatMap((output) =>
    scales.map((scale) => {
      const at = (point: number, row: number): number => answers[scale]![(point * frame.rows + row) * width + output]!
      const effect: (number | null)[] = accumulate(grid, steps, scale, width, output)
      return {
        output: asking.outputs[output]!,
        scale,
        ...meansOf(points.length, frame.rows, at),
        effect: grid.hasMissing ? [...effect, null] : effect,
        lines: byHeight(Array.from(lines, (row) => points.map((_, point) => Number(at(point, row).toPrecision(7)))))
      }
    })
  )
  return { grid, curves }
}

/** The grid without a missing point that has no finite answer. @throws WorkbenchError INVALID_INPUT for another point without one */
function answered(grid: Grid, points: readonly Cell[], answers: Answers, { name, kind }: Input): Grid {
  const isFinite = (point: number): boolean =>
    Object.values(answers).every((found) => {
      const each = found.length / points.length
      return found.subarray(point * each, (point + 1) * each).every(Number.isFinite)
    })
  const bad = points.findIndex((_, point) => !isFinite(point))
  if (bad < 0) return grid
  if (points[bad] === null) return { ...grid, hasMissing: false }
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The model has no finite answer to some rows when "${name}" is ${cellWords(points[bad]!, kind)}, so no curve of it can be drawn. Look at the values of the rows, or name other columns for the curves.`,
    { details: { column: name } }
  )
}

const byHeight = (lines: number[][]): number[][] => {
  const heightOf = (line: readonly number[]): number => line.reduce((sum, value) => sum + value, 0)
  return lines.sort((a, b) => heightOf(a) - heightOf(b))
}

function meansOf(points: number, rows: number, at: (point: number, row: number) => number): Pick<DependenceCurve, 'mean' | 'low' | 'high'> {
  const mean = new Array<number>(points)
  const half = new Array<number | null>(points)
  for (let point = 0; point < points; point++) {
    let sum = 0
    for (let row = 0; row < rows; row++) sum += at(point, row)
    let squares = 0
    for (let row = 0; row < rows; row++) squares += (at(point, row) - sum / rows) ** 2
    mean[point] = sum / rows
    half[point] = rows < 2 ? null : z95 * Math.sqrt(squares / (rows - 1) / rows)
  }
  return {
    mean,
    low: mean.map((value, point) => (half[point] === null ? null : value - half[point]!)),
    high: mean.map((value, point) => (half[point] === null ? null : value + half[point]!))
  }
}

/** Answers to rows that go from one value of the grid to the next: the step (by its upper end), and what it changed. */
interface Steps {
  step: Int32Array
  from: Answers
  to: Answers
}

/** Numbers go to the two ends of the bin that they lie in; texts to the one before and to the one after, each from its own (Apley and Zhu 2020). */
async function askSteps(asking: Asking, frame: Frame, input: Input, grid: Grid, signal?: AbortSignal): Promise<Steps> {
  const rows: number[] = []
  const step: number[] = []
  const last = grid.values.length - 1
  grid.placeOf.forEach((place, row) => {
    if (place < 0 || last < 1) return
    const own = grid.order === 'value' ? [Math.max(1, place)] : [place, place + 1].filter((each) => each >= 1 && each <= last)
    for (const each of own) {
      rows.push(row)
      step.push(each)
    }
  })
  const picked = selectRows(frame, Uint32Array.from(rows))
  const at = (shift: number): Promise<Answers> => {
    const cells = step.map((each) => grid.values[each + shift]!)
    return rows.length === 0 ? Promise.resolve({}) : asking.ask(withColumn(picked, input.name, columnFrom(input.kind, cells)), signal)
  }
  return { step: Int32Array.from(step), from: await at(-1), to: await at(0) }
}

/** Sums of the mean changes, less their mean over the rows: of numbers between the ends of each bin (trapezoids), of texts by their shares. */
function accumulate(
  { values, order, placeOf }: Grid,
  { step, from, to }: Steps,
  scale: DependenceScale,
  width: number,
  output: number
): number[] {
  const sums = new Float64Array(values.length)
  const counts = new Float64Array(values.length)
  step.forEach((each, at) => {
    sums[each]! += to[scale]![at * width + output]! - from[scale]![at * width + output]!
    counts[each]!++
  })
  const effect = new Array<number>(values.length).fill(0)
  for (let at = 1; at < values.length; at++) effect[at] = effect[at - 1]! + (counts[at]! > 0 ? sums[at]! / counts[at]! : 0)
  let mean = 0
  let rows = 0
  for (const place of placeOf) {
    if (place < 0) continue
    rows++
    mean += order === 'value' && place > 0 ? (effect[place]! + effect[place - 1]!) / 2 : effect[place]!
    if (order === 'value' && place === 0 && values.length > 1) mean += (effect[1]! - effect[0]!) / 2
  }
  return effect.map((each) => each - (rows > 0 ? mean / rows : 0))
}
