import { BrowserWindow, dialog, ipcMain, shell, type IpcMainEvent, type IpcMainInvokeEvent, type OpenDialogOptions } from 'electron'
import { existsSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, extname, isAbsolute } from 'node:path'
import { z } from 'zod'
import { channels } from '../../preload/wire/bridge'
import { parsePlace } from '../model/place'
import type { ChosenPlaces } from './chosen-places'
import { isAllowedPage } from './page-rules'
import { developmentUrl } from './security-policy'
import { applyTheme, Theme } from './window-theme'

const Title = z.string().max(200).optional()
const Filters = z
  .array(z.strictObject({ name: z.string().max(100), extensions: z.array(z.string().regex(/^(\*|[a-zA-Z0-9.-]{1,20})$/)).max(20) }))
  .max(20)
  .optional()
const OpenFilesInput = z.strictObject({ title: Title, filters: Filters, multiple: z.boolean().optional() })
const OpenFolderInput = z.strictObject({ title: Title, buttonLabel: z.string().max(60).optional() })
const Extension = z
  .string()
  .regex(/^[a-zA-Z0-9]{1,20}$/)
  .optional()
const SaveFileInput = z.strictObject({ title: Title, defaultName: z.string().max(255).optional(), extension: Extension, filters: Filters })
const PlaceInput = z.string().max(10_000)
const PathInput = z
  .string()
  .max(4096)
  .refine((path) => isAbsolute(path) && !path.includes('\0'), 'The path must be absolute.')

export interface OsCallOptions {
  onReady(contents: Electron.WebContents): void
  restartHost(): void
  restartProgram(): void
  places: ChosenPlaces
  /** Shows what only the host knows the path of. */
  showKnownPlace(place: string): void
}

/** The window that asks; undefined unless it is the top frame of a window of ours, showing our own page. */
function ownWindow(event: IpcMainInvokeEvent | IpcMainEvent): BrowserWindow | undefined {
  const frame = event.senderFrame
  if (!frame || frame !== event.sender.mainFrame || !isAllowedPage(frame.url, developmentUrl)) return undefined
  return BrowserWindow.fromWebContents(event.sender) ?? undefined
}

/** Answers one named call: sender checked, input parsed, then the work. */
function answer<S extends z.ZodType, R>(
  channel: string,
  schema: S,
  work: (input: z.output<S>, window: BrowserWindow) => Promise<R> | R
): void {
  ipcMain.handle(channel, (event, input: unknown) => {
    const window = ownWindow(event)
    if (!window) throw new Error('This page may not call the operating system.')
    return work(schema.parse(input), window)
  })
}

/** The few things that a page may ask of the operating system. */
export function answerOsCalls(options: OsCallOptions): void {
  const { places } = options
  ipcMain.on(channels.ready, (event) => {
    if (ownWindow(event)) options.onReady(event.sender)
  })
  answer(channels.openFiles, OpenFilesInput, async ({ title, filters, multiple }, window) => {
    const properties: OpenDialogOptions['properties'] = multiple ? ['openFile', 'multiSelections'] : ['openFile']
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { title, filters, properties })
    return canceled ? null : filePaths.map((path) => places.give(path, 'read'))
  })
  answer(channels.openFolder, OpenFolderInput, async ({ title, buttonLabel }, window) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title,
      buttonLabel,
      properties: ['openDirectory', 'createDirectory']
    })
    return canceled || !filePaths[0] ? null : places.give(filePaths[0], 'folder')
  })
  answer(channels.saveFile, SaveFileInput, async ({ title, defaultName, extension, filters }, window) => {
    const { canceled, filePath } = await dialog.showSaveDialog(window, { title, defaultPath: defaultName, filters })
    if (canceled || !filePath) return null
    const path = withExtension(filePath, extension)
    // The dialog asked about the name that was typed; about this one nobody has asked yet.
    return path !== filePath && existsSync(path) && !(await mayReplace(path, window)) ? null : places.give(path, 'write')
  })
  answer(channels.placeOfDrop, PathInput, (path) => places.give(path, 'read'))
  answer(channels.showInFolder, PlaceInput, (place) => {
    const parsed = parsePlace(place)
    if (parsed?.kind === 'chosen') shell.showItemInFolder(pathOf(places, parsed.name))
    else options.showKnownPlace(place)
  })
  answer(channels.openReport, PlaceInput, async (place) => {
    const path = pathOf(places, parsePlace(place)?.name ?? '')
    // Anything but a document could be a program, also when a link to it is named like a document.
    const real = await realpath(path)
    const isDocument = [path, real].every((each) => /^\.(html|pdf)$/i.test(extname(each))) && (await stat(real)).isFile()
    if (!isDocument) throw new Error('Only a saved page or PDF can be opened this way.')
    const problem = await shell.openPath(real)
    if (problem) throw new Error(`The document could not be opened: ${problem}`)
  })
  answer(channels.setTheme, Theme, (theme, window) => window.setBackgroundColor(applyTheme(theme)))
  answer(channels.restartHost, z.undefined(), () => options.restartHost())
  answer(channels.restartProgram, z.undefined(), () => options.restartProgram())
}

/** The path of a place that a person chose. Throws for what nobody chose. */
function pathOf(places: ChosenPlaces, token: string): string {
  const taken = places.take(token, 'read')
  if ('refused' in taken) throw new Error(taken.refused)
  return taken.path
}

const withExtension = (path: string, extension: string | undefined): string =>
  !extension || path.toLowerCase().endsWith(`.${extension.toLowerCase()}`) ? path : `${path}.${extension}`

async function mayReplace(path: string, window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: `${basename(path)} is there already. Replace it?`,
    buttons: ['Cancel', 'Replace'],
    defaultId: 0,
    cancelId: 0
  })
  return response === 1
}
