import { shiftWords, type ColumnShift, type Shift, type ShiftVerdict } from '../../model/scoring'
import type { SignatureInput } from '../../model/training'
import type { Column, Frame } from '../frames'
import { columnOf } from '../frames'

/** Bins of a numeric column: deciles of the training rows, or its values where there are no more than this. */
const mostBins = 10
/** Texts of a column that are counted apart; the others are counted together. */
const mostTexts = 20
/** Share that stands in for none, so that the logarithm has a value. */
const leastShare = 1e-4
/**
 * From which index on a shift is called moderate and large: N. Siddiqi, Credit Risk Scorecards, Wiley 2006, chapter 9. Where chance alone
 * would give as much, the bound is the 95th percentile of the index without a shift.
 */
export const shiftBounds = { moderate: 0.1, large: 0.25 } as const

/** Where the values of one column fall; the last bin holds missing values. */
export interface ColumnBins {
  column: string
  /** Upper edges of numbers, rising; a number beyond the last edge falls into the bin after it. */
  edges?: readonly number[]
  /** Values that are counted apart, where there are few; any other number falls into one bin more. */
  values?: readonly number[]
  texts?: readonly string[]
  /** Rows of training by bin. */
  training: readonly number[]
}

const isText = ({ tensor }: SignatureInput): boolean => tensor === 'string'

/** Bins of a column and how many training rows each has, from some of those rows. `column` holds them. */
export function binsOf(input: SignatureInput, column: Column): ColumnBins {
  const bins = isText(input) ? textBins(column) : numberBins(column)
  const empty = { column: input.name, ...bins, training: [] }
  return { ...empty, training: [...countInto(empty, column, new Float64Array(binCount(empty)))] }
}

function textBins(column: Column): Pick<ColumnBins, 'texts'> {
  if (column.kind !== 'category') return { texts: [] }
  const counts = new Float64Array(column.categories.length)
  for (const code of column.codes) if (code >= 0) counts[code]!++
  const order = [...counts.keys()].filter((code) => counts[code]! > 0)
  order.sort((a, b) => counts[b]! - counts[a]! || (column.categories[a]! < column.categories[b]! ? -1 : 1))
  return { texts: order.slice(0, mostTexts).map((code) => column.categories[code]!) }
}

function numberBins(column: Column): Pick<ColumnBins, 'edges' | 'values'> {
  const sorted = column.kind === 'category' ? new Float64Array(0) : column.values.filter((value) => !Number.isNaN(value)).sort()
  const different = new Set<number>()
  for (const value of sorted) {
    different.add(value)
    if (different.size > mostBins) break
  }
  if (different.size <= mostBins) return { values: [...different] }
  // The smallest value with at least so many below or at it: `inverted_cdf` of numpy.
  const quantile = (tenth: number): number => sorted[Math.max(0, Math.ceil((tenth / mostBins) * sorted.length) - 1)]!
  return { edges: [...new Set(Array.from({ length: mostBins - 1 }, (_, index) => quantile(index + 1)))] }
}

const binCount = ({ edges, values, texts }: Omit<ColumnBins, 'training'>): number => (edges ?? values ?? texts ?? []).length + 2

/** Adds the rows of a column to the counts by bin. */
export function countInto(bins: Omit<ColumnBins, 'training'>, column: Column, counts: Float64Array): Float64Array {
  const missing = counts.length - 1
  if (column.kind === 'category') {
    const place = new Map((bins.texts ?? []).map((text, index) => [text, index]))
    const places = column.categories.map((text) => place.get(text) ?? missing - 1)
    for (const code of column.codes) counts[code < 0 ? missing : places[code]!]!++
    return counts
  }
  const { edges, values } = bins
  const place = new Map((values ?? []).map((value, index) => [value, index]))
  for (const value of column.values) {
    if (Number.isNaN(value)) counts[missing]!++
    else if (edges) counts[firstAtLeast(edges, value)]!++
    else counts[place.get(value) ?? missing - 1]!++
  }
  return counts
}

