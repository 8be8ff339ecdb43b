import { ChevronRight } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { classNames } from './class-names'
import { useRememberedChoice } from './remembered'

export interface DisclosureProps {
  /** Under which this machine remembers whether it is open. */
  name: string
  label: string
  children: ReactNode
  className?: string
}

/** What is not needed at first sight, behind a button that stays as it was left. */
export function Disclosure({ name, label, children, className }: DisclosureProps) {
  const [state, setState] = useRememberedChoice(name, ['open', 'closed'] as const, 'closed')
  const id = useId()
  const isOpen = state === 'open'
  return (
    <div className={className}>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setState(isOpen ? 'closed' : 'open')}
        className="flex items-center gap-1 rounded-sm text-caption text-muted hover:text-ink"
      >
        <ChevronRight aria-hidden className={classNames('size-3.5', isOpen && 'rotate-90')} />
        {label}
      </button>
      <div id={id} hidden={!isOpen} className="pt-3">
        {isOpen && children}
      </div>
    </div>
  )
}
