import { Pencil } from 'lucide-react'
import { useState } from 'react'
import type { Experiment } from '../../../main/model/run'
import { metricFormat, sortMetricKeys } from '../../evidence'
import { useHostCommand } from '../../host'
import { Button, Dialog, Field, formatCount, IconButton, Select, TextArea, Tooltip } from '../../ui'

/** Question, primary metric and the number of trials of one experiment. */
export function ExperimentHeader({ experiment, metricKeys }: { experiment: Experiment; metricKeys: readonly string[] }) {
  const [editing, setEditing] = useState(false)
  const update = useHostCommand('experiments.update')
  const keys = sortMetricKeys([...new Set([experiment.primaryMetric, ...metricKeys])])
  const discarded = experiment.trials - experiment.runs
  return (
    <section
      aria-label={`Experiment ${experiment.name}`}
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-1.5"
    >
      <div className="flex min-w-0 flex-1 items-center gap-1">
        <span className="shrink-0 text-caption text-muted">Question</span>
        {experiment.question ? (
          <p className="min-w-0 truncate" title={experiment.question}>
            {experiment.question}
          </p>
        ) : (
          <p className="text-muted">Not written down yet</p>
        )}
        <IconButton icon={Pencil} size="sm" label="Edit the question" onClick={() => setEditing(true)} />
      </div>
      <div className="flex items-center gap-2">
        <span className="shrink-0 text-caption whitespace-nowrap text-muted">Primary metric</span>
        <div className="w-44">
          <Select
            aria-label="Primary metric"
            value={experiment.primaryMetric}
            choices={keys.map((key) => ({ value: key, label: metricFormat(key).label }))}
            onChange={(primaryMetric) => void update.run({ id: experiment.id, primaryMetric })}
          />
        </div>
      </div>
      <Tooltip content="Every trial counts, the discarded and failed ones too: choosing the best of many runs makes its figures look better than they are.">
        <span tabIndex={0} className="rounded-sm tabular-nums">
          {formatCount(experiment.trials, 'trial')}
          {discarded > 0 && <span className="text-muted">, {discarded} discarded</span>}
        </span>
      </Tooltip>
      {editing && <QuestionDialog experiment={experiment} onClose={() => setEditing(false)} />}
    </section>
  )
}

function QuestionDialog({ experiment, onClose }: { experiment: Experiment; onClose: () => void }) {
  const [question, setQuestion] = useState(experiment.question)
  const update = useHostCommand('experiments.update', { success: 'The question was saved.', onSuccess: onClose })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Question of the experiment"
      description="What the runs are meant to find out, written before looking at results. It is part of the model card."
      onSubmit={() => void update.run({ id: experiment.id, question: question.trim() })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={update.busy} disabled={question.length > 2000}>
            Save the question
          </Button>
        </>
      }
    >
      <Field label="Question" error={question.length > 2000 ? `At most 2,000 characters; these are ${question.length}.` : null}>
        <TextArea rows={4} value={question} onChange={(event) => setQuestion(event.target.value)} autoFocus />
      </Field>
    </Dialog>
  )
}
