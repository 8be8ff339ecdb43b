import { useEffect, useRef } from 'react'
import type { AppAction, DrydockBridge } from '../../preload/wire'
import { navigate } from '../ui'

/** What the menu and the system can ask of the window, beside its pages. */
export interface MenuDoors {
  setPalette(open: boolean): void
  setKeyHelp(open: boolean): void
  setCreating(open: boolean): void
  openWorkspace(input: { directory: string }): void
  chooseAndOpen(): void
  takeFile(place: string): void
}

function act(doors: MenuDoors, action: AppAction): void {
  if (action.name === 'palette') doors.setPalette(true)
  else if (action.name === 'shortcuts') doors.setKeyHelp(true)
  else if (action.name === 'settings') navigate('settings')
  else if (action.name === 'guide') navigate('help')
  else if (action.name === 'new-workspace') doors.setCreating(true)
  else if (action.name === 'show-workspace') doors.openWorkspace({ directory: action.directory })
  else if (action.name === 'take-file') doors.takeFile(action.file)
  else doors.chooseAndOpen()
}

/** Does what the menu of the window, a second start and a double click ask for. */
export function useMenuActions(bridge: Pick<DrydockBridge, 'onAction'>, doors: MenuDoors): void {
  const latest = useRef(doors)
  useEffect(() => {
    latest.current = doors
  })
  useEffect(() => {
    bridge.onAction((action) => act(latest.current, action))
  }, [bridge])
}
