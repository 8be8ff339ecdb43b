import { z } from 'zod'

export const paperSizes = ['a4', 'letter'] as const
export const PaperSize = z.enum(paperSizes)
export type PaperSize = z.infer<typeof PaperSize>

/** A page of `htmlPage` on its way to the printer, with what stands on the edge of every sheet. */
export const PrintedPage = z.object({
  html: z.string().min(1),
  /** At the top of each sheet. */
  title: z.string(),
  /** What leads a reader of the paper back: what it is about, as a reference of the workspace or a digest. */
  reference: z.string(),
  /** SHA-256 of the page, as it is saved as HTML. */
  sha256: z.string(),
  /** A warning or classification for the top of each sheet. */
  band: z.string().optional(),
  /** When the document was made, ISO 8601: what the PDF gives as its date, so that the same page gives the same bytes. */
  at: z.iso.datetime(),
  paper: PaperSize.optional()
})
export type PrintedPage = z.infer<typeof PrintedPage>

/** What came of it. */
export interface Print {
  pdf: Uint8Array
  /** Scripts of letters that the enclosed fonts lack, such as `Han`: a font of the machine drew them, or boxes stand there. */
  foreignScripts: string[]
}

/** Prints a page; rejects with a WorkbenchError where that is not possible. */
export type PrintPage = (page: PrintedPage, signal?: AbortSignal) => Promise<Print>
