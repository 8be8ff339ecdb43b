import { FolderOpen, FolderPlus, Keyboard, Monitor, Moon, RotateCcw, Sun, SunMoon } from 'lucide-react'
import { Suspense, useEffect, useRef, useState } from 'react'
import type { DrydockBridge } from '../../preload/wire'
import { CreateWorkspaceDialog, useSampleRecipe, WelcomePage, type SampleRecipe } from '../features/welcome'
import { useHostCommand, useHostQuery, useHostSubscription, useOs } from '../host'
import { areas, EmptyState, navigate, Skeleton, useActions, useLocation, type Action } from '../ui'
import { ActivityStrip } from './activity-strip'
import { areaNames, areasWithoutWorkspace, keysOfArea } from './area-names'
import { ErrorBoundary } from './error-boundary'
import { HostNotice } from './host-notice'
import { KeyHelp } from './key-help'
import { useLaunch } from './launch'
import { NavigationRail } from './navigation-rail'
import { Palette } from './palette'
import { loadAllAreas, pages, presentAreas } from './routes'
import { cyclePanels, useShortcuts } from './shortcuts'
import { applyTheme, type ThemeChoice } from './theme'
import { TitleBar } from './title-bar'
import { WindowDrop } from './window-drop'

/** The frame of the window around the page of the present area. */
export function App({ bridge }: { bridge: Pick<DrydockBridge, 'launch' | 'onAction'> }) {
  const os = useOs()
  const status = useHostQuery('workspace.status', {})
  const reported = status.data?.workspace ?? null
  const launch = useLaunch(bridge.launch, reported?.directory ?? null)
  const held = useRef(reported)
  if (reported || !launch.reopening) held.current = reported
  const workspace = held.current
  const recipe = useSampleRecipe(launch.createSample)
  // While the sample is being made its workspace is open already, but not yet for work.
  const usable = workspace !== null && !recipe.running
  const preferences = useHostQuery('system.preferences', {})
  const savePreferences = useHostCommand('system.setPreferences')
  const openWorkspace = useHostCommand('workspace.open', { onSuccess: () => navigate('overview') })
  const active = useHostSubscription('jobs.watchActive', {}, { enabled: workspace !== null && !launch.reopening }).latest ?? []
  const [palette, setPalette] = useState(false)
  const [keyHelp, setKeyHelp] = useState(false)
  const [creating, setCreating] = useState(false)

  const theme = preferences.data?.theme
  useEffect(() => {
    if (theme) applyTheme(theme, os)
  }, [theme, os])
  useEffect(() => {
    document.title = workspace ? `${workspace.name} \u2013 Drydock` : 'Drydock'
  }, [workspace])
  useEffect(() => {
    const timer = setTimeout(() => void loadAllAreas(), 800)
    return () => clearTimeout(timer)
  }, [])

  const chooseAndOpen = async () => {
    const directory = await os.openFolder({ title: 'Open a workspace', buttonLabel: 'Open' })
    if (directory) void openWorkspace.run({ directory })
  }
  const chooseTheme = (choice: ThemeChoice) => {
    applyTheme(choice, os)
    void savePreferences.run({ ...preferences.data, theme: choice })
  }
  useActions(windowActions({ hasWorkspace: usable, setPalette, setKeyHelp, setCreating, chooseAndOpen, chooseTheme }))
  useShortcuts()

  const openRun = openWorkspace.run
  useEffect(() => {
    bridge.onAction((action) => {
      if (action.name === 'palette') setPalette(true)
      else if (action.name === 'shortcuts') setKeyHelp(true)
      else if (action.name === 'settings') navigate('settings')
      else if (action.name === 'new-workspace') setCreating(true)
      else if (action.name === 'show-workspace') void openRun({ directory: action.directory })
      else
        void os.openFolder({ title: 'Open a workspace', buttonLabel: 'Open' }).then((directory) => {
          if (directory) void openRun({ directory })
        })
    })
  }, [bridge, os, openRun])

  return (
    <WindowDrop hasWorkspace={usable} className="flex h-full flex-col">
      <TitleBar
        workspace={workspace}
        onPalette={() => setPalette(true)}
        onCreate={() => setCreating(true)}
        onOpen={() => void chooseAndOpen()}
      />
      <HostNotice reopening={launch.reopening} />
      <div className="flex min-h-0 flex-1">
        <NavigationRail hasWorkspace={usable} runningJobs={active.length} />
        <main data-panel tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          <div className="min-h-0 flex-1">
            <CurrentPage
              hasWorkspace={usable}
              settling={launch.settling || status.isPending}
              createSample={launch.createSample}
              recipe={recipe}
              onCreate={() => setCreating(true)}
              onOpen={() => void chooseAndOpen()}
              key={workspace?.id ?? 'none'}
            />
          </div>
          <ActivityStrip active={active} hasWorkspace={workspace !== null} />
        </main>
      </div>
      <Palette open={palette} onOpenChange={setPalette} />
      <KeyHelp open={keyHelp} onOpenChange={setKeyHelp} />
      <CreateWorkspaceDialog open={creating} onOpenChange={setCreating} platform={bridge.launch.platform} />
    </WindowDrop>
  )
}

interface CurrentPageProps {
  hasWorkspace: boolean
  settling: boolean
  createSample: string | null
  recipe: SampleRecipe
  onCreate: () => void
  onOpen: () => void
}

function CurrentPage({ hasWorkspace, settling, createSample, recipe, onCreate, onOpen }: CurrentPageProps) {
  const location = useLocation()
  if (settling) return <Skeleton lines={6} />
  if (!hasWorkspace && !areasWithoutWorkspace.includes(location.area))
    return (
      <WelcomePage
        createSample={createSample}
        recipe={recipe}
        onCreate={onCreate}
        onOpen={onOpen}
        canReview={presentAreas.includes('bundles')}
      />
    )
  const Page = pages[location.area]
  if (!Page)
    return (
      <EmptyState
        icon={areaNames[location.area].icon}
        title={areaNames[location.area].title}
        text="This area is not part of this build. Choose another one at the left."
      />
    )
  return (
    <ErrorBoundary resetKey={`${location.area}/${location.path.join('/')}`}>
      <Suspense fallback={<Skeleton lines={6} />}>
        <Page />
      </Suspense>
    </ErrorBoundary>
  )
}

interface WindowActionContext {
  hasWorkspace: boolean
  setPalette: (open: boolean) => void
  setKeyHelp: (open: boolean) => void
  setCreating: (open: boolean) => void
  chooseAndOpen: () => Promise<void>
  chooseTheme: (choice: ThemeChoice) => void
}

function windowActions(context: WindowActionContext): Action[] {
  const { hasWorkspace, setPalette, setKeyHelp, setCreating, chooseAndOpen, chooseTheme } = context
  const toArea = areas
    .filter((area) => presentAreas.includes(area))
    .map((area): Action => ({
      id: `go.${area}`,
      title: `Go to ${areaNames[area].title}`,
      group: 'Go to',
      icon: areaNames[area].icon,
      keys: keysOfArea(area),
      isAvailable: () => hasWorkspace || areasWithoutWorkspace.includes(area),
      run: () => navigate(area)
    }))
  const themes: [ThemeChoice, string, Action['icon']][] = [
    ['system', 'Follow the system theme', Monitor],
    ['light', 'Use the light theme', Sun],
    ['dark', 'Use the dark theme', Moon],
    ['contrast', 'Use the high-contrast theme', SunMoon]
  ]
  return [
    ...toArea,
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
