import type { ReactNode } from 'react'
import { Page } from './layout'
import { ErrorState, Skeleton } from './states'

export interface PendingPageProps {
  header: ReactNode
  query: { error: unknown; refetch: () => unknown }
  /** What could not be done, for instance "The runs cannot be shown". */
  title?: string
  /** A further way out of an error. */
  action?: ReactNode
  lines?: number
}

/** The page of something that is not there yet: why it cannot be shown, or what stands in its place while it is read. */
export function PendingPage({ header, query, title, action, lines = 8 }: PendingPageProps) {
  return (
    <Page header={header}>
      {query.error ? (
        <ErrorState error={query.error} title={title} onRetry={() => void query.refetch()} action={action} />
      ) : (
        <Skeleton lines={lines} />
      )}
    </Page>
  )
}
