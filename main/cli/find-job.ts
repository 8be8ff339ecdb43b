import { WorkbenchError } from '../model/errors'
import { isFinished, type Job, type JobFilter } from '../model/job'
import { didYouMean } from '../model/near-names'
import { parseReference } from '../model/reference'
import { everyPage, type WorkspaceClient } from './workspace-client'

/** So many of the newest jobs are looked through for a name. */
const MOST_JOBS = 10_000

/** The newest jobs, at most `limit`, and how many there are. */
export async function listJobs({ jobs }: WorkspaceClient, limit: number, filter: Pick<JobFilter, 'states' | 'kinds'> = {}) {
  const { entries, total } = await everyPage(
    limit,
    500,
    (offset, most) => jobs.list({ ...filter, offset, limit: most }),
    (page) => page.jobs
  )
  return { items: entries, total }
}

/** The name of the pipeline that a job runs; null where it does something else. */
function pipelineOf({ kind, subject }: Job): string | null {
  const reference = kind === 'pipeline-run' && subject !== null ? parseReference(subject) : undefined
  return reference && 'name' in reference ? reference.name : null
}

const oneLine = ({ id, title, state, createdAt }: Job): string => `${id.slice(0, 8)} ${title}, ${state}, of ${createdAt}`

/**
 * The job of an id or its beginning (4 digits or more), a title, the name of a pipeline, or a run that it made by id or name. Of several
 * of one name it is the one that goes on, else the newest. Throws NOT_FOUND, and CONFLICT where more than one may be meant.
 */
export async function findJob(workspace: WorkspaceClient, text: string): Promise<Job> {
  const { items } = await listJobs(workspace, MOST_JOBS)
  const wanted = text.replace(/^(job|run|pipeline-run):/, '')
  const byId = /^[0-9a-f-]{4,36}$/i.test(wanted) ? items.filter(({ id }) => id.startsWith(wanted.toLowerCase())) : []
  if (byId.length > 0) return onlyOne(byId, text)
  const named = items.filter((job) => job.title === wanted || pipelineOf(job) === wanted)
  if (named.length > 0) {
    const going = named.filter(({ state }) => !isFinished(state))
    return going.length > 0 ? onlyOne(going, text) : named[0]!
  }
  const makers = await makersOf(workspace, wanted)
  const made = items.filter(({ id }) => makers.has(id))
  if (made.length > 0) return onlyOne(made, text)
  const names = new Set(items.flatMap((job) => [job.title, ...(pipelineOf(job) ? [pipelineOf(job)!] : [])]))
  throw new WorkbenchError(
    'NOT_FOUND',
    `There is no job "${text}" in this workspace.${didYouMean(wanted, names)} "drydock job list --all" shows those that there are.`
  )
}

function onlyOne(found: readonly Job[], text: string): Job {
  if (found.length === 1) return found[0]!
  throw new WorkbenchError(
    'CONFLICT',
    `"${text}" may mean ${found.length} jobs: ${found.slice(0, 5).map(oneLine).join('; ')}${found.length > 5 ? ' and more' : ''}. Name one by the beginning of its id.`
  )
}

/** The pipeline runs that made the runs of this id, or its beginning, or this name. */
async function makersOf({ experiments }: WorkspaceClient, text: string): Promise<Set<string>> {
  const { entries } = await everyPage(
    MOST_JOBS,
    1_000,
    (offset, limit) => experiments.runs({ sort: 'startedAt', descending: true, offset, limit }),
    ({ runs }) => runs
  )
  const isMeant = ({ id, name }: { id: string; name: string }): boolean =>
    name === text || (/^[0-9a-f]{4,32}$/.test(text) && id.startsWith(text))
  return new Set(entries.filter(isMeant).flatMap(({ pipelineRun }) => pipelineRun ?? []))
}
