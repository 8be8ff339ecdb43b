import { PanelRightClose, PanelRightOpen } from 'lucide-react'
import { useImperativeHandle, useState, type ReactNode, type Ref } from 'react'
import { classNames, IconButton, SplitPane, useRememberedChoice } from '../../ui'
import { useSize } from './use-size'

/** Below this width the palette is a strip of icons unless somebody opened it. */
const WIDE = 1300
/** Below this width the inspector lies over the canvas and is opened when it is wanted. */
const NARROW = 860
/** Below this height canvas and step panel are shown one at a time. */
const LOW = 400
const STRIP = 44
const PANEL_STRIP = 33
const folds = ['auto', 'open', 'closed'] as const

export interface PipelineLayoutHandle {
  openInspector: () => void
  /** Unfolds the palette for one look; `endPeek` folds it again. */
  peekPalette: () => void
  endPeek: () => void
  openPanel: () => void
}

export interface Foldable {
  folded: boolean
  onFold: (folded: boolean) => void
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
  const [paletteWish, setPaletteWish] = useRememberedChoice('pipeline.palette', folds, 'auto')
  const [panelWish, setPanelWish] = useRememberedChoice('pipeline.panel-fold', folds, 'auto')
  const [inspectorWish, setInspectorWish] = useRememberedChoice('inspector.pipeline', ['open', 'closed'] as const, 'open')
  const [peeks, setPeeks] = useState(false)
  const [isOver, setIsOver] = useState(false)
  const [covers, setCovers] = useState(false)
  const isNarrow = size !== null && size.width < NARROW
  const isLow = size !== null && size.height < LOW
  const isWide = size === null || size.width >= WIDE
  const isPaletteFolded = isNarrow ? paletteWish !== 'open' : paletteWish === 'closed' || (paletteWish === 'auto' && !isWide)
  const paletteFold: Foldable = {
    folded: isPaletteFolded && !peeks,
    onFold(folded) {
      setPeeks(false)
      if (folded !== isPaletteFolded) setPaletteWish(folded ? 'closed' : 'open')
    }
  }
  const panelFold: Foldable = {
    folded: isLow ? !covers : panelWish === 'closed',
    onFold: (folded) => (isLow ? setCovers(!folded) : setPanelWish(folded ? 'closed' : 'open'))
  }
  const shows = isNarrow ? isOver : inspectorWish === 'open'
  const setShows = isNarrow ? setIsOver : (open: boolean) => setInspectorWish(open ? 'open' : 'closed')
  useImperativeHandle(handle, () => ({
    openInspector: () => setShows(true),
    peekPalette: () => setPeeks(true),
    endPeek: () => setPeeks(false),
    openPanel: () => panelFold.onFold(false)
  }))
  const isCovered = isLow && covers

  const centre = panel ? (
    <SplitPane
      name="step panel"
      orientation="column"
      fixed="second"
      size={230}
      min={72}
      max={900}
      folded={isLow || panelFold.folded ? PANEL_STRIP : undefined}
      first={main}
      second={<div className={classNames('h-full', isCovered && 'absolute inset-0 z-20')}>{panel(panelFold)}</div>}
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
      folded={isNarrow || !shows ? 36 : undefined}
      first={<div className="relative h-full">{centre}</div>}
      second={
        <>
          {(isNarrow || !shows) && (
            <div className="flex h-full w-9 flex-col items-center border-l bg-surface-0 py-1">
              <IconButton icon={PanelRightOpen} label="Show the inspector" onClick={() => setShows(true)} />
            </div>
          )}
          {shows && (
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
                <h2 className="min-w-0 flex-1 truncate font-semibold">{inspectorTitle}</h2>
                <IconButton icon={PanelRightClose} size="sm" label="Hide the inspector" onClick={() => setShows(false)} />
              </header>
              <div data-pipeline-inspector className="min-h-0 flex-1 overflow-auto p-3">
                {inspector}
              </div>
            </aside>
          )}
        </>
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
          folded={paletteFold.folded ? STRIP : undefined}
          first={palette(paletteFold)}
          second={withInspector}
        />
      ) : (
        withInspector
      )}
    </div>
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
