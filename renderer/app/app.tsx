import { useRef, useState } from 'react'
import type { DrydockBridge } from '../../preload/wire'
import { EventWordsProvider } from '../areas'
import { CreateWorkspaceDialog, RecoveryPage, useSampleRecipe } from '../features/welcome'
import { useHostCommand, useHostQuery, useHostSubscription, useOs } from '../host'
import { fileNameOf, navigate, useActions, useLocation } from '../ui'
import { ActivityStrip } from './activity-strip'
import { eventWords } from './areas'
import { ClassificationBand } from './classification-band'
import { CurrentPage } from './current-page'
import { HostNotice } from './host-notice'
import { KeyHelp } from './key-help'
import { useKeepFocus } from './keep-focus'
import { useLaunch } from './launch'
import { LossNotice } from './loss-notice'
import { useMakeWorkspace } from './make-workspace'
import { useMenuActions } from './menu-actions'
import { NavigationRail } from './navigation-rail'
import { Palette } from './palette'
import { RestrictedNotice } from './restricted-notice'
import { useShortcuts } from './shortcuts'
import { useGivenFiles } from './given-files'
import { useTakeFiles } from './take-files'
import { applyTheme, type ThemeChoice } from './theme'
import { TitleBar } from './title-bar'
import { windowActions } from './window-actions'
import { WindowDrop } from './window-drop'
import { useWindowLook } from './window-look'

/** The frame of the window around the page of the present area. */
export function App({ bridge }: { bridge: Pick<DrydockBridge, 'launch' | 'onAction'> }) {
  const os = useOs()
  const location = useLocation()
  const status = useHostQuery('workspace.status', {})
  const reported = status.data?.workspace ?? null
  const launch = useLaunch(bridge.launch, reported?.directory ?? null)
  const damaged = status.data?.damaged
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
  const { creating, setCreating, homeless, askForWorkspace, endCreating } = useMakeWorkspace()

  useWindowLook(workspace, preferences.data?.theme, os)

  const files = useTakeFiles(usable, askForWorkspace)
  const giveFile = useGivenFiles(bridge.launch.file, !launch.settling && !status.isPending, files.take)
  const chooseAndOpen = async () => {
    const directory = await os.openFolder({ title: 'Open a workspace', buttonLabel: 'Open' })
    if (directory) void openWorkspace.run({ directory })
  }
  const chooseTheme = (choice: ThemeChoice) => {
    applyTheme(choice, os)
    void savePreferences.run({ ...preferences.data, theme: choice })
  }
  useActions(
    windowActions({ hasWorkspace: usable, present: location.area, setPalette, setKeyHelp, setCreating, chooseAndOpen, chooseTheme })
  )
  useShortcuts()
  useKeepFocus()

  useMenuActions(bridge, {
    ...{ setPalette, setKeyHelp, setCreating, takeFile: giveFile },
    openWorkspace: (input) => void openWorkspace.run(input),
    chooseAndOpen: () => void chooseAndOpen()
  })

  return (
    <WindowDrop onFiles={(places) => void files.take(places)} className="flex h-full flex-col">
      <ClassificationBand edge="top" />
      <TitleBar
        workspace={workspace}
        heldBy={status.data?.holder?.pid}
        onPalette={() => setPalette(true)}
        onCreate={() => setCreating(true)}
        onOpen={() => void chooseAndOpen()}
      />
      <HostNotice reopening={launch.reopening} />
      {workspace && <LossNotice key={workspace.directory} warnings={status.data?.warnings ?? []} />}
      {workspace?.restricted && <RestrictedNotice directory={workspace.directory} />}
      <div className="flex min-h-0 flex-1">
        <NavigationRail hasWorkspace={usable} runningJobs={active.length} />
        <main data-panel tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          <div className="min-h-0 flex-1">
            <EventWordsProvider value={eventWords}>
              {damaged && !launch.reopening ? (
                <RecoveryPage key={damaged.directory} {...damaged} />
              ) : (
                <CurrentPage
                  hasWorkspace={usable}
                  settling={launch.settling || status.isPending}
                  createSample={launch.createSample}
                  recipe={recipe}
                  onFile={() => void files.choose()}
                  onCreate={() => setCreating(true)}
                  onOpen={() => void chooseAndOpen()}
                  key={workspace?.id ?? 'none'}
                />
              )}
            </EventWordsProvider>
          </div>
          <ActivityStrip active={active} hasWorkspace={workspace !== null} />
        </main>
      </div>
      <ClassificationBand edge="bottom" />
      <Palette open={palette} onOpenChange={setPalette} hasWorkspace={usable} />
      <KeyHelp open={keyHelp} onOpenChange={setKeyHelp} />
      <CreateWorkspaceDialog
        open={creating}
        forFile={homeless[0] && fileNameOf(homeless[0])}
        onEnd={endCreating}
        platform={bridge.launch.platform}
      />
    </WindowDrop>
  )
}
