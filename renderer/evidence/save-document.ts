import { FileText, Printer } from 'lucide-react'
import type { DocumentFormat, SavedDocument } from '../../main/model/commands/documents'
import { useOs } from '../host'
import { formatSize, showToast, type MenuEntry } from '../ui'

export interface DocumentToSave {
  /** Such as `model card`: follows "Save the" and begins what is told afterwards. */
  noun: string
  /** Of the file names offered. */
  stem: string
  /** Saves it at the place that was chosen; nothing where that failed and was told already. */
  save(places: { [F in DocumentFormat]?: string }): Promise<SavedDocument | undefined>
}

const formats: Record<DocumentFormat, { name: string; entry: string; icon: typeof FileText }> = {
  pdf: { name: 'PDF', entry: 'as PDF for paper', icon: Printer },
  html: { name: 'HTML', entry: 'as HTML for any browser', icon: FileText }
}

const sentence = (text: string): string => text[0].toUpperCase() + text.slice(1)

/** Asks where a document goes, saves it there as a PDF or a page, and says what came of it. */
export function useSaveDocument() {
  const os = useOs()
  const saveAs = async ({ noun, stem, save }: DocumentToSave, format: DocumentFormat): Promise<void> => {
    const place = await os.saveFile({
      title: `Save the ${noun}`,
      defaultName: `${stem}.${format}`,
      extension: format,
      filters: [{ name: formats[format].name, extensions: [format] }]
    })
    if (!place) return
    const saved = await save({ [format]: place })
    if (!saved) return
    const { path, bytes } = saved.files[0]
    const lacking = saved.foreignScripts
    showToast({
      status: lacking.length > 0 ? 'warn' : 'ok',
      title: `The ${noun} was saved, ${formatSize(bytes)}.`,
      text:
        lacking.length > 0
          ? `The enclosed fonts have no letters of ${lacking.join(', ')}: look at the PDF before you hand it on. ${path}`
          : path,
      action: { label: 'Open', run: () => void os.openReport(place) }
    })
  }
  /** Entries of a menu, PDF first. */
  const entries = (document: DocumentToSave): MenuEntry[] =>
    (['pdf', 'html'] as const).map((format) => ({
      id: `${document.stem}.${format}`,
      label: `${sentence(document.noun)} ${formats[format].entry}`,
      icon: formats[format].icon,
      onSelect: () => void saveAs(document, format)
    }))
  /** The same for the palette. */
  const actions = (document: DocumentToSave, id: string, group: string) =>
    (['pdf', 'html'] as const).map((format) => ({
      id: `${id}-${format}`,
      title: `Save the ${document.noun} as ${formats[format].name}`,
      group,
      icon: formats[format].icon,
      keywords: ['print', 'paper', 'document'],
      run: () => void saveAs(document, format)
    }))
  return { entries, actions }
}
