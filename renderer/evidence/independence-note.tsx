import type { Evaluation } from '../../main/model/evaluation'
import { describeSplit } from '../../main/model/split-check'
import { describeIndependence, independenceOf } from '../../main/model/evidence'
import { classNames, StatusIcon } from '../ui'

/** Figures over rows that the training had too, or that are tied to it, are better than they will be on new ones: said before the figures, in red. */
export function IndependenceNote({ evaluation }: { evaluation: Pick<Evaluation, 'subject' | 'rowsShared' | 'rows' | 'splitCheck'> }) {
  const said = describeIndependence(independenceOf(evaluation))
  const notes = [...(said ? [said] : []), ...(evaluation.splitCheck ? describeSplit(evaluation.splitCheck) : [])]
  if (notes.length === 0) return null
  return (
    <>
      {notes.map((note) => (
        <Note key={note.text} {...note} />
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
