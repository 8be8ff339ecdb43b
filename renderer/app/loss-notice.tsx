import { useState } from 'react'
import { Button } from '../ui'
import { Bar } from './host-notice'

/** Says what was found missing or changed when the workspace was opened; it stands in the record too. */
export function LossNotice({ warnings }: { warnings: readonly string[] }) {
  const [isRead, setRead] = useState(false)
  if (isRead || warnings.length === 0) return null
  return (
    <Bar status="warn">
      <span className="flex-1" data-selectable>
        {warnings.join(' ')} The record has an entry for it.
      </span>
      <Button size="sm" onClick={() => setRead(true)}>
        I have read this
      </Button>
    </Bar>
  )
}
