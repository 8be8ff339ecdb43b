import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

/** Groups tooltips so that the second one opens at once; app/ places it around the window. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider delay={400} closeDelay={0}>
      {children}
    </Base.Provider>
  )
}

export interface TooltipProps {
  content: ReactNode
  /** One element that takes a ref and DOM props; it becomes the trigger. */
  children: ReactElement
  side?: 'top' | 'bottom' | 'left' | 'right'
  disabled?: boolean
}

/** A hint on hover and keyboard focus. Never the only place of a fact that a person must know. */
export function Tooltip({ content, children, side = 'top', disabled }: TooltipProps) {
  if (content === undefined || content === null || content === '') return children
  return (
    <Base.Root disabled={disabled}>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup className="max-w-80 rounded-md border bg-surface-1 px-2 py-1 text-caption text-ink shadow-float">
            {content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
