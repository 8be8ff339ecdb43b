import { breathe } from '../../numerics'
import type { Codes } from '../value-bins'
import { bestCut } from './grid'
import type { Loss, WeightedRows } from './loss'
import type { Grouping } from './pair-groups'

/** Columns among which pairs are looked for: those whose shapes move the margin most. */
const mostColumns = 60
/** Rows that are looked at, evenly spread. */
const mostRows = 50_000

export interface RankRequest {
  loss: Loss
  rows: WeightedRows
  /** Margins of the rows by the shapes alone. */
  margins: Float64Array
  codes: readonly Codes[]
  groupings: readonly Grouping[]
  /** Spread of each shape; a column that may not be in a pair has none. */
  spreads: Float64Array
  minRows: number
  l2: number
  signal?: AbortSignal
}

/** The pairs of features that reduce the loss most by one cut of each beyond what their shapes do, best first (FAST: Lou et al. 2013). */
export async function rankPairs(request: RankRequest, most: number): Promise<{ first: number; second: number; gain: number }[]> {
  const { loss, rows, margins, groupings, spreads, signal } = request
  const columns = [...spreads.keys()]
    .filter((column) => spreads[column]! >= 0 && groupings[column]!.axis.groups > 2)
    .sort((a, b) => spreads[b]! - spreads[a]! || a - b)
    .slice(0, mostColumns)
    .sort((a, b) => a - b)
  const gradients = new Float64Array(margins.length)
  const hessians = new Float64Array(margins.length)
  loss.derive(margins, rows, gradients, hessians)
  const count = rows.labels.length
  const sampled = Uint32Array.from({ length: Math.min(count, mostRows) }, (_, at) =>
    count <= mostRows ? at : Math.floor((at * count) / mostRows)
  )
  const found: { first: number; second: number; gain: number }[] = []
  for (const [at, first] of columns.entries())
    for (const second of columns.slice(at + 1)) {
      await breathe(signal)
      const cut = bestCut(
        totalsOf(request, first, second, sampled, gradients, hessians),
        groupings[first]!.axis,
        groupings[second]!.axis,
        request
      )
      if (cut) found.push({ first, second, gain: cut.gain })
    }
  return found.sort((a, b) => b.gain - a.gain || a.first - b.first || a.second - b.second).slice(0, most)
}

function totalsOf(
  { codes, groupings, rows: { weights } }: RankRequest,
  first: number,
  second: number,
  sampled: Uint32Array,
  gradients: Float64Array,
  hessians: Float64Array
) {
  const [a, b] = [groupings[first]!, groupings[second]!]
  const cells = a.axis.groups * b.axis.groups
  const totals = { gradients: new Float64Array(cells), hessians: new Float64Array(cells), rows: new Float64Array(cells) }
  const [firstCodes, secondCodes] = [codes[first]!, codes[second]!]
  for (const row of sampled) {
    if (!(weights[row]! > 0)) continue
    const cell = a.groups[firstCodes[row]!]! * b.axis.groups + b.groups[secondCodes[row]!]!
    totals.gradients[cell]! += gradients[row]!
    totals.hessians[cell]! += hessians[row]!
    totals.rows[cell]! += 1
  }
  return totals
}
