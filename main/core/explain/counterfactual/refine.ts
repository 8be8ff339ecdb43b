import { breathe } from '../../numerics'
import type { Cell } from '../summary'
import type { Movable } from './moves'
import { columnsOf, type Asker, type Change } from './search'

/** Rounds over the columns, as the way back of one may open that of another. */
const rounds = 3

/** Takes back what is not needed, and brings numbers back towards the row as far as the wanted answer holds; each step is asked. */
export async function refine(change: Change, movable: readonly Movable[], asker: Asker, signal?: AbortSignal): Promise<Change> {
  let best = await withoutNeedless(change, asker)
  for (let round = 0; round < rounds; round++) {
    const before = best
    for (const column of movable) {
      if (best.to.has(column.place) && column.fine.length > 0) best = await backTowards(best, column, asker)
      await breathe(signal)
    }
    if (best === before) break
  }
  return best
}

async function withoutNeedless(change: Change, asker: Asker): Promise<Change> {
  if (change.to.size < 2) return change
  const fewer = [...change.to.keys()].map((place) => new Map([...change.to].filter(([other]) => other !== place)))
  const reached = (await asker.ask(fewer)).filter(({ miss }) => miss <= 0).sort((a, b) => a.cost - b.cost)
  return reached[0] ? withoutNeedless(reached[0], asker) : change
}

/** Puts the numbers of training between the row's own and the changed one in place of it: the nearest with which the answer holds. */
async function backTowards(change: Change, { place, from, fine }: Movable, asker: Asker): Promise<Change> {
  const now = change.to.get(place)
  // Without a present number, none is nearer than another; nor is a text.
  if (typeof from !== 'number' || typeof now !== 'number') return change
  const between = fine.filter(
    (value) => typeof value === 'number' && (now > from ? value > from && value < now : value < from && value > now)
  )
  const tried = await asker.ask(between.map((value) => new Map<number, Cell>(change.to).set(place, value)))
  return tried.filter(({ miss }) => miss <= 0).reduce((best, each) => (each.cost < best.cost ? each : best), change)
}

/** The nearest of each set of columns: fewest changes first, then by distance. */
export function nearestOfEach(found: readonly Change[]): Change[] {
  const order = [...found].sort((a, b) => a.to.size - b.to.size || a.cost - b.cost)
  return [...new Map(order.toReversed().map((change) => [columnsOf(change), change])).values()].sort(
    (a, b) => a.to.size - b.to.size || a.cost - b.cost
  )
}
