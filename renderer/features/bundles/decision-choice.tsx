import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { classNames } from '../../ui'
import type { DecisionDraft } from './bundles-store'

interface DecisionChoiceProps {
  value: DecisionDraft['decision']
  onChange: (decision: 'approve' | 'reject') => void
  error: string | null
}

/** Approve or reject, as the reviewer's verdict. */
export function DecisionChoice({ value, onChange, error }: DecisionChoiceProps) {
  const choices = [
    { decision: 'approve' as const, label: 'Approve', icon: ThumbsUp, active: 'border-ok bg-ok-soft text-ok' },
    { decision: 'reject' as const, label: 'Reject', icon: ThumbsDown, active: 'border-error bg-error-soft text-error' }
  ]
  return (
    <fieldset>
      <legend className="mb-1 text-caption font-medium">Decision</legend>
      <div className="flex gap-2">
        {choices.map(({ decision, label, icon: Icon, active }) => (
          <label
            key={decision}
            className={classNames(
              'flex h-8 flex-1 items-center justify-center gap-2 rounded-md border font-medium has-focus-visible:outline-2 has-focus-visible:outline-focus',
              value === decision ? active : 'border-line-strong/60 hover:bg-surface-2'
            )}
          >
            <input
              type="radio"
              name="decision"
              value={decision}
              checked={value === decision}
              onChange={() => onChange(decision)}
              className="size-3.5 accent-current"
            />
            <Icon aria-hidden className="size-3.5" /> {label}
          </label>
        ))}
      </div>
      {error && <p className="mt-1 text-caption text-error">{error}</p>}
    </fieldset>
  )
}
