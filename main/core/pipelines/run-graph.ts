import { isSettled, type StepState } from '../../model/pipeline-run'

/** What the graph has to know of a step. */
interface GraphStep {
  needs: readonly string[]
  state: StepState
}

/** The steps of a run by what is to be done about them. Each is looked at once for every time it becomes due, never all of them at once. */
export interface RunGraph<S extends GraphStep> {
  /** Takes up to `limit` steps out that are due: all they need succeeded, or some of it did not, or the run is given up. */
  take(limit: number): S[]
  readonly hasDue: boolean
  /** Steps that an attempt may begin for, in the order in which they came to that. */
  readonly queued: ReadonlySet<S>
  readonly running: ReadonlySet<S>
  /** Steps that are over. */
  readonly settled: number
  readonly isOver: boolean
  /** To be told after every change of a step's state. */
  moved(live: S): void
  /** A queued step waits again and is due: its work was done elsewhere meanwhile. */
  askAgain(live: S): void
  /** Makes every step due that no attempt goes on for. */
  giveUp(): void
}

/** Creates the graph of a run from the states that its steps have. */
export function createRunGraph<S extends GraphStep>(steps: ReadonlyMap<string, S>): RunGraph<S> {
  const dependents = new Map<S, S[]>([...steps.values()].map((live) => [live, []]))
  const missing = new Map<S, number>()
  const due = new Set<S>()
  const queued = new Set<S>()
  const running = new Set<S>()
  const over = new Set<S>()

  const settle = (live: S): void => {
    if (over.has(live)) return
    over.add(live)
    for (const dependent of dependents.get(live)!) {
      missing.set(dependent, missing.get(dependent)! - 1)
      if (dependent.state === 'waiting' && (live.state !== 'succeeded' || missing.get(dependent) === 0)) due.add(dependent)
    }
  }
  const moved = (live: S): void => {
    queued.delete(live)
    running.delete(live)
    if (live.state === 'queued') queued.add(live)
    else if (live.state === 'running') running.add(live)
    else if (isSettled(live.state)) settle(live)
  }

  for (const live of steps.values()) {
    missing.set(live, live.needs.length)
    for (const need of live.needs) dependents.get(steps.get(need)!)!.push(live)
    if (live.state === 'waiting' && live.needs.length === 0) due.add(live)
  }
  for (const live of steps.values()) moved(live)

  return {
    take(limit) {
      const taken: S[] = []
      for (const live of due) {
        if (taken.length === limit) break
        due.delete(live)
        if (!isSettled(live.state)) taken.push(live)
      }
      return taken
    },
    get hasDue() {
      return due.size > 0
    },
    queued,
    running,
    get settled() {
      return over.size
    },
    get isOver() {
      return over.size === steps.size
    },
    moved,
    askAgain(live) {
      due.add(live)
    },
    giveUp() {
      for (const live of steps.values()) if (live.state === 'waiting' || live.state === 'queued') due.add(live)
    }
  }
}
