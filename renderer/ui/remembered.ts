import { useState } from 'react'

/** Small view settings of this machine (panel sizes, column widths). Never facts of the workspace. */
export function readRemembered(key: string): string | null {
  try {
    return window.localStorage.getItem(`drydock.${key}`)
  } catch {
    return null
  }
}

export function remember(key: string, value: string): void {
  try {
    window.localStorage.setItem(`drydock.${key}`, value)
  } catch {
    // A full or forbidden store costs a remembered width, nothing else.
  }
}

/** useState for one of a few words, kept across restarts; an unknown stored word is ignored. */
export function useRememberedChoice<T extends string>(key: string, choices: readonly T[], initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => choices.find((choice) => choice === readRemembered(key)) ?? initial)
  return [
    value,
    (next) => {
      setValue(next)
      remember(key, next)
    }
  ]
}
