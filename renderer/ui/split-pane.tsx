import { useCallback, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { classNames } from './class-names'
import { readRemembered, remember } from './remembered'

export interface SplitPaneProps {
  /** Under this name the size is remembered on this machine. */
  name: string
  first: ReactNode
  second: ReactNode
  /** row puts them side by side (default), column one above the other. */
  orientation?: 'row' | 'column'
  /** Which one keeps its pixels when the window resizes. */
  fixed?: 'first' | 'second'
  size?: number
  min?: number
  max?: number
  /** The fixed area is folded to so many pixels and cannot be resized; its size is remembered for later. */
  folded?: number
}

/** Two areas and a bar between them: drag it, or focus it and use the arrow keys; a double click restores the size. */
export function SplitPane({
  name,
  first,
  second,
  orientation = 'row',
  fixed = 'first',
  size = 320,
  min = 160,
  max = 900,
  folded
}: SplitPaneProps) {
  const key = `split.${name}`
  const clamp = useCallback((value: number) => Math.min(max, Math.max(min, Math.round(value))), [min, max])
  const [pixels, setPixels] = useState(() => clamp(Number(readRemembered(key) ?? size) || size))
  const row = orientation === 'row'
  const change = (value: number) => {
    const next = clamp(value)
    setPixels(next)
    remember(key, String(next))
  }
  const startDrag = (event: PointerEvent<HTMLDivElement>) => {
    const bar = event.currentTarget
    const from = row ? event.clientX : event.clientY
    const start = pixels
    const sign = fixed === 'first' ? 1 : -1
    bar.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent) => change(start + sign * ((row ? moved.clientX : moved.clientY) - from))
    const end = () => {
      bar.removeEventListener('pointermove', move)
      bar.removeEventListener('pointerup', end)
      bar.removeEventListener('pointercancel', end)
    }
    bar.addEventListener('pointermove', move)
    bar.addEventListener('pointerup', end)
    bar.addEventListener('pointercancel', end)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -16, ArrowUp: -16, ArrowRight: 16, ArrowDown: 16 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    change(pixels + (fixed === 'first' ? step : -step))
  }
  const fixedStyle = { [row ? 'width' : 'height']: folded ?? pixels, [row ? 'maxWidth' : 'maxHeight']: '75%' }
  return (
    <div className={classNames('flex h-full min-h-0 w-full min-w-0', row ? 'flex-row' : 'flex-col')}>
      <div
        className={classNames('min-h-0 min-w-0 overflow-hidden', fixed === 'first' ? 'shrink-0' : 'flex-1')}
        style={fixed === 'first' ? fixedStyle : undefined}
      >
        {first}
      </div>
      <div
        role="separator"
        tabIndex={0}
        hidden={folded !== undefined}
        aria-label={`Resize ${name}`}
        aria-orientation={row ? 'vertical' : 'horizontal'}
        aria-valuenow={pixels}
        aria-valuemin={min}
        aria-valuemax={max}
        onPointerDown={startDrag}
        onDoubleClick={() => change(size)}
        onKeyDown={onKeyDown}
        className={classNames(
          'relative z-10 shrink-0 bg-line transition-colors hover:bg-accent focus-visible:bg-accent',
          row
            ? 'w-px cursor-col-resize before:absolute before:inset-y-0 before:-left-1 before:w-2.25'
            : 'h-px cursor-row-resize before:absolute before:inset-x-0 before:-top-1 before:h-2.25'
        )}
      />
      <div
        className={classNames('min-h-0 min-w-0 overflow-hidden', fixed === 'second' ? 'shrink-0' : 'flex-1')}
        style={fixed === 'second' ? fixedStyle : undefined}
      >
        {second}
      </div>
    </div>
  )
}
