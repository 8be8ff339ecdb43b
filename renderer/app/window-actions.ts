import { FolderOpen, FolderPlus, Keyboard, Monitor, Moon, RotateCcw, Sun, SunMoon } from 'lucide-react'
import { areaGroups } from '../areas'
import { navigate, type Action } from '../ui'
import { areas, areasIn, keysOfGroup, nextInGroup } from './areas'
import { cyclePanels } from './shortcuts'
import type { ThemeChoice } from './theme'

interface WindowActionContext {
  hasWorkspace: boolean
  /** The area that is shown. */
  present: string
  setPalette: (open: boolean) => void
  setKeyHelp: (open: boolean) => void
  setCreating: (open: boolean) => void
  chooseAndOpen: () => Promise<void>
  chooseTheme: (choice: ThemeChoice) => void
}

/** What the window offers on every page. */
export function windowActions(context: WindowActionContext): Action[] {
  const { hasWorkspace, present, setPalette, setKeyHelp, setCreating, chooseAndOpen, chooseTheme } = context
  const toArea = areas.map((area): Action => ({
    id: `go.${area.id}`,
    title: `Go to ${area.title}`,
    group: 'Go to',
    icon: area.icon,
    isAvailable: () => hasWorkspace || area.withoutWorkspace === true,
    run: () => navigate(area.id)
  }))
  const toGroup = areaGroups.map((group): Action => {
    const members = areasIn(group, hasWorkspace)
    return {
      id: `group.${group}`,
      title: `${group}: ${members.map((area) => area.title).join(', ')}`,
      group: 'Go to',
      keywords: ['next area'],
      keys: keysOfGroup(group),
      isAvailable: () => members.length > 0,
      run: () => navigate(nextInGroup(group, hasWorkspace, present)?.id ?? areas[0].id)
    }
  })
  const themes: [ThemeChoice, string, Action['icon']][] = [
    ['system', 'Follow the system theme', Monitor],
    ['light', 'Use the light theme', Sun],
    ['dark', 'Use the dark theme', Moon],
    ['contrast', 'Use the high-contrast theme', SunMoon]
  ]
  return [
    ...toArea,
    ...toGroup,
    { id: 'window.palette', title: 'Find an action', group: 'Window', keys: 'Mod+K', isAvailable: () => true, run: () => setPalette(true) },
    { id: 'window.keys', title: 'Show the keys', group: 'Window', icon: Keyboard, keys: '?', run: () => setKeyHelp(true) },
    { id: 'window.back', title: 'Go back', group: 'Window', keys: 'Alt+Left', run: () => window.history.back() },
    { id: 'window.forward', title: 'Go forward', group: 'Window', keys: 'Alt+Right', run: () => window.history.forward() },
    { id: 'window.panel', title: 'Move to the next panel', group: 'Window', keys: 'F6', run: () => cyclePanels(false) },
    { id: 'window.panel-back', title: 'Move to the previous panel', group: 'Window', keys: 'Shift+F6', run: () => cyclePanels(true) },
    { id: 'workspace.create', title: 'Create a workspace', group: 'Workspace', icon: FolderPlus, run: () => setCreating(true) },
    {
      id: 'workspace.open',
      title: 'Open a workspace',
      group: 'Workspace',
      icon: FolderOpen,
      keys: 'Mod+O',
      run: () => void chooseAndOpen()
    },
    ...themes.map(([choice, title, icon]): Action => ({
      id: `theme.${choice}`,
      title,
      group: 'Window',
      icon,
      keywords: ['theme', 'colours', 'appearance'],
      run: () => chooseTheme(choice)
    })),
    { id: 'window.reload', title: 'Reload the window', group: 'Window', icon: RotateCcw, run: () => window.location.reload() }
  ]
}
