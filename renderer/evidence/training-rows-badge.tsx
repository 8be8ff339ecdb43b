import { ON_TRAINING_ROWS } from '../../main/model/evidence'
import { isJudgedOnTrainingRows, type RunSummary } from '../../main/model/run'
import { Badge, StatusIcon } from '../ui'

export interface TrainingRowsBadgeProps {
  run: Pick<RunSummary, 'testData' | 'trainingData'>
  /** Only the sign, where a row has no room for words. */
  short?: boolean
}

/** In red, where the figures of a run stand without its evaluation: they were found on the rows that its model learned from. */
export function TrainingRowsBadge({ run, short }: TrainingRowsBadgeProps) {
  if (!isJudgedOnTrainingRows(run)) return null
  return (
    <span role="note" title={ON_TRAINING_ROWS} aria-label={ON_TRAINING_ROWS} className="shrink-0">
      {short ? <StatusIcon status="error" /> : <Badge status="error">on training rows</Badge>}
    </span>
  )
}
