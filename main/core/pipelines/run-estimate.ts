import { isSettled } from '../../model/pipeline-run'
import type { Ledger } from '../../storage/ledger/ledger'
import type { LiveRun, LiveStep } from './live-run'

/** Seconds that each step of a pipeline took when it last ran to its end; steps that never did are not there. */
export function measuredSeconds(ledger: Ledger, pipeline: string): Map<string, number> {
  const rows = ledger.all<{ id: string; seconds: number }>(
    `SELECT s.step_id AS id, max(s.rowid), (julianday(a.finished_at) - julianday(a.started_at)) * 86400 AS seconds FROM step_run s
     JOIN attempt a ON a.run_id = s.source_run AND a.step_id = s.source_step AND a.number = s.source_attempt
     WHERE s.pipeline = ? AND s.state = 'succeeded' AND s.cached = 0 GROUP BY s.step_id`,
    pipeline
  )
  return new Map(rows.map(({ id, seconds }) => [id, Math.max(0, seconds)]))
}

/**
 * Seconds until a run is over: its longest chain of steps that are left, or all of their work over the places, whichever is more. Null where
 * one of them was never measured, or takes longer than it did: then nothing is known.
 */
export function estimateRun(
  { steps }: LiveRun,
  measured: ReadonlyMap<string, number>,
  places: number,
  now = performance.now()
): number | null {
  const left = new Map<string, number>()
  let total = 0
  for (const [id, live] of steps) {
    if (isSettled(live.state)) continue
    const seconds = secondsLeft(live, measured.get(id), now)
    if (seconds === null) return null
    left.set(id, seconds)
    total += seconds
  }
  const chains = new Map<string, number>()
  const chainOf = (id: string): number => {
    const known = chains.get(id)
    if (known !== undefined) return known
    const before = steps.get(id)!.needs.reduce((longest, need) => (left.has(need) ? Math.max(longest, chainOf(need)) : longest), 0)
    chains.set(id, before + left.get(id)!)
    return before + left.get(id)!
  }
  const longest = [...left.keys()].reduce((most, id) => Math.max(most, chainOf(id)), 0)
  return Math.round(Math.max(longest, total / places) * 10) / 10
}

/** By what the step itself reports, else by what it took the last time. */
function secondsLeft(live: LiveStep, measured: number | undefined, now: number): number | null {
  if (live.state !== 'running') return measured ?? null
  if (live.progress.etaSeconds !== null) return live.progress.etaSeconds
  const left = measured === undefined || live.began === null ? -1 : measured - (now - live.began) / 1000
  return left > 0 ? left : null
}
