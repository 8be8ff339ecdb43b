import type { Evaluation } from '../../main/model/evaluation'
import { describeSplit, describeUnchecked } from '../../main/model/split-check'
import { describeIndependence, independenceOf } from '../../main/model/evidence'
import { classNames, StatusIcon } from '../ui'

/** Figures over rows that the training had too, or that are tied to it, are better than they will be on new ones: said before the figures, in red. */
export function IndependenceNote({ evaluation }: { evaluation: Pick<Evaluation, 'subject' | 'rowsShared' | 'rows' | 'splitCheck'> }) {
  const said = describeIndependence(independenceOf(evaluation))
  const ties = evaluation.splitCheck ? describeSplit(evaluation.splitCheck) : []
  const unchecked = evaluation.splitCheck ? describeUnchecked(evaluation.splitCheck) : []
  if (!said && ties.length + unchecked.length === 0) return null
  return (
    <>
      {said && <Note {...said} />}
      {ties.map((text) => (
        <Note key={text} tone="error" text={text} />
      ))}
      {unchecked.map((text) => (
        <Note key={text} tone="warn" text={text} />
      ))}
    </>
  )
}

const Note = ({ tone, text }: { tone: 'error' | 'warn'; text: string }) => (
  <p
    role={tone === 'error' ? 'alert' : 'status'}
    className={classNames(
      'flex items-start gap-2 rounded-md p-2',
      tone === 'error' ? 'bg-error-soft font-medium text-error' : 'bg-warn-soft'
    )}
  >
    <StatusIcon status={tone} className="mt-1" /> {text}
  </p>
)
