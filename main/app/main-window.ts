import { BrowserWindow, screen } from 'electron'
import { launchArgument, type LaunchRequest } from '../../preload/wire/bridge'
import { pageOrigin } from './page-rules'
import { developmentUrl } from './security-policy'
import { fitPlacement, readPlacement, savePlacement, smallestWindow } from './window-placement'

export interface MainWindowOptions {
  preload: string
  placementFile: string
  backgroundColor: string
  launch: LaunchRequest
}

/** Opens the window. It shows itself once its first frame is ready, in the theme's own colour. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const areas = screen.getAllDisplays().map((display) => display.workArea)
  const placement = fitPlacement(readPlacement(options.placementFile), areas)
  const window = new BrowserWindow({
    ...(placement.x !== undefined ? { x: placement.x, y: placement.y } : {}),
    width: placement.width,
    height: placement.height,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Drydock',
    backgroundColor: options.backgroundColor,
    show: false,
    webPreferences: {
      preload: options.preload,
      additionalArguments: [launchArgument + encodeURIComponent(JSON.stringify(options.launch))],
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      enableWebSQL: false,
      spellcheck: false
    }
  })
  if (placement.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => savePlacement(options.placementFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }))
  void window.loadURL(developmentUrl ?? `${pageOrigin}/index.html`)
  return window
}