/** Index of the first edge that is at least the value; the number of edges where none is. */
function firstAtLeast(edges: readonly number[], value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Population stability index of counts by bin: the sum of (here - training) x ln(here / training) over the shares, where no share is taken to
 * be smaller than 0.0001. Bins that have rows on neither side are left out.
 */
export function stabilityIndex(training: ArrayLike<number>, here: ArrayLike<number>): number {
  const total = (counts: ArrayLike<number>): number => Array.from(counts).reduce((sum, count) => sum + count, 0)
  const [all, now] = [total(training), total(here)]
  let index = 0
  for (let bin = 0; bin < training.length; bin++) {
    if (training[bin] === 0 && here[bin] === 0) continue
    const before = Math.max(training[bin]! / all, leastShare)
    const after = Math.max(here[bin]! / now, leastShare)
    index += (after - before) * Math.log(after / before)
  }
  return index
}

/**
 * 95th percentile of the index of two samples of one distribution: (1/n + 1/m) times that of chi-square with a degree of freedom fewer than
 * bins (B. Yurdakul and J. Naranjo, Statistical properties of the population stability index, J. Risk Model Validation 14(4), 2020), the
 * latter by Wilson and Hilferty.
 */
export function chanceIndex(bins: number, trainingRows: number, rows: number): number {
  const degrees = bins - 1
  if (degrees < 1) return 0
  const part = 2 / (9 * degrees)
  return degrees * (1 - part + 1.6448536269514722 * Math.sqrt(part)) ** 3 * (1 / trainingRows + 1 / rows)
}

export function judgeShift(psi: number, chance: number): ShiftVerdict {
  if (psi > Math.max(shiftBounds.large, chance)) return 'large'
  if (psi > Math.max(shiftBounds.moderate, chance)) return 'moderate'
  return chance > shiftBounds.large ? 'cannot-be-told' : 'stable'
}

/** What the training rows looked like, by column, from an even sample of them. */
export interface Reference {
  rows: number
  columns: readonly ColumnBins[]
}

/** Counts the rows of a table into the bins of training, batch by batch. */
export class ShiftMeter {
  private readonly counts: Float64Array[]
  private rows = 0

  constructor(private readonly reference: Reference) {
    this.counts = reference.columns.map((bins) => new Float64Array(bins.training.length))
  }

  add(frame: Frame): void {
    this.reference.columns.forEach((bins, index) => countInto(bins, columnOf(frame, bins.column), this.counts[index]!))
    this.rows += frame.rows
  }

  /** The distance of each column, the farthest first. */
  result(): Shift {
    const { rows: trainingRows, columns } = this.reference
    if (this.rows === 0 || trainingRows === 0) return { told: false, why: 'There are no rows to compare.' }
    const shifts = columns.map((bins, index): ColumnShift => {
      const here = this.counts[index]!
      const names = binNames(bins)
      const used = names.flatMap((_, bin) => (bins.training[bin]! + here[bin]! > 0 ? [bin] : []))
      const psi = stabilityIndex(bins.training, here)
      const chance = chanceIndex(used.length, trainingRows, this.rows)
      const share = (counts: ArrayLike<number>, all: number) => (bin: number) => counts[bin]! / all
      const [before, now] = [share(bins.training, trainingRows), share(here, this.rows)]
      return {
        ...{ column: bins.column, psi, chance, verdict: judgeShift(psi, chance) },
        bins: used.map((bin) => ({ bin: names[bin]!, training: before(bin), here: now(bin) }))
      }
    })
    shifts.sort((a, b) => b.psi - a.psi)
    return { told: true, trainingRows, columns: shifts, method }
  }
}

function binNames({ edges, values, texts }: ColumnBins): string[] {
  if (edges)
    return [...edges.map((edge, index) => (index ? `${edges[index - 1]} to ${edge}` : `to ${edge}`)), `above ${edges.at(-1)}`, 'missing']
  return [...(texts ?? values ?? []).map(String), 'any other', 'missing']
}

const method = `Population stability index: the sum of (share here - share in training) x ln(share here / share in training) over the deciles of training (its values where there are at most ${mostBins}, its ${mostTexts} most frequent texts) with a bin for other and one for missing values; a share below ${leastShare} counts as that. Above ${shiftBounds.moderate} it is "${shiftWords.moderate}", above ${shiftBounds.large} "${shiftWords.large}" (Siddiqi, Credit Risk Scorecards, 2006), and never below what chance gives in one of twenty comparisons (Yurdakul and Naranjo, 2020).`
