import type { ReactNode } from 'react'
import { ErrorState, Progress } from '../../ui'
import type { Work } from './background-work'

export interface WorkStatusProps {
  work: Work | undefined
  /** What is being done: "Importing strikes.csv". */
  label: string
  onRetry: () => void
  /** A further way on from an error. */
  action?: (error: unknown) => ReactNode
}

/** How far the work is, or why it stopped. */
export function WorkStatus({ work, label, onRetry, action }: WorkStatusProps) {
  return (
    <>
      {work?.running && (
        <div className="border-b px-4 py-2">
          <Progress value={work.progress?.fraction ?? null} label={label} detail={work.progress?.message} onCancel={work.cancel} />
        </div>
      )}
      {work?.error ? <ErrorState compact className="m-3 mb-0" error={work.error} onRetry={onRetry} action={action?.(work.error)} /> : null}
    </>
  )
}
