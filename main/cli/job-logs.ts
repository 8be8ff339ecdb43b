import { WorkbenchError } from '../model/errors'
import { isFinished, type Job, type LogPage } from '../model/job'
import type { StepRun } from '../model/pipeline-run'
import { PipelineRunId } from '../model/reference'
import type { WorkspaceClient } from './workspace-client'

/** What a step, or a job without steps, wrote down in one attempt. */
export interface LogText {
  step: string | null
  attempt: number | null
  text: string
}
/** Takes each whole line of a log as it is read. */
export type SayLine = (step: string | null, line: string) => void

/** All that stands in a log now. */
async function readAll(page: (from: number) => Promise<LogPage>): Promise<string> {
  let text = ''
  for (let from = 0; ;) {
    const part = await page(from)
    text += part.text
    if (part.next <= from || part.next >= part.size) return text
    from = part.next
  }
}

/** Gives whole lines on; the rest of the text when it ends. */
function inLines(say: (line: string) => void): { add(text: string): void; end(): void } {
  let rest = ''
  return {
    add(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      lines.forEach(say)
    },
    end() {
      if (rest !== '') say(rest)
      rest = ''
    }
  }
}

const sayAll = (text: string, say: (line: string) => void): void => {
  const lines = inLines(say)
  lines.add(text)
  lines.end()
}

/** The steps of a run, or the one that is named. Throws NOT_FOUND with those that there are. */
function stepsOf(steps: readonly StepRun[], wanted: string | undefined): readonly StepRun[] {
  if (wanted === undefined) return steps
  const found = steps.filter(({ stepId }) => stepId === wanted)
  if (found.length > 0) return found
  throw new WorkbenchError('NOT_FOUND', `This run has no step "${wanted}". It has: ${steps.map(({ stepId }) => stepId).join(', ')}.`)
}

/** Reads what a job, or a step of it, has written down until now: attempt by attempt. */
export async function readLogs({ jobs, pipelines }: WorkspaceClient, job: Job, step: string | undefined, say: SayLine): Promise<LogText[]> {
  if (job.kind !== 'pipeline-run') {
    const text = await readAll((from) => jobs.log({ id: job.id, from }))
    sayAll(text, (line) => say(null, line))
    return [{ step: null, attempt: null, text }]
  }
  const runId = PipelineRunId.parse(job.id)
  const logs: LogText[] = []
  for (const { stepId, attempts } of stepsOf((await pipelines.getRun({ runId })).steps, step))
    for (const { number } of attempts) {
      const text = await readAll((from) => pipelines.log({ runId, stepId, attempt: number, from }))
      sayAll(text, (line) => say(stepId, line))
      logs.push({ step: stepId, attempt: number, text })
    }
  return logs
}

/** Says what a job writes, from the last 64 KiB of each log on, until the job, or the step that is named, has ended. */
export async function followLogs(
  { jobs, pipelines }: WorkspaceClient,
  job: Job,
  step: string | undefined,
  say: SayLine,
  signal: AbortSignal
): Promise<LogText[]> {
  const logs: LogText[] = []
  const follow = async (pages: AsyncIterable<LogPage>, of: Omit<LogText, 'text'>): Promise<void> => {
    const log: LogText = { ...of, text: '' }
    logs.push(log)
    const lines = inLines((line) => say(of.step, line))
    for await (const { text } of pages) {
      log.text += text
      lines.add(text)
    }
    lines.end()
  }
  if (job.kind !== 'pipeline-run') {
    await follow(jobs.followLog({ id: job.id }, { signal }), { step: null, attempt: null })
    return logs
  }
  const runId = PipelineRunId.parse(job.id)
  const begun = new Map<string, Promise<void>>()
  const begin = (stepId: string, attempt: number): void => {
    const key = `${stepId}.${attempt}`
    if (begun.has(key)) return
    const followed = follow(pipelines.followLog({ runId, stepId, attempt }, { signal }), { step: stepId, attempt })
    // Whoever waits for it below hears of the error.
    followed.catch(() => undefined)
    begun.set(key, followed)
  }
  for await (const item of pipelines.watchRun({ runId }, { signal })) {
    const told = item.kind === 'snapshot' ? stepsOf(item.run.steps, step) : item.kind === 'step' ? [item.step] : []
    for (const { stepId, attempts } of told)
      if (step === undefined || stepId === step) for (const { number } of attempts) begin(stepId, number)
    if (told.some(({ stepId, state }) => stepId === step && isOver(state))) break
  }
  await Promise.all(begun.values())
  return logs
}

const isOver = (state: StepRun['state']): boolean => !['waiting', 'queued', 'running'].includes(state)

/** Nobody works on it any more, although it never ended: the program that did has. */
export const isLeft = ({ state, cancellable }: Job): boolean => !isFinished(state) && !cancellable
