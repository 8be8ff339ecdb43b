/** Has work done in its turn. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** Work that takes turns: each begins when the one before has ended, however that was. */
export function createTurns(): Turns {
  let turn: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work)
    turn = result.catch(() => undefined)
    return result
  }
}
