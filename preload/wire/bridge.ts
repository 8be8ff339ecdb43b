import type { WirePort } from './port'

/** Why a window got its port: at its start, or because the host had died and was started again. */
export interface PortNotice {
  reason: 'started' | 'host-restarted'
  /** Restarts since the app was started. */
  restarts: number
}

/** `failed`: the host died too often within a minute and is not restarted until `os.restartHost`. */
export type HostState = 'starting' | 'running' | 'restarting' | 'failed'

export interface FileFilter {
  name: string
  /** Without the dot. */
  extensions: string[]
}

/** What a window was asked to show when the app was started. */
export interface LaunchRequest {
  /** Place of the folder given by `--workspace` or `--sample`. */
  workspace?: string
  /** Place of a file that was given to the window, such as a bundle by a double click. */
  file?: string
  /** The folder is the sample workspace; create it first when it is not there yet. */
  sample: boolean
  platform: string
  electron: string
}

/** Menu entries, files and second starts that the page carries out. */
export type AppAction =
  | { name: 'new-workspace' | 'open-workspace' | 'settings' | 'palette' | 'guide' | 'shortcuts' }
  | { name: 'show-workspace'; directory: string }
  /** `file` is the place of a file that was given to the window. */
  | { name: 'take-file'; file: string }

/**
 * Named calls to the operating system. Each is validated in the main process; null means that the person cancelled.
 * What a person chose comes as a place (`main/model/place.ts`), which the page hands on to the host and cannot make itself.
 */
export interface OsCalls {
  openFiles(options: { title?: string; filters?: FileFilter[]; multiple?: boolean }): Promise<string[] | null>
  openFolder(options: { title?: string; buttonLabel?: string }): Promise<string | null>
  /** `extension`, without the dot, is put behind a name that lacks it. */
  saveFile(options: { title?: string; defaultName?: string; extension?: string; filters?: FileFilter[] }): Promise<string | null>
  /** Place of a file that was dropped on the window or chosen in an input; null when it lies nowhere on this computer. */
  placeOfDroppedFile(file: File): Promise<string | null>
  showInFolder(place: string): Promise<void>
  /** Opens an HTML document that was saved at a chosen place, in the person's browser. */
  openReport(place: string): Promise<void>
  /** Remembered, so that the next start paints the right background at once. */
  setTheme(theme: 'system' | 'light' | 'dark' | 'contrast'): Promise<void>
  restartHost(): Promise<void>
  /** Ends the program and starts the version that is in place by then. */
  restartProgram(): Promise<void>
}

/** `window.drydock`: all that the page can reach outside of itself. */
export interface DrydockBridge {
  readonly launch: LaunchRequest
  /** Called with a fresh port now and after every restart of the host; the former port is closed by then. */
  onPort(listener: (port: WirePort, notice: PortNotice) => void): void
  onHostState(listener: (state: HostState) => void): void
  onAction(listener: (action: AppAction) => void): void
  readonly os: OsCalls
}

declare global {
  interface Window {
    readonly drydock: DrydockBridge
  }
}

/** Names of the messages between preload and main. */
export const channels = {
  ready: 'drydock:ready',
  port: 'drydock:port',
  hostState: 'drydock:host-state',
  action: 'drydock:action',
  openFiles: 'drydock:open-files',
  openFolder: 'drydock:open-folder',
  saveFile: 'drydock:save-file',
  placeOfDrop: 'drydock:place-of-drop',
  showInFolder: 'drydock:show-in-folder',
  openReport: 'drydock:open-report',
  setTheme: 'drydock:set-theme',
  restartHost: 'drydock:restart-host',
  restartProgram: 'drydock:restart-program'
} as const

/** Prefix of the argument by which main tells the preload script the launch request, as JSON. */
export const launchArgument = '--drydock-launch='
