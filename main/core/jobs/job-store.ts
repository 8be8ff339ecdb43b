import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import { isFinished, type Job, type JobFilter, type JobPage, type Progress } from '../../model/job'
import type { WorkspaceContext } from '../workspace/context'
import { decisionOf } from './decisions'
import { noProgress } from './eta'
import { createBroadcast } from './subscription'
import type { JobRow } from './tables'
import { PipelineRunId, type JobId } from '../../model/reference'

/** What only this process knows of a job that goes on. */
export interface Live {
  progress: Progress
  waitingFor: string | null
  cancel: () => Promise<void> | void
}

/** The jobs of the ledger together with what this process knows of those that go on. */
export interface JobStore {
  live: Map<JobId, Live>
  changes: ReturnType<typeof createBroadcast<JobId>>
  list(filter?: Partial<JobFilter>): JobPage
  /** @throws WorkbenchError NOT_FOUND */
  get(id: JobId): Job
  /** Queued and running jobs, newest first. */
  active(): Job[]
  /** Tells watchers of the job, and on a change of state the lists too. */
  touched(id: JobId, isStateChange: boolean): void
  now(): string
  logPath(id: JobId): string
}

/** Creates the store of one open workspace. */
export function createJobStore(context: WorkspaceContext): JobStore {
  const { ledger } = context
  const live = new Map<JobId, Live>()
  const changes = createBroadcast<JobId>()
  const read = (row: JobRow): Job => ({
    ...toJob(row, live.get(row.id)),
    ...(row.kind === 'pipeline-run' && decisionOf(ledger, PipelineRunId.parse(row.id)))
  })
  return {
    live,
    changes,
    list(filter = {}) {
      const { condition, values } = conditionOf(filter)
      const total = ledger.get<{ n: number }>(`SELECT count(*) AS n FROM job ${condition}`, ...values)!.n
      const rows = ledger.all<JobRow>(
        `SELECT * FROM job ${condition} ORDER BY rowid DESC LIMIT ? OFFSET ?`,
        ...values,
        filter.limit ?? 100,
        filter.offset ?? 0
      )
      return { total, jobs: rows.map(read) }
    },
    get(id) {
      const row = ledger.get<JobRow>('SELECT * FROM job WHERE id = ?', id)
      if (!row)
        throw new WorkbenchError(
          'NOT_FOUND',
          `There is no job ${id} in this workspace. It may belong to another workspace; look at the list of jobs.`
        )
      return read(row)
    },
    active: () => ledger.all<JobRow>("SELECT * FROM job WHERE state IN ('queued','running') ORDER BY rowid DESC").map(read),
    touched(id, isStateChange) {
      changes.publish(id)
      if (isStateChange) context.changed('jobs')
    },
    now: () => context.clock().toISOString(),
    logPath: (id) => join(context.directory, 'runs', id, 'job.log')
  }
}

function conditionOf(filter: Partial<JobFilter>): { condition: string; values: unknown[] } {
  const where: string[] = []
  const values: unknown[] = []
  for (const [column, wanted] of [
    ['kind', filter.kinds],
    ['state', filter.states]
  ] as const)
    if (wanted) {
      where.push(`${column} IN (${wanted.map(() => '?').join(',') || 'NULL'})`)
      values.push(...wanted)
    }
  return { condition: where.length ? `WHERE ${where.join(' AND ')}` : '', values }
}

function toJob(row: JobRow, active: Live | undefined): Job {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    state: row.state,
    subject: row.subject,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    progress: active?.progress ?? { ...noProgress, fraction: row.state === 'succeeded' ? 1 : null },
    waitingFor: active?.waitingFor ?? null,
    failure: row.failure ? JSON.parse(row.failure) : null,
    result: row.result,
    cancellable: active !== undefined && !isFinished(row.state)
  }
}
