import type { ProbabilityMap } from '../../model/calibration'
import type { OnnxFile } from '../onnx-file'
import { encodedValue, giveOutputs, int, type AroundGraph } from '../training'
import { nearest } from './apply-maps'

/**
 * Lays the correction behind the probabilities of a graph, in double precision: `probabilities` and `label` are the corrected ones, and what
 * was stated before is an output of its own.
 * @param maps one for each class, or one for all; of a yes or no that of the event
 * @returns the bytes, and the name of the output with the probabilities before
 */
export function calibrateGraph(bytes: Uint8Array, file: OnnxFile, maps: readonly ProbabilityMap[], classes: number) {
  let before = ''
  const replaced = { probabilities: 'uncalibrated', label: 'uncalibrated_label' }
  const calibrated = giveOutputs(bytes, file, replaced, { 'drydock.calibration': maps[0]!.method }, ({ around, earlier }) => {
    before = earlier('probabilities')
    const stated = around.cast(before, 'double')
    const corrected =
      classes === 2 && maps.length === 1 ? correctEvent(around, stated, maps[0]!) : correctClasses(around, stated, maps, classes)
    const isMissing = around.add('IsNaN', [stated])
    const whole = around.add('Where', [isMissing, around.constant('double', [1, 1], [NaN]), corrected])
    const probabilities = around.cast(whole, 'float', 'probabilities')
    if (classes === 2) labelFrom(around, probabilities, 0.5)
    else around.add('ArgMax', [probabilities], { axis: int(1), keepdims: int(0) }, 'label')
    return [
      encodedValue({ name: 'label', type: 'int64', dimensions: ['N'], description: 'place of the outcome that is decided for' }),
      encodedValue({ name: 'probabilities', type: 'float', dimensions: ['N', classes], description: 'corrected probabilities' }),
      encodedValue({ name: before, type: 'float', dimensions: ['N', classes], description: 'probabilities before the correction' })
    ]
  })
  return { bytes: calibrated, before }
}

/** `label` from the probability of the event: 1 at and above the threshold, 0 below it and where there is none. */
export function labelFrom(around: AroundGraph, probabilities: string, threshold: number): void {
  const event = around.add('Gather', [probabilities, around.constant('int64', [1], [1])], { axis: int(1) })
  const isChosen = around.add('Greater', [event, around.constant('float', [1, 1], [floatBelow(threshold)])])
  around.add('Reshape', [around.cast(isChosen, 'int64'), around.constant('int64', [1], [-1])], {}, 'label')
}

const single = new Float32Array(1)
const bits = new Int32Array(single.buffer)

/** The largest single-precision number below a probability, so that "above it" is "at and above the probability" in the graph too. */
function floatBelow(probability: number): number {
  single[0] = probability
  if (single[0] < probability) return single[0]
  if (single[0] <= 0) return -1
  bits[0]! -= 1
  return single[0]
}

function correctEvent(around: AroundGraph, stated: string, map: ProbabilityMap): string {
  const event = around.add('Gather', [stated, around.constant('int64', [1], [1])], { axis: int(1) })
  const one = around.constant('double', [1, 1], [1])
  const corrected =
    map.method === 'temperature'
      ? logisticOf(around, event, { slope: 1 / map.temperature, other: 1 / map.temperature, intercept: 0 })
      : correct(around, event, map)
  return around.add('Concat', [around.add('Sub', [one, corrected]), corrected], { axis: int(1) })
}

function correctClasses(around: AroundGraph, stated: string, maps: readonly ProbabilityMap[], classes: number): string {
  const [first] = maps
  let corrected: string
  if (first!.method === 'temperature') {
    const logs = around.add('Log', [insideOf(around, stated)])
    corrected = around.add('Exp', [around.add('Mul', [logs, around.constant('double', [1, 1], [1 / first!.temperature])])])
  } else {
    const columns = maps.map((map, place) =>
      correct(around, around.add('Gather', [stated, around.constant('int64', [1], [place])], { axis: int(1) }), map)
    )
    corrected = around.add('Concat', columns, { axis: int(1) })
  }
  return normalised(around, corrected, classes)
}

/** Each over the sum of all; equal shares where that is zero, which only curves a class can come to. */
function normalised(around: AroundGraph, values: string, classes: number): string {
  const sum = around.add('MatMul', [values, around.constant('double', [classes, 1], new Array<number>(classes).fill(1))])
  const zero = around.constant('double', [1, 1], [0])
  const isNone = around.add('Not', [around.add('Greater', [sum, zero])])
  return around.add('Where', [isNone, around.constant('double', [1, 1], [1 / classes]), around.add('Div', [values, sum])])
}

function correct(around: AroundGraph, p: string, map: ProbabilityMap): string {
  if (map.method === 'platt') return logisticOf(around, p, { slope: map.slope, other: map.slope, intercept: map.intercept })
  if (map.method === 'beta') return logisticOf(around, p, { slope: map.a, other: map.b, intercept: map.c })
  if (map.method === 'isotonic') return interpolate(around, p, map)
  throw new Error('a temperature takes all classes')
}

function insideOf(around: AroundGraph, p: string): string {
  const atLeast = around.add('Max', [p, around.constant('double', [1, 1], [nearest])])
  return around.add('Min', [atLeast, around.constant('double', [1, 1], [1 - nearest])])
}

/** logistic(slope * ln p - other * ln(1 - p) + intercept) */
function logisticOf(
  around: AroundGraph,
  p: string,
  { slope, other, intercept }: { slope: number; other: number; intercept: number }
): string {
  const number = (value: number): string => around.constant('double', [1, 1], [value])
  const held = insideOf(around, p)
  const low = around.add('Mul', [around.add('Log', [held]), number(slope)])
  const high = around.add('Mul', [around.add('Log', [around.add('Sub', [number(1), held])]), number(other)])
  return around.add('Sigmoid', [around.add('Add', [around.add('Sub', [low, high]), number(intercept)])])
}

/** Straight lines between points: the number of inner points at or below p says which line it is on. */
function interpolate(around: AroundGraph, p: string, { x, y }: { x: readonly number[]; y: readonly number[] }): string {
  const row = (values: readonly number[]): string => around.constant('double', [1, values.length], values)
  // What is not a number stays one, whatever its line.
  if (x.length === 1) return around.add('Add', [around.add('Mul', [p, row([0])]), row([y[0]!])])
  const held = around.add('Min', [around.add('Max', [p, row([x[0]!])]), row([x.at(-1)!])])
  const slopes = x.slice(1).map((each, k) => (y[k + 1]! - y[k]!) / (each - x[k]!))
  const inner = x.slice(1, -1)
  let at = row
  if (inner.length > 0) {
    const isReached = around.cast(around.add('Not', [around.add('Less', [held, row(inner)])]), 'double')
    const ones = around.constant('double', [inner.length, 1], new Array<number>(inner.length).fill(1))
    const count = around.cast(around.add('MatMul', [isReached, ones]), 'int64')
    const line = around.add('Reshape', [count, around.constant('int64', [1], [-1])])
    at = (values) => around.add('Gather', [around.constant('double', [values.length, 1], values), line], { axis: int(0) })
  }
  const beyond = around.add('Sub', [held, at(x.slice(0, -1))])
  return around.add('Add', [at(y.slice(0, -1)), around.add('Mul', [beyond, at(slopes)])])
}
