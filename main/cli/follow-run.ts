import { isSettled, type PipelineRun, type StepRun } from '../model/pipeline-run'
import type { Progress } from '../model/job'
import type { PipelineRunId } from '../model/reference'
import type { Output } from './output'
import type { WorkspaceClient } from './workspace-client'

/** Between two drawings of the bar that no new state asks for, milliseconds. */
const REDRAW_MS = 100
const BAR = 20

/** One line that says how far a run is: `[#####---------------]  25%  1 of 4 steps  train: round 12, 8 s left`. */
export function progressLine(steps: Iterable<{ stepId: string; state: StepRun['state']; progress: Progress }>): string {
  const all = [...steps]
  const over = all.filter(({ state }) => isSettled(state)).length
  const running = all.filter(({ state }) => state === 'running')
  const done = running.reduce((sum, { progress }) => sum + (progress.fraction ?? 0), over)
  const fraction = all.length === 0 ? 0 : done / all.length
  const filled = Math.floor(fraction * BAR)
  const said = running.map(({ stepId, progress: { message, etaSeconds } }) => {
    const left = etaSeconds === null ? '' : `, ${Math.ceil(etaSeconds)} s left`
    return `${stepId}${message === '' ? '' : `: ${message}`}${left}`
  })
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4)
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}] ${percent}  ${over} of ${all.length} steps${said.length ? `  ${said.join('; ')}` : ''}`
}

/** Says what each step does until the run is over, and why one waits; how far it is stands in the line at the bottom of a terminal. */
export async function followRun(pipelines: WorkspaceClient['pipelines'], runId: PipelineRunId, output: Output): Promise<PipelineRun> {
  const events = pipelines.watchRun({ runId })
  const known = new Map<string, Pick<StepRun, 'stepId' | 'state' | 'progress'>>()
  const waited = new Set<string>()
  let drawn = -Infinity
  const tell = (step: StepRun): void => {
    // That all places are taken is how a run goes on; what else a step waits for is said once.
    if (step.state === 'queued' && step.waitingFor && !/^Waiting for a slot/.test(step.waitingFor) && !waited.has(step.stepId)) {
      waited.add(step.stepId)
      output.note(`${step.stepId}: ${step.waitingFor}`)
    }
    if (known.get(step.stepId)?.state !== step.state && step.state !== 'waiting' && step.state !== 'queued') {
      drawn = -Infinity
      output.note(
        `${step.stepId}: ${step.state}${step.cached ? ' (from the cache)' : ''}${step.failure ? `: ${step.failure.message}` : ''}`
      )
    }
    known.set(step.stepId, step)
  }
  try {
    for await (const item of events) {
      if (item.kind === 'snapshot') item.run.steps.forEach(tell)
      else if (item.kind === 'step') tell(item.step)
      else if (item.kind === 'progress') {
        const step = known.get(item.stepId)
        if (step) known.set(item.stepId, { ...step, progress: item.progress })
      }
      if (performance.now() - drawn < REDRAW_MS) continue
      drawn = performance.now()
      output.live(progressLine(known.values()))
    }
  } finally {
    output.live(null)
  }
  return events.result
}
