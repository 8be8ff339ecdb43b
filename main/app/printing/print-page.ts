import { app, BrowserWindow, session, type Session } from 'electron'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { PaperSize, Print, PrintedPage } from '../../model/printed-page'
import { hardenSession } from '../security-policy'
import { foreignScripts, readEnclosedFonts } from './enclosed-fonts'
import { finishedPdf } from './finished-pdf'
import { printablePage, printPolicy } from './printable-page'
import { margins, sheetFooter, sheetHeader } from './sheet-edges'

export interface PrintNeeds {
  /** The built window: its fonts are those of the paper. */
  pageFolder: string
}

/** Milliseconds; ten thousand rows, 187 sheets, took 73 seconds on two cores that had other work. */
const longestPrint = 600_000
const address = 'app://ui/print/'
/** Where paper is not A4. */
const letterCountries = new Set(['US', 'CA', 'MX', 'PH', 'CL', 'CO', 'CR', 'GT', 'PA', 'SV', 'VE'])
/** Tags for readers and an outline: from the Electron that has them without a fault. */
const hasTags = Number(process.versions.electron?.split('.')[0]) >= 30

/**
 * Prints a page in a window that nobody sees: sandboxed, without scripts, in a session of its own that has nothing but this page and the
 * enclosed fonts. Rejects where it takes too long or the page breaks down; nothing of it stays.
 */
export async function printPage(page: PrintedPage, { pageFolder }: PrintNeeds): Promise<Print> {
  const assets = join(pageFolder, 'assets')
  const fonts = readEnclosedFonts(assets, `${address}fonts/`)
  const own = session.fromPartition(`print-${randomUUID()}`)
  hardenSession(own)
  const served = serveOnly(own, printablePage(page.html, fonts.css), assets)
  const window = new BrowserWindow({
    show: false,
    width: 1000,
    height: 1400,
    webPreferences: {
      session: own,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      webgl: false,
      webviewTag: false,
      spellcheck: false
    }
  })
  try {
    const pdf = await inTime(print(window, page, served))
    return { pdf: finishedPdf(pdf, { ...page, version: app.getVersion() }), foreignScripts: foreignScripts(page.html, fonts) }
  } finally {
    if (!window.isDestroyed()) window.destroy()
    own.protocol.unhandle('app')
  }
}

async function print(window: BrowserWindow, page: PrintedPage, served: Served): Promise<Buffer> {
  const { webContents } = window
  const broken = new Promise<never>((_, failed) =>
    webContents.once('render-process-gone', (_event, { reason }) =>
      failed(new Error(`The page broke down while it was printed: ${reason}.`))
    )
  )
  const work = async (): Promise<Buffer> => {
    await window.loadURL(`${address}page`)
    await served.quiet()
    return webContents.printToPDF({
      pageSize: (page.paper ?? usualPaper()) === 'letter' ? 'Letter' : 'A4',
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: sheetHeader(page),
      footerTemplate: sheetFooter(page),
      margins,
      ...(hasTags && { generateTaggedPDF: true, generateDocumentOutline: true })
    })
  }
  return Promise.race([work(), broken])
}

const usualPaper = (): PaperSize => (letterCountries.has(app.getLocaleCountryCode()) ? 'letter' : 'a4')

interface Served {
  /** Resolves once no font has been asked for in a while: a page without scripts cannot say that it has them all. */
  quiet(): Promise<void>
}

/** Milliseconds. */
const quietAfter = 60

/** Answers for the page and the fonts, and for nothing else. */
function serveOnly({ protocol }: Session, html: string, assets: string): Served {
  let last = 0
  const headers = { 'content-security-policy': printPolicy, 'x-content-type-options': 'nosniff' }
  protocol.handle('app', async ({ url }) => {
    last = Date.now()
    if (url === `${address}page`) return new Response(html, { headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } })
    const file = basename(new URL(url).pathname)
    if (url !== `${address}fonts/${file}` || !/^[\w-]+\.woff2$/.test(file)) return new Response('Not found', { status: 404 })
    const bytes = new Uint8Array(await readFile(join(assets, file)))
    last = Date.now()
    return new Response(bytes, { headers: { ...headers, 'content-type': 'font/woff2' } })
  })
  return {
    async quiet() {
      for (let wait = quietAfter; wait > 0; wait = last + quietAfter - Date.now()) await new Promise((done) => setTimeout(done, wait))
    }
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error('The page was not printed within ten minutes.')), longestPrint)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
