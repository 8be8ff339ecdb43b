import { ON_TRAINING_ROWS } from '../../main/model/evidence'
import { isJudgedOnTrainingRows, type RunSummary } from '../../main/model/run'
import { Badge } from '../ui'

/** In red, where the figures of a run stand without its evaluation: they were found on the rows that its model learned from. */
export function TrainingRowsBadge({ run }: { run: Pick<RunSummary, 'testData' | 'trainingData'> }) {
  if (!isJudgedOnTrainingRows(run)) return null
  return (
    <span role="note" title={ON_TRAINING_ROWS} aria-label={ON_TRAINING_ROWS} className="shrink-0">
      <Badge status="error">on training rows</Badge>
    </span>
  )
}
