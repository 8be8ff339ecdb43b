export interface CursorState {
  /** Index of the active row, -1 when none. */
  active: number
  /** Where a Shift range starts. */
  anchor: number
  selection: ReadonlySet<string>
}

export interface CursorContext {
  count: number
  /** Rows in view, for Page up and down. */
  page: number
  selectable: boolean
  /** undefined for a row that is not loaded. */
  keyAt: (index: number) => string | undefined
}

export interface KeyStroke {
  key: string
  shift: boolean
  ctrl: boolean
}

/** What a key does in a list; null means the key is not ours. Movement: arrows, J/K, Home, End, Page up and down. */
export function applyKey(state: CursorState, stroke: KeyStroke, context: CursorContext): CursorState | null {
  const { key, shift, ctrl } = stroke
  if (context.count === 0) return null
  if (ctrl) return null
  if (key === ' ') {
    if (!context.selectable || state.active < 0) return null
    if (shift) return { ...state, selection: rangeKeys(state.anchor, state.active, context, new Set(state.selection)) }
    return toggleAt({ ...state, anchor: state.active }, context)
  }
  const target = targetOf(state.active, key, context)
  if (target === null) return null
  const active = Math.min(context.count - 1, Math.max(0, target))
  if (shift && context.selectable && (key.startsWith('Arrow') || key.startsWith('Page') || key === 'Home' || key === 'End')) {
    const anchor = state.anchor < 0 ? Math.max(0, state.active) : state.anchor
    return { active, anchor, selection: rangeKeys(anchor, active, context, new Set()) }
  }
  return { ...state, active, anchor: active }
}

/** A click: plain moves the cursor, Ctrl toggles, Shift selects from the anchor to here. */
export function applyClick(
  state: CursorState,
  index: number,
  modifiers: { shift: boolean; ctrl: boolean },
  context: CursorContext
): CursorState {
  if (context.selectable && modifiers.shift) {
    const anchor = state.anchor < 0 ? index : state.anchor
    return { active: index, anchor, selection: rangeKeys(anchor, index, context, new Set()) }
  }
  const moved = { ...state, active: index, anchor: index }
  return context.selectable && modifiers.ctrl ? toggleAt(moved, context) : moved
}

function toggleAt(state: CursorState, context: CursorContext): CursorState {
  const key = context.keyAt(state.active)
  if (key === undefined) return state
  const selection = new Set(state.selection)
  if (!selection.delete(key)) selection.add(key)
  return { ...state, selection }
}

function rangeKeys(from: number, to: number, context: CursorContext, into: Set<string>): Set<string> {
  for (let index = Math.max(0, Math.min(from, to)); index <= Math.max(from, to); index++) {
    const key = context.keyAt(index)
    if (key !== undefined) into.add(key)
  }
  return into
}

function targetOf(active: number, key: string, context: CursorContext): number | null {
  if (key === 'ArrowDown' || key === 'j') return active + 1
  if (key === 'ArrowUp' || key === 'k') return active < 0 ? 0 : active - 1
  if (key === 'PageDown') return active + context.page
  if (key === 'PageUp') return active - context.page
  if (key === 'Home') return 0
  if (key === 'End') return context.count - 1
  return null
}
