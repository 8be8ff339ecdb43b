import { PanelRightClose, PanelRightOpen } from 'lucide-react'
import { useImperativeHandle, type ReactNode, type Ref } from 'react'
import { classNames, IconButton, SplitPane } from '../../ui'
import { useFolds, type Foldable, type Folds } from './use-folds'
import { useSize } from './use-size'

const STRIP = 44
const PANEL_STRIP = 33

export interface PipelineLayoutHandle {
  openInspector: () => void
  /** Unfolds the palette for one look; `endPeek` folds it again. */
  peekPalette: () => void
  endPeek: () => void
  openPanel: () => void
}

export interface PipelineLayoutProps {
  palette?: (fold: Foldable) => ReactNode
  main: ReactNode
  panel?: (fold: Foldable) => ReactNode
  inspectorTitle: ReactNode
  inspector: ReactNode
  handle?: Ref<PipelineLayoutHandle>
}

/** Palette, canvas with the panel below it, inspector. What folds keeps the canvas as it is: its view is not lost. */
export function PipelineLayout({ palette, main, panel, inspectorTitle, inspector, handle }: PipelineLayoutProps) {
  const [box, size] = useSize<HTMLDivElement>()
  const folds = useFolds(size)
  useImperativeHandle(handle, () => ({
    openInspector: () => folds.inspector.onFold(false),
    peekPalette: () => folds.peek(true),
    endPeek: () => folds.peek(false),
    openPanel: () => folds.panel.onFold(false)
  }))
  const isCovered = folds.isLow && !folds.panel.folded
  const centre = panel ? (
    <SplitPane
      name="step panel"
      orientation="column"
      fixed="second"
      size={230}
      min={72}
      max={900}
      folded={folds.isLow || folds.panel.folded ? PANEL_STRIP : undefined}
      first={main}
      second={<div className={classNames('h-full', isCovered && 'absolute inset-0 z-20')}>{panel(folds.panel)}</div>}
    />
  ) : (
    main
  )
  const withInspector = (
    <SplitPane
      name="pipeline inspector"
      fixed="second"
      size={320}
      min={260}
      max={720}
      folded={folds.isNarrow || folds.inspector.folded ? 36 : undefined}
      first={<div className="relative h-full">{centre}</div>}
      second={
        <InspectorPane folds={folds} title={inspectorTitle}>
          {inspector}
        </InspectorPane>
      }
    />
  )
  return (
    <div ref={box} className="relative h-full">
      {palette ? (
        <SplitPane
          name="step palette"
          size={176}
          min={140}
          max={320}
          folded={folds.palette.folded ? STRIP : undefined}
          first={palette(folds.palette)}
          second={withInspector}
        />
      ) : (
        withInspector
      )}
    </div>
  )
}

/** The inspector, or the strip that it is opened from; in a narrow window it lies over the canvas beside that strip. */
function InspectorPane({ folds, title, children }: { folds: Folds; title: ReactNode; children: ReactNode }) {
  const { isNarrow } = folds
  const { folded, onFold } = folds.inspector
  return (
    <>
      {(isNarrow || folded) && (
        <div className="flex h-full w-9 flex-col items-center border-l bg-surface-0 py-1">
          <IconButton icon={PanelRightOpen} label="Show the inspector" onClick={() => onFold(false)} />
        </div>
      )}
      {!folded && (
        <aside
          aria-label="Inspector"
          data-panel
          tabIndex={-1}
          className={classNames(
            'flex flex-col bg-surface-0 outline-none',
            isNarrow ? 'absolute inset-y-0 right-0 z-30 w-80 max-w-full border-l shadow-float' : 'h-full'
          )}
        >
          <header className="flex min-h-9 shrink-0 items-center gap-2 border-b px-3">
            <h2 className="min-w-0 flex-1 truncate font-semibold">{title}</h2>
            <IconButton icon={PanelRightClose} size="sm" label="Hide the inspector" onClick={() => onFold(true)} />
          </header>
          <div data-pipeline-inspector className="min-h-0 flex-1 overflow-auto p-3">
            {children}
          </div>
        </aside>
      )}
    </>
  )
}

/** Puts the cursor into the first thing to fill in, in the inspector, once it is there. */
export function focusInspector(selector = 'input, textarea'): void {
  requestAnimationFrame(() => {
    const inside = document.querySelector('[data-pipeline-inspector]')
    const target = inside?.querySelector<HTMLElement>(selector) ?? inside?.closest<HTMLElement>('aside')
    target?.focus()
    target?.scrollIntoView({ block: 'nearest' })
  })
}
