import type { Job } from '../../../main/model/job'
import { StateBadge, unlessPassed } from '../../evidence'
import { DurationText, Progress, TimeText, useElapsed, type Column } from '../../ui'
import { kindWords } from './job-words'

function JobTime({ job }: { job: Job }) {
  return <DurationText seconds={useElapsed(job.startedAt, job.finishedAt)} />
}

export const jobColumns: Column<Job>[] = [
  { id: 'title', header: 'Job', value: (row) => row.title, grow: true, width: 220, pinned: true },
  { id: 'kind', header: 'Kind', value: (row) => kindWords[row.kind], width: 100 },
  {
    id: 'state',
    header: 'State',
    value: (row) => row.state,
    cell: (row) => <StateBadge state={row.state} gate={unlessPassed(row.gate)} />,
    width: 115
  },
  {
    id: 'progress',
    header: 'Progress',
    value: (row) => row.waitingFor ?? row.failure?.message ?? row.progress.message,
    cell: (row) => (
      <span className="flex w-full min-w-0 items-center gap-2">
        {row.state === 'running' && (
          <>
            <Progress bare className="w-16 shrink-0" value={row.progress.fraction} label={row.title} />
            {row.progress.fraction !== null && <span className="tabular-nums">{Math.floor(row.progress.fraction * 100)}%</span>}
          </>
        )}
        <span className={row.failure ? 'truncate text-error' : 'truncate text-muted'}>
          {row.waitingFor ?? row.failure?.message ?? row.progress.message}
        </span>
      </span>
    ),
    grow: true,
    width: 180
  },
  { id: 'started', header: 'Started', value: (row) => row.startedAt, cell: (row) => <TimeText value={row.startedAt} />, width: 165 },
  { id: 'duration', header: 'Duration', value: (row) => row.startedAt, cell: (row) => <JobTime job={row} />, numeric: true, width: 85 }
]
