import { PanelRightClose, PanelRightOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './icon-button'
import { useRememberedChoice } from './remembered'
import { SplitPane } from './split-pane'

export interface InspectorLayoutProps {
  /** Under this name width and openness are remembered. */
  name: string
  /** The list, canvas or chart. */
  children: ReactNode
  title: ReactNode
  /** Details of what is selected; null shows the hint of what to select. */
  inspector: ReactNode | null
  emptyText?: string
  actions?: ReactNode
}

/** Master on the left, a collapsible inspector of 320 px on the right. */
export function InspectorLayout({
  name,
  children,
  title,
  inspector,
  emptyText = 'Select something to see its details.',
  actions
}: InspectorLayoutProps) {
  const [state, setState] = useRememberedChoice(`inspector.${name}`, ['open', 'closed'] as const, 'open')
  if (state === 'closed')
    return (
      <div className="flex h-full min-h-0 w-full">
        <div className="min-w-0 flex-1 overflow-hidden">{children}</div>
        <div className="flex w-9 shrink-0 flex-col items-center border-l bg-surface-0 py-1">
          <IconButton icon={PanelRightOpen} label="Show the inspector" onClick={() => setState('open')} />
        </div>
      </div>
    )
  return (
    <SplitPane
      name={`inspector ${name}`}
      fixed="second"
      size={320}
      min={240}
      max={720}
      first={children}
      second={
        <aside aria-label="Inspector" data-panel tabIndex={-1} className="flex h-full flex-col bg-surface-0 outline-none">
          <header className="flex min-h-10 shrink-0 items-center gap-2 border-b px-3">
            <h2 className="min-w-0 flex-1 truncate font-semibold">{title}</h2>
            {actions}
            <IconButton icon={PanelRightClose} size="sm" label="Hide the inspector" onClick={() => setState('closed')} />
          </header>
          <div className="min-h-0 flex-1 overflow-auto p-3">{inspector ?? <p className="text-muted">{emptyText}</p>}</div>
        </aside>
      }
    />
  )
}
