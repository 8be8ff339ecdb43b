import { nativeTheme } from 'electron'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

export const Theme = z.enum(['system', 'light', 'dark', 'contrast'])
export type Theme = z.infer<typeof Theme>

/** The page's own background in each theme (renderer/styles/tokens.css), so that a new window does not flash. */
const backgrounds = { light: '#f4f5f7', dark: '#131519', contrast: '#000000' }

/** The theme that the person chose last, as the host keeps it. */
export function readTheme(userDirectory: string): Theme {
  try {
    const saved: unknown = JSON.parse(readFileSync(join(userDirectory, 'preferences.json'), 'utf8'))
    return z.object({ theme: Theme }).parse(saved).theme
  } catch {
    return 'system'
  }
}

/** Makes menus and dialogs follow, and returns the background colour for windows. */
export function applyTheme(theme: Theme): string {
  nativeTheme.themeSource = theme === 'contrast' ? 'dark' : theme
  if (theme === 'contrast' || (theme === 'system' && nativeTheme.shouldUseHighContrastColors)) return backgrounds.contrast
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}
