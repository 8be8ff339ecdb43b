import { useState } from 'react'
import { useRememberedChoice } from '../../ui'
import type { Size } from './use-size'

/** Below this width the palette is a strip of icons unless somebody opened it. */
const WIDE = 1300
/** Below this width the inspector lies over the canvas and is opened when it is wanted. */
const NARROW = 860
/** Below this height canvas and step panel are shown one at a time. */
const LOW = 400
const folds = ['auto', 'open', 'closed'] as const

export interface Foldable {
  folded: boolean
  onFold: (folded: boolean) => void
}

export interface Folds {
  palette: Foldable
  panel: Foldable
  inspector: Foldable
  /** Unfolds the palette for one look, whatever is remembered. */
  peek: (peeks: boolean) => void
  /** The inspector lies over the canvas. */
  isNarrow: boolean
  /** Canvas and panel are shown one at a time. */
  isLow: boolean
}

/** What is folded in this room: as a person wished and is remembered; where the room is scarce, until they open it there. */
export function useFolds(size: Size | null): Folds {
  const [paletteWish, setPaletteWish] = useRememberedChoice('pipeline.palette', folds, 'auto')
  const [panelWish, setPanelWish] = useRememberedChoice('pipeline.panel-fold', folds, 'auto')
  const [inspectorWish, setInspectorWish] = useRememberedChoice('inspector.pipeline', ['open', 'closed'] as const, 'open')
  const [peeks, peek] = useState(false)
  const [isOver, setIsOver] = useState(false)
  const [covers, setCovers] = useState(false)
  const isNarrow = size !== null && size.width < NARROW
  const isLow = size !== null && size.height < LOW
  const isWide = size === null || size.width >= WIDE
  const isPaletteFolded = isNarrow ? paletteWish !== 'open' : paletteWish === 'closed' || (paletteWish === 'auto' && !isWide)
  const wishFor = (folded: boolean) => (folded ? 'closed' : 'open')
  return {
    palette: {
      folded: isPaletteFolded && !peeks,
      onFold(folded) {
        peek(false)
        if (folded !== isPaletteFolded) setPaletteWish(wishFor(folded))
      }
    },
    panel: {
      folded: isLow ? !covers : panelWish === 'closed',
      onFold: (folded) => (isLow ? setCovers(!folded) : setPanelWish(wishFor(folded)))
    },
    inspector: {
      folded: isNarrow ? !isOver : inspectorWish === 'closed',
      onFold: (folded) => (isNarrow ? setIsOver(!folded) : setInspectorWish(wishFor(folded)))
    },
    peek,
    isNarrow,
    isLow
  }
}
