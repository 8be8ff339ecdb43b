import { z } from 'zod'
import { placeInput } from '../place'
import { PaperSize } from '../printed-page'
import { Sha256 } from '../reference'

export const DocumentFormat = z.enum(['html', 'pdf'])
export type DocumentFormat = z.infer<typeof DocumentFormat>

/** Where a document goes: as a page, as a PDF, or both of the same page. */
export const documentPlaces = {
  html: placeInput('write').optional(),
  pdf: placeInput('write').optional(),
  /** By the country of the machine where it is not said. */
  paper: PaperSize.optional()
}

export const SavedDocument = z.object({
  files: z.array(z.object({ path: z.string(), bytes: z.int() })),
  /** Of the page; the sheets of the PDF say it too. */
  sha256: Sha256,
  /** Scripts of letters that the enclosed fonts lack: a font of the machine drew them, or boxes stand there. */
  foreignScripts: z.array(z.string())
})
export type SavedDocument = z.infer<typeof SavedDocument>
