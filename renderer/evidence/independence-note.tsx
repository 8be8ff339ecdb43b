import type { Evaluation } from '../../main/model/evaluation'
import { describeIndependence, independenceOf } from '../../main/model/evidence'
import { classNames, StatusIcon } from '../ui'

/** Figures over rows that the training had too are better than they will be on new ones: said before the figures, in red. */
export function IndependenceNote({ evaluation }: { evaluation: Pick<Evaluation, 'subject' | 'rowsShared' | 'rows'> }) {
  const said = describeIndependence(independenceOf(evaluation))
  if (!said) return null
  const isError = said.tone === 'error'
  return (
    <p
      role={isError ? 'alert' : 'status'}
      className={classNames('flex items-start gap-2 rounded-md p-2', isError ? 'bg-error-soft font-medium text-error' : 'bg-warn-soft')}
    >
      <StatusIcon status={said.tone} className="mt-1" /> {said.text}
    </p>
  )
}
