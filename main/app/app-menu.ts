import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { AppAction } from '../../preload/wire/bridge'

/** The application menu. What concerns the work is carried out by the page; the rest are the platform's own roles. */
export function setAppMenu(act: (action: AppAction) => void, developer: boolean): void {
  const isMac = process.platform === 'darwin'
  const item = (
    label: string,
    name: Exclude<AppAction['name'], 'show-workspace' | 'take-file'>,
    accelerator?: string
  ): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => act({ name })
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const appMenu: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : []
  const template: MenuItemConstructorOptions[] = [
    ...appMenu,
    {
      label: '&File',
      submenu: [
        item('New workspace…', 'new-workspace', 'CmdOrCtrl+Shift+N'),
        item('Open workspace…', 'open-workspace', 'CmdOrCtrl+O'),
        separator,
        item('Settings', 'settings', 'CmdOrCtrl+,'),
        separator,
        isMac ? { role: 'close' } : { role: 'quit' }
      ]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('Command palette', 'palette'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(developer ? [separator, { role: 'reload' as const }, { role: 'toggleDevTools' as const }] : [])
      ]
    },
    { role: 'windowMenu' },
    { label: '&Help', submenu: [item('Guide', 'guide'), item('Keyboard shortcuts', 'shortcuts')] }
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
