const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform)
const symbols: Record<string, string> = isMac
  ? { Mod: '\u2318', Alt: '\u2325', Shift: '\u21e7', Enter: '\u21a9', Left: '\u2190', Right: '\u2192', Up: '\u2191', Down: '\u2193' }
  : { Mod: 'Ctrl', Left: '\u2190', Right: '\u2192', Up: '\u2191', Down: '\u2193' }

/** `Mod+K` is shown as Ctrl K, on macOS with its own symbols. A space separates alternatives: `J Down`. */
export function KeyHint({ keys }: { keys: string }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-1">
      {keys.split('+').map((key) => (
        <kbd key={key} className="min-w-4 rounded-sm border bg-surface-2 px-1 text-center font-sans text-micro text-muted">
          {symbols[key] ?? key}
        </kbd>
      ))}
    </span>
  )
}
