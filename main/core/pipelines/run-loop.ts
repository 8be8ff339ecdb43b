import { isSettled } from '../../model/pipeline-run'
import { failureOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import type { AttemptSlots } from './attempt-slots'
import type { StepCommit } from './commit-step'
import type { Journal } from './journal'
import type { LiveRun, LiveStep } from './live-run'
import type { SameWork } from './same-work'
import { askCache, writeAnswer, type CacheAnswer } from './step-cache'
import type { StepMove, StepStates } from './step-states'
import type { PipelineRunId } from '../../model/reference'

/** Steps of a run that one turn of the event loop moves on; between two such batches everybody else gets a turn. */
export const STEPS_A_TURN = 24
/** Steps whose earlier outputs are read at the same time. */
const MAX_ASKED = 96

export interface RunLoopOptions {
  context: WorkspaceContext
  journal: Journal
  states: StepStates
  slots: AttemptSlots
  sameWork: SameWork
  /** Bytes that there are for attempts. */
  memory: number
  /** The outputs of an earlier attempt were taken over. */
  recalled: StepCommit['recalled']
  runs: ReadonlyMap<PipelineRunId, LiveRun>
  /** Aborted while the program ends: then nothing moves any more. */
  closing: AbortSignal
  onStep(runId: PipelineRunId, stepId: string): void
  /** Every step of the run is settled. */
  finish(run: LiveRun): void
}

/** The loop over the graphs. The returned function has every run moved on as far as it goes, from the next turn on and a bounded batch of steps in each; call it after each change. */
export function createRunLoop(options: RunLoopOptions): () => void {
  let asked = 0
  let isDue = false
  /** Once in the next turn, however often it was asked for. */
  const pumpLater = (): void => {
    if (isDue) return
    isDue = true
    setImmediate(() => {
      isDue = false
      pump()
    })
  }
  const ask = async (run: LiveRun, steps: LiveStep[]): Promise<void> => {
    asked += steps.length
    const answers = await Promise.all(steps.map((live) => askOne(run, live, options)))
    asked -= steps.length
    if (options.closing.aborted) return
    take(run, answers, options)
    pumpLater()
  }
  const pump = (): void => {
    if (options.closing.aborted) return
    for (const run of [...options.runs.values()]) {
      if (run.cancel.signal.aborted || asked < MAX_ASKED) {
        const waiting = settleBroken(run, run.graph.take(STEPS_A_TURN), options)
        if (waiting.length) void ask(run, waiting)
      }
      const isMoreToTell = !run.cancel.signal.aborted && launchQueued(run, options)
      run.job.waitingFor(run.graph.running.size === 0 ? ([...run.graph.queued][0]?.waitingFor ?? null) : null)
      if (run.graph.isOver) options.finish(run)
      else if (isMoreToTell || (run.graph.hasDue && (run.cancel.signal.aborted || asked < MAX_ASKED))) pumpLater()
    }
  }
  return pumpLater
}

/** Ends the steps that cannot run any more; gives the others back. */
function settleBroken(run: LiveRun, due: readonly LiveStep[], { states }: RunLoopOptions): LiveStep[] {
  const moves: StepMove[] = []
  const rest: LiveStep[] = []
  for (const live of due) {
    const broken = live.needs.find((id) => isSettled(run.steps.get(id)!.state) && run.steps.get(id)!.state !== 'succeeded')
    if (run.cancel.signal.aborted) moves.push({ live, state: 'cancelled' })
    else if (broken === undefined) rest.push(live)
    else moves.push({ live, state: 'skipped', failure: { code: 'JOB_FAILED', message: `Not run, because "${broken}" did not succeed.` } })
  }
  if (moves.length === 0) return rest
  try {
    states.setAll(run, moves)
  } catch {
    // The journal takes nothing: each is set in memory, and recorded with the end of the run.
    for (const { live, state, failure } of moves) states.set(run, live, state, failure)
  }
  states.reportProgress(run)
  return rest
}

type Asked = { live: LiveStep } & ({ answer: CacheAnswer } | { error: unknown })

async function askOne(run: LiveRun, live: LiveStep, options: RunLoopOptions): Promise<Asked> {
  try {
    return { live, answer: await askCache(options, run, live) }
  } catch (error) {
    return { live, error }
  }
}

/** Moves steps on by what the cache said of them: all in one transaction, or each by itself when that fails. */
function take(run: LiveRun, asked: readonly Asked[], options: RunLoopOptions): void {
  const open = asked.filter(({ live }) => live.state === 'waiting' || live.state === 'queued')
  if (run.cancel.signal.aborted)
    return void settleBroken(
      run,
      open.map(({ live }) => live),
      options
    )
  try {
    takeAll(run, open, options)
  } catch {
    for (const one of open)
      try {
        takeAll(run, [one], options)
      } catch (error) {
        options.states.set(run, one.live, 'failed', failureOf(error, `preparing the step "${one.live.step.id}"`))
      }
  }
  options.states.reportProgress(run)
}

function takeAll(run: LiveRun, asked: readonly Asked[], { journal, states, recalled, sameWork, onStep }: RunLoopOptions): void {
  const moves: StepMove[] = []
  for (const one of asked) {
    const { live } = one
    if ('error' in one) moves.push({ live, state: 'failed', failure: failureOf(one.error, `preparing the step "${live.step.id}"`) })
    else moves.push({ live, state: one.answer.source ? 'succeeded' : 'queued' })
  }
  states.setAll(run, moves, () => {
    for (const one of asked) if ('answer' in one) writeAnswer(journal, recalled, run, one.live, one.answer)
  })
  for (const one of asked) {
    if (!('answer' in one)) continue
    const { live, answer } = one
    live.cacheKey = answer.key
    live.source = answer.source
    live.outputs = answer.files
    const other = answer.source || live.step.cache === 'never' ? undefined : sameWork.joined(run, live)
    live.sameWork = other !== undefined
    if (!other) continue
    live.waitingFor = `Waiting for the same work, which "${other.live.step.id}" ${other.run === run ? 'does' : `of another run of "${other.run.pipeline}" does`} now`
    onStep(run.id, live.step.id)
  }
}

/** Begins the attempts that there is a place for, and tells the next ones what they wait for. True when more are to be told. */
function launchQueued(run: LiveRun, { slots, onStep }: RunLoopOptions): boolean {
  let told = 0
  for (const live of [...run.graph.queued]) {
    if (live.retryTimer || live.sameWork) continue
    const obstacle = slots.obstacle(live)
    if (obstacle === null) slots.launch(run, live)
    else if (live.waitingFor !== obstacle) {
      if (++told > STEPS_A_TURN) return true
      live.waitingFor = obstacle
      onStep(run.id, live.step.id)
    }
  }
  return false
}
