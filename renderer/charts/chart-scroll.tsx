import type { ReactNode, RefObject } from 'react'

interface ChartScrollProps {
  box: RefObject<HTMLDivElement | null>
  title: string
  /** Pixels that the drawing takes, and that it is shown in at most. */
  height: number
  most: number
  children: ReactNode
}

/** Holds a drawing that grows with its rows. Where it is taller than its place it scrolls, by the keyboard too. */
export function ChartScroll({ box, title, height, most, children }: ChartScrollProps) {
  const reach = height > most ? { tabIndex: 0, role: 'group', 'aria-label': `${title}: more below` } : {}
  return (
    <div ref={box} className="overflow-y-auto" style={{ maxHeight: most }} {...reach}>
      {children}
    </div>
  )
}
