import { extname, isAbsolute } from 'node:path'
import type { DocumentFormat, SavedDocument } from '../../model/commands/documents'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { PaperSize, PrintPage } from '../../model/printed-page'
import { sha256, writeFileDurably } from '../../storage/objects/durable-files'
import { assertAllowed } from '../machine-settings'
import type { WorkbenchDocument } from './document-of'

/** Where a document goes: as a page, as a PDF, or both of the same page. */
export interface DocumentPlaces {
  html?: string
  pdf?: string
  paper?: PaperSize
}

/** What prints where nothing was given that does. */
export const noPrinter: PrintPage = () =>
  Promise.reject(
    new WorkbenchError(
      'CONFLICT',
      'There is nothing here that makes a PDF. Nothing was written. Save the document as a page and print that.'
    )
  )

/**
 * Writes a document. The PDF is made before anything is written, so that both files are there or none. An older file is replaced whole.
 * @throws WorkbenchError INVALID_INPUT, FORBIDDEN, DISK_FULL, CONFLICT where nothing prints, JOB_FAILED, CANCELLED
 */
export async function saveDocument(
  document: WorkbenchDocument,
  { html, pdf, paper }: DocumentPlaces,
  print: PrintPage,
  signal?: AbortSignal
): Promise<SavedDocument> {
  if (html === undefined && pdf === undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'No file was named for the document. Nothing was written. Name one for the page or for the PDF.'
    )
  for (const [path, format] of [[html, 'html'] as const, [pdf, 'pdf'] as const])
    if (path !== undefined) {
      assertDocumentPath(path, format)
      assertAllowed(path)
    }
  const digest = sha256(document.html)
  const printed = pdf === undefined ? undefined : await print({ ...document, sha256: digest, paper }, signal)
  if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'Saving was cancelled. Nothing was written.')
  const files = [
    ...(html === undefined ? [] : [{ path: html, content: Buffer.from(document.html) }]),
    ...(pdf === undefined || !printed ? [] : [{ path: pdf, content: Buffer.from(printed.pdf) }])
  ]
  for (const { path, content } of files) await writeFileDurably(path, content).catch((error: unknown) => fail(error))
  return {
    files: files.map(({ path, content }) => ({ path, bytes: content.length })),
    sha256: digest,
    foreignScripts: printed?.foreignScripts ?? []
  }
}

const fail = (error: unknown): never => {
  throw fromSystemError(error, 'saving the document')
}

function assertDocumentPath(path: string, format: DocumentFormat): void {
  if (isAbsolute(path) && !path.includes('\0') && extname(path).toLowerCase() === `.${format}`) return
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The document cannot be saved under this path: it must be absolute and end in .${format}. Nothing was written. Choose another file name.`,
    { details: { path } }
  )
}
