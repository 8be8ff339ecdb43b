import { commands } from '../core/all-commands'
import { isFinished, type Job } from '../model/job'
import { PipelineRunId } from '../model/reference'
import type { CommandBody, CommandContext } from './command'
import { findJob, listJobs } from './find-job'
import { followLogs, isLeft, readLogs, type SayLine } from './job-logs'
import { EXIT, textTable } from './output'
import { ownCommand } from './own-command'
import { wholeNumber } from './whole-number'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

/** The state of a job for people. */
const stateOf = (job: Job): string => (isLeft(job) ? 'left unfinished' : job.state)
const percent = ({ progress: { fraction } }: Job): string => (fraction === null ? '' : `${Math.floor(fraction * 100)}%`)

/** `job list`. */
export const printJobs: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const limit = wholeNumber('--limit', options.limit ?? (context.output.json ? 10_000 : 100))
    const list = await listJobs(workspace, limit, options.all === true ? {} : { states: ['queued', 'running'] })
    const table = textTable(
      ['job', 'kind', 'title', 'state', 'done', 'gate', 'waits for', 'begun'],
      list.items.map((job) => [
        job.id.slice(0, 8),
        job.kind,
        job.title,
        stateOf(job),
        isFinished(job.state) ? '' : percent(job),
        job.gate,
        job.waitingFor,
        job.startedAt ?? job.createdAt
      ])
    )
    const more =
      list.total > list.items.length ? `\nThe newest ${list.items.length} of ${list.total} are shown; raise --limit for more.` : ''
    const none = options.all === true ? 'There was no job yet.' : 'Nothing runs or waits. With --all what has ended is listed too.'
    context.output.result(list, list.total === 0 ? none : `${table}${more}`)
  })

/** How a job stands, in one line. */
const describeEnd = (job: Job): string =>
  `${job.title}: ${stateOf(job)}${job.failure ? `: ${job.failure.message}` : ''}${isLeft(job) ? `: the program that worked on it has ended. Run it again, and only the rest is done` : ''}`

/** `job logs`. */
export const printLogs: CommandBody = (context, [named, step], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const { output, signal } = context
    const job = await findJob(workspace, named)
    let lines = 0
    const say: SayLine = (of, line) => {
      lines++
      // Of one step the lines stand as they were written; of several each says whose it is.
      if (!output.json) output.result(null, of === null || step !== undefined ? line : `${of} | ${line}`)
    }
    const follows = options.follow === true && !isFinished(job.state) && !isLeft(job)
    const logs = follows ? await followLogs(workspace, job, step, say, signal) : await readLogs(workspace, job, step, say)
    if (lines === 0) output.note('Nothing was written down.')
    const now = await workspace.jobs.get({ id: job.id })
    output.note(describeEnd(now))
    if (output.json) output.result({ job: now, logs }, '')
  })

/** Asks for the end of a job and waits for it; the job as it is then. */
async function cancelled({ signal }: CommandContext, workspace: WorkspaceClient, job: Job): Promise<Job> {
  const { jobs } = workspace
  // A run that a program left is closed by its own command; other work is not there any more.
  if (job.kind === 'pipeline-run') await workspace.do(commands.pipelines.cancel, { runId: PipelineRunId.parse(job.id) })
  else await workspace.do(commands.jobs.cancel, { id: job.id })
  const now = await jobs.get({ id: job.id })
  if (isFinished(now.state) || isLeft(now)) return now
  const changes = jobs.watch({ id: job.id }, { signal })
  for await (const _ of changes);
  return changes.result
}

/** `job cancel`. */
export const cancelJob: CommandBody = (context, [named], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const job = await findJob(workspace, named)
    const now = isFinished(job.state) ? job : await cancelled(context, workspace, job)
    const isDone = now.state === 'cancelled' && !isFinished(job.state)
    const again =
      now.kind === 'pipeline-run'
        ? ` What had finished is kept: run it again, and only the rest is done. Its log: ${ownCommand()} job logs -w "${String(options.workspace)}" ${now.id.slice(0, 8)}`
        : ''
    context.output.result({ id: now.id, kind: now.kind, title: now.title, before: job.state, state: now.state, cancelled: isDone }, [
      isDone
        ? `Cancelled: ${now.title}.${again}`
        : isLeft(now)
          ? `Nothing was ended: nobody works on "${now.title}" any more.`
          : `Nothing was ended: ${describeEnd(now)}.`
    ])
    return isDone ? EXIT.done : EXIT.refuted
  })
