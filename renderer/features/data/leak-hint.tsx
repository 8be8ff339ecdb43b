import { useEffect, useRef } from 'react'
import type { Baseline } from '../../../main/model/baseline'
import type { DatasetDetail } from '../../../main/model/dataset'
import { usualTask } from '../../../main/model/tasks'
import { useInvalidate } from '../../host'
import { Button, formatCount, navigate, StatusIcon } from '../../ui'
import { useWork } from './background-work'
import { useStartCheck } from './start-check'
import { WorkStatus } from './work-status'

const SHOWN = 4

export interface LeakHintProps {
  detail: DatasetDetail
  made: Pick<Baseline, 'target' | 'event' | 'leaks'>
  onClose: () => void
}

/** Before anything is trained: the columns that may give the target away, as the quality check of this version says, or the way to that check. */
export function LeakHint({ detail, made: { target, event, leaks }, onClose }: LeakHintProps) {
  const check = useLeakCheck(detail)
  const open = (tab: 'columns' | 'quality') => {
    onClose()
    navigate('data', [detail.name], { tab })
  }
  if (leaks === null)
    return (
      <section aria-label="Leaks" className="flex flex-col gap-2 rounded-md border p-2">
        <div className="flex items-center gap-2">
          <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            No check of this version has looked yet for columns that give &quot;{target}&quot; away. The figures of a model that learns from
            one are too good to be true.
          </p>
          <Button loading={check.running} onClick={() => check.start(target, String(event))}>
            Look for leaks
          </Button>
        </div>
        <WorkStatus work={check.work} label={`Checking ${detail.name}`} onRetry={() => check.start(target, String(event))} />
      </section>
    )
  if (leaks.findings.length === 0)
    return (
      <p className="flex items-center gap-2 [overflow-wrap:anywhere]">
        <StatusIcon status="ok" /> The quality check found no column that gives &quot;{target}&quot; away.
      </p>
    )
  const more = leaks.findings.length - SHOWN
  return (
    <section aria-label="Leaks" className="flex flex-col gap-2 rounded-md border p-2">
      <ul className="flex flex-col gap-1">
        {leaks.findings.slice(0, SHOWN).map(({ title, severity }) => (
          <li key={title} className="flex items-center gap-2 [overflow-wrap:anywhere]">
            <StatusIcon status={severity === 'error' ? 'error' : 'warn'} /> {title}
          </li>
        ))}
        {more > 0 && <li className="text-muted">and {formatCount(more, 'more finding')}</li>}
      </ul>
      <p className="text-caption text-muted">
        Was it known only after the outcome? Then set Known to after in Columns, and no training reads it. A model that learned from it
        would look excellent and fail in use.
      </p>
      <div className="flex gap-2">
        <Button onClick={() => open('columns')}>Open the columns</Button>
        <Button onClick={() => open('quality')}>Show the report</Button>
      </div>
    </section>
  )
}

/** A check with the target that is about to be trained; what it finds comes back with the documents of the baseline. */
function useLeakCheck(detail: DatasetDetail) {
  const begin = useStartCheck(detail)
  const invalidate = useInvalidate()
  const work = useWork('quality')
  const isOpen = useRef(true)
  useEffect(() => {
    isOpen.current = true
    return () => void (isOpen.current = false)
  }, [])
  return {
    work: work?.subject === detail.version.ref ? work : undefined,
    running: work?.running ?? false,
    start: (column: string, event: string) =>
      begin({
        target: { column, ...usualTask.event.ask([event]) },
        isShown: () => isOpen.current,
        onMade: () => void invalidate(['quality', 'pipelines'])
      })
  }
}
