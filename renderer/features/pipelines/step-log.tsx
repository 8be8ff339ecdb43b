import { useState } from 'react'
import { reportError, useClient, useHostQuery, useLogTail } from '../../host'
import { Button, ErrorState, formatSize, LogView } from '../../ui'

/** Pages of the file that one click reads; a page has 64 KiB. */
const PAGES_AT_ONCE = 16

export interface StepLogProps {
  runId: string
  stepId: string
  hasAttempt: boolean
  cached: boolean
}

/** The log of the newest attempt: its end, live, and on demand from its beginning. */
export function StepLog({ runId, stepId, hasAttempt, cached }: StepLogProps) {
  const client = useClient()
  const log = useLogTail('pipelines.followLog', { runId, stepId }, hasAttempt)
  // Where the end that is shown begins in the file.
  const last = useHostQuery('pipelines.log', { runId, stepId }, { enabled: hasAttempt && !log.live })
  const [whole, setWhole] = useState<{ text: string; next: number; size: number } | null>(null)
  const [isReading, setIsReading] = useState(false)
  if (log.error) return <ErrorState error={log.error} />
  const empty = cached
    ? 'The result of an earlier run was taken, so nothing was run and there is no log.'
    : hasAttempt
      ? log.live
        ? 'The step has written nothing yet.'
        : 'The step wrote nothing.'
      : 'The step has not been started in this run.'
  const readOn = async () => {
    setIsReading(true)
    try {
      let { text, next, size } = whole ?? { text: '', next: 0, size: 0 }
      for (let page = 0; page < PAGES_AT_ONCE && (size === 0 || next < size); page++) {
        const read = await client.pipelines.log({ runId, stepId, from: next })
        text += read.text
        next = read.next
        size = read.size
        if (read.text === '') break
      }
      setWhole({ text, next, size })
    } catch (error) {
      reportError(error)
    }
    setIsReading(false)
  }
  const hidden = last.data ? last.data.next - new TextEncoder().encode(last.data.text).length : 0
  return (
    <div className="flex h-full flex-col">
      {hidden > 0 && !log.live && (
        <div className="flex shrink-0 flex-wrap items-center gap-2 border-b px-3 py-1 text-caption text-muted">
          <span>
            {whole
              ? `The first ${formatSize(whole.next)} of ${formatSize(whole.size)}.`
              : `The end of ${formatSize(last.data?.size ?? 0)}; ${formatSize(hidden)} before it are not shown.`}
          </span>
          {(!whole || whole.next < whole.size) && (
            <Button size="sm" loading={isReading} onClick={() => void readOn()}>
              {whole ? 'Read on' : 'Show from the beginning'}
            </Button>
          )}
          {whole && (
            <Button size="sm" onClick={() => setWhole(null)}>
              Show the end
            </Button>
          )}
        </div>
      )}
      <div className="min-h-0 flex-1">
        <LogView
          key={whole ? 'whole' : 'end'}
          text={whole?.text ?? log.text}
          label={`Log of ${stepId}`}
          live={!whole && log.live}
          fromTop={whole !== null}
          empty={empty}
        />
      </div>
    </div>
  )
}
