import { useEffect } from 'react'
import type { OsCalls } from '../../preload/wire'
import { loadAllAreas } from './areas'
import { applyTheme, type ThemeChoice } from './theme'

/** Milliseconds after the first paint; what other pages need is read in the quiet that follows. */
const quiet = 800

/** The theme that was chosen, and the title of the window; the code of all pages is read ahead. */
export function useWindowLook(workspace: { name: string } | null, theme: ThemeChoice | undefined, os: OsCalls): void {
  useEffect(() => {
    if (theme) applyTheme(theme, os)
  }, [theme, os])
  useEffect(() => {
    document.title = workspace ? `${workspace.name} \u2013 Drydock` : 'Drydock'
  }, [workspace])
  useEffect(() => {
    const timer = setTimeout(() => void loadAllAreas(), quiet)
    return () => clearTimeout(timer)
  }, [])
}
