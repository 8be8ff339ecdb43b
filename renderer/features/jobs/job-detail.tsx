import { Ban } from 'lucide-react'
import type { Job } from '../../../main/model/job'
import { RefLink, StateBadge, unlessPassed } from '../../evidence'
import { useHostCommand } from '../../host'
import { Button, Checkbox, DurationText, ErrorState, KeyValueList, navigate, Progress, Section, TimeText, useElapsed } from '../../ui'
import { JobLog, RunLog } from './job-log'
import { kindWords } from './job-words'
import { useState } from 'react'

/** What one job does, why it waits or failed, and its log. */
export function JobDetail({ job }: { job: Job }) {
  const cancel = useHostCommand('jobs.cancel')
  const seconds = useElapsed(job.startedAt, job.finishedAt)
  const [showsLog, setShowsLog] = useState(true)
  const isOpen = job.state === 'queued' || job.state === 'running'
  const run = job.kind === 'pipeline-run' ? runOf(job) : null
  return (
    <div className="flex h-full flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <StateBadge state={job.state} gate={unlessPassed(job.gate)} />
        <span className="whitespace-nowrap text-muted">{kindWords[job.kind]}</span>
        <div className="ml-auto flex gap-1">
          {run && <Button onClick={() => navigate('pipelines', [run.pipeline, 'runs', run.id])}>Open the run</Button>}
          {isOpen && (
            <Button icon={Ban} disabled={!job.cancellable} loading={cancel.busy} onClick={() => void cancel.run({ id: job.id })}>
              Cancel
            </Button>
          )}
        </div>
      </div>
      {isOpen && (
        <Progress
          value={job.progress.fraction}
          label={job.waitingFor ?? (job.progress.message || 'Working')}
          detail={<Remaining seconds={job.progress.etaSeconds} />}
        />
      )}
      {job.failure && <ErrorState compact error={job.failure} />}
      {job.state === 'interrupted' && !job.failure && (
        <p className="text-warn">The program ended while this job was running. Start it again; nothing half-done was kept.</p>
      )}
      <KeyValueList
        labelWidth={90}
        items={[
          { label: 'Asked for', value: <TimeText value={job.createdAt} /> },
          { label: 'Started', value: <TimeText value={job.startedAt} /> },
          { label: 'Finished', value: <TimeText value={job.finishedAt} /> },
          { label: 'Duration', value: <DurationText seconds={seconds} /> },
          job.waitingFor !== null && { label: 'Waits for', value: job.waitingFor },
          job.subject !== null && { label: 'Works on', value: <RefLink reference={job.subject} /> },
          job.result !== null && { label: 'Made', value: <RefLink reference={job.result} /> },
          { label: 'Job', value: job.id, mono: true }
        ]}
      />
      <Section
        title="Log"
        actions={<Checkbox checked={showsLog} onChange={setShowsLog} label="Show" />}
        className="flex min-h-40 flex-1 flex-col"
      >
        {showsLog && (run ? <RunLog key={`${job.id}/${job.state}`} runId={run.id} isOpen={isOpen} /> : <JobLog key={job.id} id={job.id} />)}
      </Section>
    </div>
  )
}

/** Jobs of pipeline runs carry the run as `pipeline-run:ID` or have its id; the pipeline is in the subject. */
function runOf(job: Job): { pipeline: string; id: string } | null {
  const pipeline = /^pipeline:([^@]+)/.exec(job.subject ?? '')?.[1]
  return pipeline ? { pipeline, id: job.id } : null
}

function Remaining({ seconds }: { seconds: number | null }) {
  return seconds === null ? null : (
    <>
      <DurationText seconds={seconds} /> left
    </>
  )
}
