import { createContext, Script, type Context } from 'node:vm'

/** A policy may come from a stranger: its expressions get a slice of time, and all of them together a budget. */
export interface TimeBudget {
  /** Milliseconds left for everything. */
  remaining: number
  /** Milliseconds one call may take. */
  readonly perCall: number
}

export const createTimeBudget = (total = 1_500, perCall = 150): TimeBudget => ({ remaining: total, perCall })

export type Bounded<T> = { done: true; value: T } | { done: false; reason: 'time' | 'depth' | 'failed'; detail: string }

let context: (Context & { work: (() => unknown) | null }) | undefined
const call = new Script('work()')

/**
 * Runs a synchronous function and stops it when its time is over, even inside a loop of a library: V8 terminates
 * execution when a script of a `vm` context overruns. The function must own everything it changes.
 */
export function runBounded<T>(work: () => T, budget: TimeBudget): Bounded<T> {
  const timeout = Math.floor(Math.min(budget.perCall, budget.remaining))
  if (timeout < 1) return { done: false, reason: 'time', detail: 'the time for the whole policy was used up' }
  context ??= createContext({ work: null }) as Context & { work: null }
  const before = context.work
  const started = performance.now()
  try {
    context.work = work
    return { done: true, value: call.runInContext(context, { timeout }) as T }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | undefined)?.code
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { done: false, reason: 'time', detail: `it took more than ${timeout} ms` }
    const detail = error instanceof Error ? error.message : String(error)
    return /call stack/i.test(detail)
      ? { done: false, reason: 'depth', detail: 'it is nested too deeply' }
      : { done: false, reason: 'failed', detail }
  } finally {
    context.work = before
    budget.remaining -= performance.now() - started
  }
}
