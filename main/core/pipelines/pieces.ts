/** Work in pieces of bounded size: at each `yield` everybody else may have a turn. */
export type Work<T> = Generator<void, T, void>

/** Does all pieces at once. */
export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const piece = work.next()
    if (piece.done) return piece.value
  }
}

/** The next turn of the event loop. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** Steps of a pipeline that are gone through in one piece. */
export const STEPS_A_PIECE = 24

/** Goes through a list with a turn for everybody else after each piece of it. */
export async function* piecewise<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const [index, item] of items.entries()) {
    if (index % STEPS_A_PIECE === STEPS_A_PIECE - 1) await nextTurn()
    yield item
  }
}

/** Does one piece in each turn of the event loop. */
export async function inTurns<T>(work: Work<T>): Promise<T> {
  for (;;) {
    const piece = work.next()
    if (piece.done) return piece.value
    await nextTurn()
  }
}
