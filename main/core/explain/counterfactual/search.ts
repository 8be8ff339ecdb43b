import type { Frame } from '../../frames'
import { breathe } from '../../numerics'
import { columnFrom, repeatRows, withColumn } from '../cells'
import type { Cell } from '../summary'
import { apart, type Movable } from './moves'
import type { Goal } from './wanted'

/** A changed row: new values by the place of the column. */
export interface Change {
  to: ReadonlyMap<number, Cell>
  /** Sum of the columns' distances. */
  cost: number
  scores: Float64Array
  miss: number
}

export interface Search {
  row: Frame
  width: number
  movable: readonly Movable[]
  goal: Goal
  /** Answers of the exported file to rows, [rows, width]. */
  score(frame: Frame): Promise<Float64Array>
  /** Most columns that are changed together. */
  most: number
  /** Ways that are wanted, each by other columns. */
  count: number
  signal?: AbortSignal
}

/** Changed rows that are followed further. */
const beam = 24
/** Rows that the file is asked about at most. */
const mostAsked = 100_000

/** Asks for changed rows, and counts them. */
export class Asker {
  asked = 0
  constructor(private readonly search: Pick<Search, 'row' | 'width' | 'movable' | 'goal' | 'score'>) {}

  async ask(ways: readonly ReadonlyMap<number, Cell>[]): Promise<Change[]> {
    if (ways.length === 0) return []
    const { row, width, movable, goal, score } = this.search
    this.asked += ways.length
    let frame = repeatRows(row, ways.length)
    for (const { name, place, kind, from } of movable)
      if (ways.some((to) => to.has(place)))
        frame = withColumn(
          frame,
          name,
          columnFrom(
            kind,
            ways.map((to) => (to.has(place) ? to.get(place)! : from))
          )
        )
    const scores = await score(frame)
    return ways.map((to, at) => {
      const own = scores.slice(at * width, (at + 1) * width)
      return { to, cost: costOf(movable, to), scores: own, miss: goal.miss(own) }
    })
  }
}

export const costOf = (movable: readonly Movable[], to: ReadonlyMap<number, Cell>): number =>
  movable.reduce((sum, column) => sum + (to.has(column.place) ? apart(column, to.get(column.place)!) : 0), 0)

/**
 * Looks for the fewest columns whose change gives the wanted answer: all changes of one column, then of the rows that came nearest one column
 * more, and so on. Every row is put to the exported file. Stops at the first number of columns that gives as many ways as are wanted.
 */
export async function searchChanges(search: Search, asker: Asker): Promise<Change[]> {
  const found: Change[] = []
  let open: Change[] = [{ to: new Map(), cost: 0, scores: new Float64Array(), miss: Infinity }]
  for (let columns = 1; columns <= Math.min(search.most, search.movable.length); columns++) {
    const ways = extended(open, search.movable).slice(0, Math.max(0, mostAsked - asker.asked))
    if (ways.length === 0) break
    const answered: Change[] = []
    for (let from = 0; from < ways.length; from += 4096) {
      answered.push(...(await asker.ask(ways.slice(from, from + 4096))))
      await breathe(search.signal)
    }
    found.push(...answered.filter(({ miss }) => miss <= 0))
    if (new Set(found.map(columnsOf)).size >= search.count) break
    open = nearest(answered.filter(({ miss }) => miss > 0))
  }
  return found
}

export const columnsOf = ({ to }: Pick<Change, 'to'>): string => [...to.keys()].sort((a, b) => a - b).join()

/** Each open row with one column more, no set of values twice. */
function extended(open: readonly Change[], movable: readonly Movable[]): Map<number, Cell>[] {
  const seen = new Set<string>()
  const ways: Map<number, Cell>[] = []
  for (const { to } of open)
    for (const { place, coarse, fine } of movable) {
      if (to.has(place)) continue
      for (const value of to.size === 0 ? fine : coarse) {
        const way = new Map(to).set(place, value)
        const key = JSON.stringify([...way].sort(([a], [b]) => a - b))
        if (!seen.has(key)) {
          seen.add(key)
          ways.push(way)
        }
      }
    }
  return ways
}

/** Rows to follow: half of them those that miss least, half those that come nearest for what they change; of a set of columns only the best few. */
function nearest(answered: readonly Change[]): Change[] {
  const worst = answered.reduce((most, { miss }) => Math.max(most, miss), 0)
  const pick = (rank: (change: Change) => number): Change[] => {
    const counts = new Map<string, number>()
    return answered
      .map((change) => ({ change, by: rank(change) }))
      .sort((a, b) => a.by - b.by || a.change.cost - b.change.cost)
      .filter(({ change }) => {
        const key = columnsOf(change)
        counts.set(key, (counts.get(key) ?? 0) + 1)
        return counts.get(key)! <= 4
      })
      .slice(0, beam / 2)
      .map(({ change }) => change)
  }
  return [...new Set([...pick(({ miss }) => miss), ...pick(({ miss, cost }) => (miss - worst) / (cost + 0.01))])]
}
