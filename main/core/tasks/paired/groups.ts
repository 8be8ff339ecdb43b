import type { Units } from '../resampling'

/** Which groups an evaluation compared. */
export interface GroupRules {
  column: string
  minimumGroupSize: number
  /** Fewest rows of each outcome for the gaps of errors; only where rows are decided. */
  minimumClassSize?: number
}

/** A run by its groups: by row the number of its group, and which of them were compared. */
export interface GroupedRun {
  scores: { groups?: Uint32Array }
  /** Without it, or where the rows do not say their group, no gap is compared row by row. */
  groups?: GroupRules
}

/** More groups than this are not counted again row by row. */
export const mostGroups = 1000

/** Whether two runs were judged by the same groups of the same rows. */
export function haveSameGroups(a: GroupedRun, b: GroupedRun): boolean {
  const [one, other] = [a.scores.groups, b.scores.groups]
  return (
    one !== undefined &&
    other !== undefined &&
    a.groups?.column === b.groups?.column &&
    a.groups?.minimumGroupSize === b.groups?.minimumGroupSize &&
    a.groups?.minimumClassSize === b.groups?.minimumClassSize &&
    one.length === other.length &&
    one.every((group, row) => group === other[row])
  )
}

/** The rules of an evaluation's groups, without what was found of them. */
export const rulesOf = ({ column, minimumGroupSize, minimumClassSize }: GroupRules): GroupRules => ({
  column,
  minimumGroupSize,
  ...(minimumClassSize !== undefined && { minimumClassSize })
})

/** How many groups the rows come in, the numbers that none has among them. */
export const countGroups = (groups: Uint32Array): number => groups.reduce((most, group) => Math.max(most, group + 1), 0)

/** The fewest clusters that the rows of any part come in; undefined where rows stand for themselves. @param partOf by row, negative for none */
export function fewestClusters({ of, areRows }: Units, rows: number, partOf: (row: number) => number): number | undefined {
  if (!of || areRows) return undefined
  const found = new Map<number, Set<number>>()
  for (let row = 0; row < rows; row++) {
    const part = partOf(row)
    if (part < 0) continue
    const own = found.get(part) ?? new Set()
    found.set(part, own.add(of[row]!))
  }
  return found.size === 0 ? undefined : Math.min(...[...found.values()].map(({ size }) => size))
}

/** The grouping of rows whose groups have numbers for names. */
export const groupingOf = (groups: Uint32Array) => ({
  codes: Int32Array.from(groups),
  names: Array.from({ length: countGroups(groups) }, (_, group) => String(group))
})
