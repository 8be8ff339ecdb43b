import { extname, resolve } from 'node:path'
import type { SavedDocument } from '../model/commands/documents'
import { WorkbenchError } from '../model/errors'
import { PaperSize } from '../model/printed-page'
import type { CommandContext, Given } from './command'

/** What `--html`, `--pdf` and `--paper` say. Throws INVALID_INPUT before anything is done. */
export function documentsGiven({ html, pdf, paper }: Given): { html?: string; pdf?: string; paper?: PaperSize } {
  for (const [option, value] of Object.entries({ html, pdf }))
    if (value !== undefined && extname(String(value)).toLowerCase() !== `.${option}`)
      throw new WorkbenchError('INVALID_INPUT', `--${option}: "${String(value)}" must end in .${option}. Nothing was done.`)
  const size = paper === undefined ? undefined : PaperSize.safeParse(paper)
  if (size?.success === false)
    throw new WorkbenchError('INVALID_INPUT', `--paper takes a4 or letter, not "${String(paper)}". Nothing was done.`)
  return {
    ...(html !== undefined && { html: resolve(String(html)) }),
    ...(pdf !== undefined && { pdf: resolve(String(pdf)) }),
    ...(size?.success && { paper: size.data })
  }
}

/** The same, of which one must be given. */
export function documentsWanted(given: Given): ReturnType<typeof documentsGiven> {
  const places = documentsGiven(given)
  if (places.html !== undefined || places.pdf !== undefined) return places
  throw new WorkbenchError('INVALID_INPUT', 'No file was named for the document. Give --html FILE.html, --pdf FILE.pdf or both.')
}

/** Says what a reader of the paper may stumble over. */
export function sayDocuments({ output }: Pick<CommandContext, 'output'>, { foreignScripts }: SavedDocument): void {
  if (foreignScripts.length > 0)
    output.note(
      `The enclosed fonts have no letters of these scripts: ${foreignScripts.join(', ')}. In the PDF a font of this machine drew them; where it has none, boxes stand there. Look at it before you hand it on.`
    )
}

/** The lines of an answer. */
export const documentLines = ({ files, sha256 }: SavedDocument): string[] => [
  ...files.map(({ path }) => `Wrote ${path}`),
  `SHA-256 of the page: ${sha256}`
]
