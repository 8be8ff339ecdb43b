import { BrowserWindow, dialog, ipcMain, shell, type IpcMainEvent, type IpcMainInvokeEvent, type OpenDialogOptions } from 'electron'
import { realpath, stat } from 'node:fs/promises'
import { extname, isAbsolute } from 'node:path'
import { z } from 'zod'
import { channels } from '../../preload/wire/bridge'
import { isAllowedPage } from './page-rules'
import { developmentUrl } from './security-policy'
import { applyTheme, Theme } from './window-theme'

const Title = z.string().max(200).optional()
const Filters = z
  .array(z.strictObject({ name: z.string().max(100), extensions: z.array(z.string().regex(/^(\*|[a-zA-Z0-9.]{1,20})$/)).max(20) }))
  .max(20)
  .optional()
const OpenFilesInput = z.strictObject({ title: Title, filters: Filters, multiple: z.boolean().optional() })
const OpenFolderInput = z.strictObject({ title: Title, buttonLabel: z.string().max(60).optional() })
const SaveFileInput = z.strictObject({ title: Title, defaultName: z.string().max(255).optional(), filters: Filters })
const PathInput = z
  .string()
  .max(4096)
  .refine((path) => isAbsolute(path) && !path.includes('\0'), 'The path must be absolute.')

export interface OsCallOptions {
  onReady(contents: Electron.WebContents): void
  restartHost(): void
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
  ipcMain.on(channels.ready, (event) => {
    if (ownWindow(event)) options.onReady(event.sender)
  })
  answer(channels.openFiles, OpenFilesInput, async ({ title, filters, multiple }, window) => {
    const properties: OpenDialogOptions['properties'] = multiple ? ['openFile', 'multiSelections'] : ['openFile']
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { title, filters, properties })
    return canceled ? null : filePaths
  })
  answer(channels.openFolder, OpenFolderInput, async ({ title, buttonLabel }, window) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title,
      buttonLabel,
      properties: ['openDirectory', 'createDirectory']
    })
    return canceled ? null : (filePaths[0] ?? null)
  })
  answer(channels.saveFile, SaveFileInput, async ({ title, defaultName, filters }, window) => {
    const { canceled, filePath } = await dialog.showSaveDialog(window, { title, defaultPath: defaultName, filters })
    return canceled || !filePath ? null : filePath
  })
  answer(channels.showInFolder, PathInput, (path) => shell.showItemInFolder(path))
  answer(channels.openReport, PathInput, async (path) => {
    // Anything but a document could be a program, also when a link to it is named like a document.
    const real = await realpath(path)
    const isDocument = [path, real].every((each) => extname(each).toLowerCase() === '.html') && (await stat(real)).isFile()
    if (!isDocument) throw new Error('Only an HTML report can be opened this way.')
    const problem = await shell.openPath(real)
    if (problem) throw new Error(`The report could not be opened: ${problem}`)
  })
  answer(channels.setTheme, Theme, (theme, window) => window.setBackgroundColor(applyTheme(theme)))
  answer(channels.restartHost, z.undefined(), () => options.restartHost())
}
