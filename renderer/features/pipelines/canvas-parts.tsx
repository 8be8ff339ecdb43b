import { MiniMap, Panel, useReactFlow, useStore } from '@xyflow/react'
import { Focus, Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, type RefObject } from 'react'
import { IconButton, KeyHint } from '../../ui'
import type { StepNode } from './graph-projection'
import { areaOf } from './use-canvas-view'
import type { Heights, Point } from './step-layout'

/** Smallest size that the words of a step have on the screen, pixels. */
const READABLE = 11.5
const zoomOf = (state: { transform: readonly [number, number, number] }): number => Math.max(0.4, Math.round(state.transform[2] * 20) / 20)

/** Tells the style sheet how large words must be on the canvas to be readable at this zoom. */
export function ReadableWords({ box }: { box: RefObject<HTMLElement | null> }) {
  const zoom = useStore(zoomOf)
  useEffect(() => box.current?.style.setProperty('--step-words', `${Math.max(13, READABLE / zoom).toFixed(1)}px`), [box, zoom])
  return null
}

export function CanvasControls({ fit, hasSelection }: { fit: (selected: boolean) => void; hasSelection: boolean }) {
  const flow = useReactFlow()
  return (
    <Panel position="bottom-left" className="flex rounded-md border bg-surface-1 p-0.5 shadow-float">
      <IconButton size="sm" icon={ZoomIn} label="Zoom in" onClick={() => void flow.zoomIn()} />
      <IconButton size="sm" icon={ZoomOut} label="Zoom out" onClick={() => void flow.zoomOut()} />
      <IconButton size="sm" icon={Maximize} label="Show all steps" onClick={() => fit(false)} />
      <IconButton
        size="sm"
        icon={Focus}
        label="Show what is selected"
        hint={<KeyHint keys="F" />}
        disabled={!hasSelection}
        onClick={() => fit(true)}
      />
    </Panel>
  )
}

/** A map of the whole, while not all of it is in view. */
export function CanvasMap({ places, heights }: { places: ReadonlyMap<string, Point>; heights: Heights }) {
  const area = areaOf(places, heights)
  const isNeeded = useStore(({ transform: [x, y, zoom], width, height }) => {
    if (!area || width < 480 || height < 240) return false
    const left = area.x * zoom + x
    const top = area.y * zoom + y
    return left < -1 || top < -1 || left + area.width * zoom > width + 1 || top + area.height * zoom > height + 1
  })
  if (!isNeeded) return null
  return (
    <MiniMap<StepNode>
      pannable
      zoomable
      ariaLabel="Map of the pipeline"
      style={{ width: 140, height: 90 }}
      nodeColor={(node) => (node.selected ? 'var(--accent)' : node.data.errors ? 'var(--error)' : 'var(--line-strong)')}
    />
  )
}

/** Why the connection that is being drawn cannot be made. */
export function Refusal({ text }: { text: string }) {
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <span className="max-w-110 rounded-md border border-warn bg-warn-soft px-2 py-1 text-caption text-ink shadow-float">{text}</span>
    </div>
  )
}
