import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  channels,
  launchArgument,
  type AppAction,
  type DrydockBridge,
  type HostState,
  type LaunchRequest,
  type PortNotice
} from './wire/bridge'
import { fromBrowserPort, type WirePort } from './wire/port'

/** Keeps what arrived before the page was ready to listen; later events go straight through. */
function createEvent<A extends unknown[]>() {
  let listener: ((...values: A) => void) | undefined
  let latest: A | undefined
  return {
    emit: (...values: A) => {
      latest = values
      listener?.(...values)
    },
    listen: (next: (...values: A) => void) => {
      listener = next
      if (latest) next(...latest)
    }
  }
}

const ports = createEvent<[WirePort, PortNotice]>()
const hostStates = createEvent<[HostState]>()
const actions = createEvent<[AppAction]>()
let closePort = () => {}

ipcRenderer.on(channels.port, (event, notice: PortNotice) => {
  closePort()
  const { port, closed } = fromBrowserPort(event.ports[0])
  closePort = closed
  ports.emit(port, notice)
})
ipcRenderer.on(channels.hostState, (_event, state: HostState) => {
  if (state === 'restarting' || state === 'failed') closePort()
  hostStates.emit(state)
})
ipcRenderer.on(channels.action, (_event, action: AppAction) => actions.emit(action))

/** Electron before 32 has no webUtils there and marks the File itself; the bridge hands such a File over without its mark. */
const droppedPaths = new Map<string, string>()
const fileKey = (file: File) => `${file.name}\n${file.size}\n${file.lastModified}`
const markedPath = (file: File): string | undefined =>
  'path' in file && typeof file.path === 'string' && file.path ? file.path : undefined

function rememberPaths(files: FileList | null | undefined): void {
  for (const file of files ?? []) {
    const path = markedPath(file)
    if (path) droppedPaths.set(fileKey(file), path)
  }
}
if (!webUtils) {
  globalThis.addEventListener('drop', (event) => event.isTrusted && rememberPaths(event.dataTransfer?.files), { capture: true })
  globalThis.addEventListener('change', (event) => rememberPaths((event.target as HTMLInputElement | null)?.files), { capture: true })
}

function pathOfDroppedFile(file: File): string | null {
  if (webUtils) return webUtils.getPathForFile(file) || null
  return markedPath(file) ?? droppedPaths.get(fileKey(file)) ?? null
}

/** The shell gives the place: the path goes there from here, and never through the page. */
async function placeOfDroppedFile(file: File): Promise<string | null> {
  const path = pathOfDroppedFile(file)
  return path === null ? null : (ipcRenderer.invoke(channels.placeOfDrop, path) as Promise<string>)
}

const argument = process.argv.find((each) => each.startsWith(launchArgument))
const launch: LaunchRequest = argument
  ? (JSON.parse(decodeURIComponent(argument.slice(launchArgument.length))) as LaunchRequest)
  : { sample: false, platform: process.platform, electron: process.versions.electron ?? '' }

const bridge: DrydockBridge = {
  launch,
  onPort: (listener) => ports.listen(listener),
  onHostState: (listener) => hostStates.listen(listener),
  onAction: (listener) => actions.listen(listener),
  os: {
    openFiles: (options) => ipcRenderer.invoke(channels.openFiles, options) as Promise<string[] | null>,
    openFolder: (options) => ipcRenderer.invoke(channels.openFolder, options) as Promise<string | null>,
    saveFile: (options) => ipcRenderer.invoke(channels.saveFile, options) as Promise<string | null>,
    placeOfDroppedFile,
    showInFolder: (place) => ipcRenderer.invoke(channels.showInFolder, place) as Promise<void>,
    openReport: (place) => ipcRenderer.invoke(channels.openReport, place) as Promise<void>,
    setTheme: (theme) => ipcRenderer.invoke(channels.setTheme, theme) as Promise<void>,
    restartHost: () => ipcRenderer.invoke(channels.restartHost) as Promise<void>,
    restartProgram: () => ipcRenderer.invoke(channels.restartProgram) as Promise<void>
  }
}
contextBridge.exposeInMainWorld('drydock', bridge)
ipcRenderer.send(channels.ready)
