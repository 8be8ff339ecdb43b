import { Lightbulb } from 'lucide-react'
import { useState } from 'react'
import type { ExplainedModel, OpenPanel } from '../../../main/model/what-if'
import { useHostQuery } from '../../host'
import { Button, EmptyState, ErrorState, Skeleton } from '../../ui'
import { RowAnswer } from './row-answer'
import { RowForm } from './row-form'
import { changedColumns, useAskedRow, usePanel, type Asked, type KeptRow } from './use-panel'

/** One row: what it got and why, and what it would get with other values. The model stands open meanwhile. */
export function RowPanel({ model, kept }: { model: ExplainedModel; kept: KeptRow }) {
  const [times, setTimes] = useState(0)
  return <Held model={model} kept={kept} onAgain={() => setTimes(times + 1)} key={times} />
}

function Held({ model, kept, onAgain }: { model: ExplainedModel; kept: KeptRow; onAgain: () => void }) {
  const { latest, output, error } = usePanel(model)
  if (error !== null) return <ErrorState error={error} title="The model cannot be asked" onRetry={onAgain} />
  if (output !== null)
    return (
      <EmptyState
        icon={Lightbulb}
        title="The model was closed"
        text="Nobody asked it for a while, so its memory was given back. What you typed is kept."
        action={
          <Button variant="primary" onClick={onAgain}>
            Open it again
          </Button>
        }
      />
    )
  return latest === null ? <Skeleton lines={8} /> : <Opened panel={latest} kept={kept} key={latest.panel} />
}

function Opened({ panel, kept }: { panel: OpenPanel; kept: KeptRow }) {
  const row = useAskedRow(panel, kept)
  const { asked } = row
  if (row.error !== null) return <ErrorState error={row.error} title="The row cannot be read" />
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] overflow-auto lg:grid-cols-[minmax(340px,26%)_minmax(0,1fr)] lg:overflow-hidden">
      <RowForm panel={panel} row={row} />
      <div className="min-h-0 lg:overflow-y-auto">
        {asked ? <Answered panel={panel} asked={asked} onTake={row.changeAll} /> : <Skeleton lines={8} />}
      </div>
    </div>
  )
}

function Answered({ panel, asked, onTake }: { panel: OpenPanel; asked: Asked; onTake: (values: Asked['values']) => void }) {
  const [output, setOutput] = useState<string | undefined>(undefined)
  const about = { panel: panel.panel, ...(asked.row !== null && { row: asked.row }) }
  const answer = useHostQuery('explain.ask', { ...about, values: asked.values, output }, { keepPrevious: true })
  const isChanged = changedColumns(asked).length > 0
  const before = useHostQuery('explain.ask', { ...about, values: asked.began, output }, { enabled: isChanged })
  if (answer.error) return <ErrorState compact className="m-4" error={answer.error} title="These values have no answer" />
  if (!answer.data) return <Skeleton lines={8} />
  return (
    <RowAnswer
      panel={panel}
      asked={asked}
      answer={answer.data}
      before={isChanged ? (before.data ?? null) : null}
      isStale={answer.isPlaceholderData}
      output={output}
      onOutput={setOutput}
      onTake={onTake}
    />
  )
}
