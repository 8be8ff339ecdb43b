import type { Evaluation } from '../../main/model/evaluation'
import { independenceOf, judgedRowsNotes } from '../../main/model/evidence'
import { classNames, StatusIcon } from '../ui'

/** Figures over rows that the training had too, or that are tied to it, are better than they will be on new ones: said before the figures, in red. */
export function IndependenceNote({ evaluation }: { evaluation: Pick<Evaluation, 'subject' | 'rowsShared' | 'rows' | 'splitCheck'> }) {
  const notes = judgedRowsNotes(independenceOf(evaluation), evaluation.splitCheck)
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
