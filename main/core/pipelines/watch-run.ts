import { isFinished } from '../../model/job'
import type { PipelineRun, PipelineRunEvent } from '../../model/pipeline-run'
import type { Broadcast } from '../jobs'
import type { PipelineRunId } from '../../model/reference'

/** What happens to the runs of one workspace. */
export type RunEvents = Broadcast<{ runId: PipelineRunId; event: PipelineRunEvent }>

/** A run as it is, then every change until it is over; a reader that fell behind gets the whole run again. Returns the finished run. */
export async function* watchRun(
  events: RunEvents,
  read: (runId: PipelineRunId) => Promise<PipelineRun>,
  runId: PipelineRunId,
  signal: AbortSignal
): AsyncGenerator<PipelineRunEvent, PipelineRun, void> {
  const changes = events.subscribe(signal)
  try {
    let run = await read(runId)
    yield { kind: 'snapshot', run }
    let isOver = isFinished(run.state)
    while (!isOver) {
      const next = await changes.next()
      if (next.done) return run
      if (next.value === undefined) {
        run = await read(runId)
        yield { kind: 'snapshot', run }
        isOver = isFinished(run.state)
      } else if (next.value.runId === runId) {
        yield next.value.event
        isOver = next.value.event.kind === 'run' && isFinished(next.value.event.run.state)
      }
    }
    run = await read(runId)
    return run
  } finally {
    await changes.return()
  }
}
