import type { OsCalls } from '../../preload/wire'
import { readRemembered, remember } from '../ui'

export type ThemeChoice = 'system' | 'light' | 'dark' | 'contrast'
export type Theme = Exclude<ThemeChoice, 'system'>
const choices: readonly ThemeChoice[] = ['system', 'light', 'dark', 'contrast']

/** The theme to draw for a choice and the system's settings. */
export function resolveTheme(choice: ThemeChoice, system: { dark: boolean; contrast: boolean }): Theme {
  if (choice !== 'system') return choice
  return system.contrast ? 'contrast' : system.dark ? 'dark' : 'light'
}

const query = (text: string) => window.matchMedia(text)
const systemTheme = () => ({ dark: query('(prefers-color-scheme: dark)').matches, contrast: query('(prefers-contrast: more)').matches })

/** What was chosen last on this machine, known before the host answers so that the first frame has the right colours. */
export function rememberedTheme(): ThemeChoice {
  return choices.find((choice) => choice === readRemembered('theme')) ?? 'system'
}

let current: ThemeChoice = 'system'

/** Draws the window in a theme and remembers the choice. */
export function applyTheme(choice: ThemeChoice, os?: Pick<OsCalls, 'setTheme'>): void {
  const changed = choice !== current
  current = choice
  remember('theme', choice)
  document.documentElement.dataset['theme'] = resolveTheme(choice, systemTheme())
  if (changed && os) void os.setTheme(choice)
}

/** Applies the remembered theme and follows the system from now on. */
export function startTheme(): void {
  applyTheme(rememberedTheme())
  for (const text of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'])
    query(text).addEventListener('change', () => applyTheme(current))
}
