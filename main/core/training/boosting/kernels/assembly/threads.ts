import { closedAt, doneAt, jobAt, sleepersAt, ticketAt, wakeAt } from '../records'
import { runTask } from './tasks'

/**
 * A job is a number of tasks that may run in any order. Its ticket holds a count of jobs, the number of tasks and the next task that nobody has
 * claimed; adding 1 claims it. Whoever is late claims from the job that is there now: its words are written before the ticket.
 */
const nextMask: i64 = 0xfffff
const tasksShift: i64 = 20
const jobsShift: i64 = 40
const spins = 20000

// @ts-ignore: decorator
@inline
function tasksOf(ticket: i64): i64 {
  return (ticket >> tasksShift) & nextMask
}

/** Claims tasks until none is left. */
function work(thread: i32): void {
  while (true) {
    const seen = atomic.load<i64>(ticketAt)
    if ((seen & nextMask) >= tasksOf(seen)) return
    const claimed = atomic.add<i64>(ticketAt, 1)
    const task = claimed & nextMask
    if (task >= tasksOf(claimed)) return
    runTask(<i32>task, thread)
    if (<i64>(atomic.add<i32>(doneAt, 1) + 1) == tasksOf(claimed)) atomic.notify(doneAt, 1)
  }
}

/** Runs the job that lies ready; returns when all its tasks are done. `alone`: the helpers are not asked. */
export function lead(tasks: i32, alone: bool): void {
  if (alone || tasks < 2) {
    for (let task = 0; task < tasks; task++) runTask(task, 0)
    return
  }
  atomic.store<i32>(doneAt, 0)
  const jobs = (atomic.load<i64>(ticketAt) >> jobsShift) + 1
  atomic.store<i64>(ticketAt, (jobs << jobsShift) | (<i64>tasks << tasksShift))
  atomic.add<i32>(wakeAt, 1)
  if (atomic.load<i32>(sleepersAt) > 0) atomic.notify(wakeAt, -1)
  work(0)
  for (let spin = 0; spin < spins; spin++) if (atomic.load<i32>(doneAt) == tasks) return
  while (true) {
    const done = atomic.load<i32>(doneAt)
    if (done == tasks) return
    atomic.wait<i32>(doneAt, done, 1_000_000)
  }
}

/** What a helper does until the leader closes: it works, looks for more for a while, and sleeps. */
export function help(thread: i32): void {
  while (!atomic.load<i32>(closedAt)) {
    const wake = atomic.load<i32>(wakeAt)
    work(thread)
    let spin = 0
    while (spin < spins && atomic.load<i32>(wakeAt) == wake) spin++
    if (spin < spins || atomic.load<i32>(closedAt)) continue
    atomic.add<i32>(sleepersAt, 1)
    atomic.wait<i32>(wakeAt, wake, 1_000_000_000)
    atomic.sub<i32>(sleepersAt, 1)
  }
}
