import { createContext, Script, type Context } from 'node:vm'

/** A policy may come from a stranger: its expressions get a slice of time, and all of them together a budget. */
export interface TimeBudget {
  /** Milliseconds of work left for everything. */
  remaining: number
  /** Milliseconds of work one call may take. */
  readonly perCall: number
}

export const createTimeBudget = (total = 1_500, perCall = 150): TimeBudget => ({ remaining: total, perCall })

export type Bounded<T> = { done: true; value: T } | { done: false; reason: 'time' | 'depth' | 'failed'; detail: string }

let context: (Context & { work: (() => unknown) | null }) | undefined
const call = new Script('work()')

/** How often a call that was stopped while the machine was busy with other things is started again, each time with twice the patience. */
const attempts = 3

/** Processor time of this process in ms: never less than what the present thread got, so it tells waiting from working. */
function workedSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/**
 * Runs a synchronous function and stops it when its time is over, even inside a loop of a library: V8 terminates
 * execution when a script of a `vm` context overruns. That clock also runs while other programs have the processor, so a
 * call that was stopped without having worked for its time gets another try: whether a rule holds must not depend on how
 * busy the machine is. The function must own everything it changes, and may be run again.
 */
export function runBounded<T>(work: () => T, budget: TimeBudget): Bounded<T> {
  const allowed = Math.floor(Math.min(budget.perCall, budget.remaining))
  if (allowed < 1) return { done: false, reason: 'time', detail: 'the time for the whole policy was used up' }
  context ??= createContext({ work: null }) as Context & { work: null }
  const before = context.work
  for (let attempt = 0; ; attempt++) {
    const started = performance.now()
    const processor = process.cpuUsage()
    try {
      context.work = work
      return { done: true, value: call.runInContext(context, { timeout: allowed * 2 ** attempt }) as T }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException | undefined)?.code
      if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
        if (attempt + 1 < attempts && workedSince(processor) < allowed * 0.9) continue
        return { done: false, reason: 'time', detail: `it took more than ${allowed} ms` }
      }
      const detail = error instanceof Error ? error.message : String(error)
      return /call stack/i.test(detail)
        ? { done: false, reason: 'depth', detail: 'it is nested too deeply' }
        : { done: false, reason: 'failed', detail }
    } finally {
      context.work = before
      budget.remaining -= Math.min(performance.now() - started, workedSince(processor))
    }
  }
}
