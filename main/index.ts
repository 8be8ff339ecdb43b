import { app, BrowserWindow, dialog, type MessagePortMain, type WebContents } from 'electron'
import { join } from 'node:path'
import { channels, type AppAction, type LaunchRequest } from '../preload/wire/bridge'
import { setAppMenu } from './app/app-menu'
import { askedPath, type AskedPath } from './app/asked-paths'
import { parseArguments } from './app/command-line'
import { createHostChannel, spawnHostProcess } from './app/host-process'
import { createHostSupervisor } from './app/host-supervisor'
import { createProgramConfirmation } from './app/confirmed-programs'
import { answerHost, askToStart } from './app/host-questions'
import { createChosenPlaces } from './app/chosen-places'
import { openMainWindow } from './app/main-window'
import { answerOsCalls } from './app/os-calls'
import { servePage } from './app/page-protocol'
import { announceProgram, packagedProgram } from './app/program-folder'
import { printJobFile, printPage, runPrintJob } from './app/printing'
import { developmentUrl, hardenCommandLine, hardenContents, hardenSession, registerPageScheme } from './app/security-policy'
import { restartProgram } from './app/restart-program'
import { applyTheme, readTheme } from './app/window-theme'
import { installLoopbackGuard } from './offline/loopback-guard'

const log = (message: string) => process.stderr.write(`[drydock] ${message}\n`)
const asked = parseArguments(process.argv.slice(1), process.cwd())
// The folder that the command line uses as well, so that keys and the list of workspaces are the same in both.
const ownDirectory = asked.userDataDirectory ?? process.env.DRYDOCK_USER_DIR
const userDirectory = ownDirectory ?? (process.platform === 'linux' ? join(app.getPath('appData'), 'drydock') : app.getPath('userData'))
app.setPath('userData', userDirectory)
const program = packagedProgram()
announceProgram(program)

if (!developmentUrl) installLoopbackGuard((attempt) => log(`refused a connection outside this machine: ${attempt}`))
hardenCommandLine()
registerPageScheme()
// Chromium's sandbox cannot be had by root; there the launcher passes --no-sandbox and says so.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()

/** The built page. */
const pageFolder = join(__dirname, '../renderer')
/** Milliseconds; a window that paints nothing must not leave the app without a host. */
const longestWaitForPaint = 3000

const toWindows = (channel: string, value: unknown) => {
  for (const window of BrowserWindow.getAllWindows()) window.webContents.send(channel, value)
}
const places = createChosenPlaces()
const mayStart = createProgramConfirmation(join(userDirectory, 'confirmed-programs.json'), askToStart)
const supervisor = createHostSupervisor<MessagePortMain>({
  spawn: () =>
    spawnHostProcess({
      file: join(__dirname, 'host.js'),
      userDirectory,
      validateOutputs: !app.isPackaged,
      ...(program ? { workers: { directory: program.workers, node: program.node } } : {})
    }),
  createChannel: createHostChannel,
  onState: (state) => toWindows(channels.hostState, state),
  onMessage: (message, reply) => answerHost({ places, mayStart, print: (page) => printPage(page, { pageFolder }) }, message, reply),
  log
})

/** A page says when it is ready, also after a reload; then its former port is dead and it gets a new one. */
const disconnects = new Map<number, () => void>()
function givePort(contents: WebContents): void {
  disconnects.get(contents.id)?.()
  const disconnect = supervisor.connect((port, notice) => {
    if (!contents.isDestroyed()) contents.postMessage(channels.port, notice, [port])
  })
  contents.send(channels.hostState, supervisor.state())
  disconnects.set(contents.id, disconnect)
}

const pathIn = (argv: readonly string[], directory: string) =>
  askedPath(argv.slice(1), directory, app.isPackaged ? undefined : app.getAppPath())

/** What the first window is to open; macOS tells it by an event before the app is ready. */
let given: AskedPath | undefined = pathIn(process.argv, process.cwd())

function openWindow(): void {
  const workspace = asked.workspace ?? (given?.kind === 'folder' ? given.path : undefined)
  const launch: LaunchRequest = {
    ...(workspace ? { workspace: places.give(workspace, 'folder') } : {}),
    ...(given?.kind === 'file' ? { file: places.give(given.path, 'read') } : {}),
    sample: asked.sample,
    platform: process.platform,
    electron: process.versions.electron
  }
  const window = openMainWindow({
    preload: join(__dirname, '../preload/index.js'),
    placementFile: join(userDirectory, 'window.json'),
    backgroundColor: applyTheme(readTheme(userDirectory)),
    launch
  })
  // Measured: a host that starts beside the first paint delays that by half, and the first data comes no sooner.
  window.once('ready-to-show', () => supervisor.start())
  setTimeout(() => supervisor.start(), longestWaitForPaint)
  const { id } = window.webContents
  window.on('closed', () => {
    disconnects.get(id)?.()
    disconnects.delete(id)
  })
}

function act(action: AppAction): void {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  window?.webContents.send(channels.action, action)
}

/** Shows a workspace or takes a file in the window that is there. */
function show(path: AskedPath): void {
  if (path.kind === 'folder') act({ name: 'show-workspace', directory: places.give(path.path, 'folder') })
  else act({ name: 'take-file', file: places.give(path.path, 'read') })
}

function startApp(): void {
  hardenSession()
  servePage(pageFolder)
  answerOsCalls({
    onReady: givePort,
    restartHost: () => supervisor.retry(),
    restartProgram,
    places,
    showKnownPlace: (place) => supervisor.tell({ kind: 'find-place', place })
  })
  setAppMenu(act, !app.isPackaged)
  openWindow()
}

app.on('web-contents-created', (_event, contents) => hardenContents(contents))
const printJob = printJobFile(process.argv)
if (printJob !== undefined) {
  // The helper of a command line: no window, no host, and no matter whether the app is open.
  app.on('window-all-closed', () => undefined)
  void app
    .whenReady()
    .then(() => runPrintJob(printJob, { pageFolder }))
    .catch((error: unknown) => {
      log(`the document was not printed: ${String(error)}`)
      app.exit(1)
    })
} else if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, argv, directory) => {
    const window = BrowserWindow.getAllWindows()[0]
    if (!window) {
      given = pathIn(argv, directory)
      return openWindow()
    }
    if (window.isMinimized()) window.restore()
    window.focus()
    const { workspace } = parseArguments(argv, directory)
    const path: AskedPath | undefined = workspace ? { kind: 'folder', path: workspace } : pathIn(argv, directory)
    if (path) show(path)
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    const asked = askedPath([path], '/', undefined)
    if (!asked) return
    if (BrowserWindow.getAllWindows().length > 0) return show(asked)
    given = asked
    if (app.isReady()) openWindow()
  })
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow()
  })
  app.on('window-all-closed', () => app.quit())
  let hostStopped = false
  app.on('will-quit', (event) => {
    if (hostStopped) return
    event.preventDefault()
    void supervisor.stop().finally(() => {
      hostStopped = true
      // In a later turn: Electron ignores a quit that is asked for while it still emits this event.
      setImmediate(() => app.quit())
    })
  })
  app.whenReady().then(startApp, (error: unknown) => {
    dialog.showErrorBox('Drydock could not start', String(error))
    app.exit(1)
  })
} else app.quit()
