import type { ReactNode } from 'react'
import { ErrorState, useDelayed } from './states'
import type { VirtualTableProps } from './table-types'

/** What stands in the place of rows: an error, placeholders while the first rows load, or the empty state; null when there are rows. */
export function useTableOverlay<Row>(props: VirtualTableProps<Row>, rowHeight: number): ReactNode {
  const waiting = Boolean(props.loading) && props.rows.length === 0
  const slow = useDelayed(waiting)
  if (props.error) return <ErrorState error={props.error} onRetry={props.onRetry} />
  if (waiting)
    return (
      <div role="status" aria-label="Loading">
        {slow && <Placeholders height={rowHeight} />}
      </div>
    )
  return props.rows.length === 0 ? props.empty : null
}

function Placeholders({ height }: { height: number }) {
  return Array.from({ length: 12 }, (_, index) => (
    <div key={index} className="flex items-center border-b px-3" style={{ height }}>
      <div className="h-3 animate-breathe rounded-sm bg-surface-2" style={{ width: `${70 - ((index * 13) % 35)}%` }} />
    </div>
  ))
}
