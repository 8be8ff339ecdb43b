import { isotonic, studentQuantile } from '../../numerics'
import type { Direction } from '../directions'
import type { Scores } from './boost'

/** What a shape's bins are: `missing` is the last one; of a text, `unseen` is the one before it, of texts that training did not see. */
export interface BinKind {
  bins: number
  isText: boolean
  weights: Float64Array
  /** Which way the shape may go. */
  direction: Direction
}

/** Gives bins that no training row is in the score that says nothing: of an unknown text the average of the known ones, else the mean of the rows. */
export function fillEmpty(scores: Float64Array, { bins, isText, weights }: BinKind, width: number): void {
  for (let k = 0; k < width; k++) {
    const meanUpTo = (end: number): number => {
      let [sum, total] = [0, 0]
      for (let bin = 0; bin < end; bin++) {
        sum += weights[bin]! * scores[bin * width + k]!
        total += weights[bin]!
      }
      return total > 0 ? sum / total : 0
    }
    const known = meanUpTo(isText ? bins - 2 : bins - 1)
    const all = meanUpTo(bins)
    for (let bin = 0; bin < bins; bin++) if (!(weights[bin]! > 0)) scores[bin * width + k] = isText && bin < bins - 1 ? known : all
  }
}

/** The nearest shape that goes only one way over the value bins; the missing bin stays. */
export function smooth(scores: Float64Array, { bins, weights, direction }: BinKind): void {
  if (direction === null) return
  const sign = direction === 'rising' ? 1 : -1
  const values = scores.subarray(0, bins - 1)
  values.set(
    isotonic(
      values.map((value) => sign * value),
      weights.subarray(0, bins - 1)
    ).map((value) => sign * value)
  )
}

/** Takes the weighted mean out of the scores, and returns it: one value for each output. */
export function centre(scores: Float64Array, weights: Float64Array, width: number): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const isShared = weights.some((weight) => weight === total)
  return Float64Array.from({ length: width }, (_, k) => {
    let mean = 0
    for (let cell = 0; cell < weights.length; cell++) mean += (weights[cell]! / total) * scores[cell * width + k]!
    // What all rows share is their mean exactly: rounding must not make it a part of the shape.
    for (let cell = 0; cell < weights.length; cell++) scores[cell * width + k] = isShared ? 0 : scores[cell * width + k]! - mean
    return mean
  })
}

/** Takes out what all classes have in common in a cell: it changes no probability. */
export function centreClasses(scores: Float64Array, width: number): void {
  if (width === 1) return
  for (let at = 0; at < scores.length; at += width) {
    const own = scores.subarray(at, at + width)
    const mean = own.reduce((sum, score) => sum + score, 0) / width
    for (let k = 0; k < width; k++) own[k]! -= mean
  }
}

/**
 * Mean over the bags, and half of its 95% interval; none for one bag. Bags that leave out a share f of the rows differ by less than fits on other
 * rows would: their variance times (1 - f) / f is the jackknife's (Shao and Wu 1989), and Student's t makes up for how few they are.
 */
export function meanOfBags(scores: Scores, term: number, share: number): { scores: number[]; halves: number[] } {
  const bags = scores.length
  const size = scores[0]![term]!.length
  const mean = Array.from({ length: size }, (_, at) => scores.reduce((sum, bag) => sum + bag[term]![at]!, 0) / bags)
  if (bags === 1) return { scores: mean, halves: [] }
  const factor = studentQuantile(0.975, bags - 1) * Math.sqrt((1 - share) / share)
  const halves = mean.map((own, at) => {
    const squares = scores.reduce((sum, bag) => sum + (bag[term]![at]! - own) ** 2, 0)
    return factor * Math.sqrt(squares / (bags - 1))
  })
  return { scores: mean, halves }
}

/**
 * Takes out of a pair what depends on one of its features alone (Lengerich et al. 2020) and adds it to their shapes, so that the pair holds
 * only what the two do together. Cells without rows have no weight.
 */
export function purify(
  scores: Float64Array,
  weights: Float64Array,
  first: { shape: Float64Array; groups: readonly number[] },
  second: { shape: Float64Array; groups: readonly number[] }
): void {
  const columns = second.groups.reduce((most, group) => Math.max(most, group), 0) + 1
  const rows = weights.length / columns
  for (let pass = 0; pass < 100; pass++) {
    const moved = Math.max(
      moveMeans(scores, weights, rows, columns, (a, b) => a * columns + b, first),
      moveMeans(scores, weights, columns, rows, (b, a) => a * columns + b, second)
    )
    if (moved < 1e-12) return
  }
}

/** Moves the mean of each line of cells to the shape of its feature; returns the largest. */
function moveMeans(
  scores: Float64Array,
  weights: Float64Array,
  lines: number,
  cells: number,
  cellOf: (line: number, at: number) => number,
  { shape, groups }: { shape: Float64Array; groups: readonly number[] }
): number {
  const means = new Float64Array(lines)
  for (let line = 0; line < lines; line++) {
    let [sum, total] = [0, 0]
    for (let at = 0; at < cells; at++) {
      sum += weights[cellOf(line, at)]! * scores[cellOf(line, at)]!
      total += weights[cellOf(line, at)]!
    }
    if (!(total > 0)) {
      // What no row has is no reason for a score.
      for (let at = 0; at < cells; at++) scores[cellOf(line, at)] = 0
      continue
    }
    means[line] = sum / total
    for (let at = 0; at < cells; at++) scores[cellOf(line, at)]! -= means[line]!
  }
  groups.forEach((group, bin) => (shape[bin]! += means[group]!))
  return means.reduce((most, mean) => Math.max(most, Math.abs(mean)), 0)
}
