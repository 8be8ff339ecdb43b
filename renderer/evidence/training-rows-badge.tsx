import { describeDoubt, doubtWords, type JudgedRun } from '../../main/model/run'
import { Badge, StatusIcon } from '../ui'

export interface TrainingRowsBadgeProps {
  run: JudgedRun
  /** Only the sign, where a row has no room for words. */
  short?: boolean
}

/** In red, where the figures of a run stand without its evaluation: all or some of the rows that they were found on are rows that its model learned from. */
export function TrainingRowsBadge({ run, short }: TrainingRowsBadgeProps) {
  const doubt = describeDoubt(run)
  if (doubt === null) return null
  return (
    <span role="note" title={doubt} aria-label={doubt} className="shrink-0">
      {short ? <StatusIcon status="error" /> : <Badge status="error">{doubtWords(run)}</Badge>}
    </span>
  )
}
