import { Printer } from 'lucide-react'
import type { BundleSheet } from '../../../main/model/commands/bundles'
import { useSaveDocument } from '../../evidence'
import { useHostCommand } from '../../host'
import { fileNameOf, IconButton, Menu, useActions } from '../../ui'
import { questionOf, trustOf } from './asked'
import type { Review } from './use-review'

const nouns: Record<BundleSheet, string> = { 'sign-off': 'sign-off page', decisions: 'decision sheet' }

/** Writes what is asked of the bundle on this page, and what came of it, as documents for people who decide on paper. */
export function SaveSheets({ path, review }: { path: string; review: Review }) {
  const save = useHostCommand('bundles.saveSheet')
  const { entries, actions } = useSaveDocument()
  const stem = fileNameOf(review.place).replace(/\.drydock$/i, '')
  const documentOf = (sheet: BundleSheet) => ({
    noun: nouns[sheet],
    stem: `${sheet}-${stem}`,
    save: (places: object) => save.run({ sheet, path, ...trustOf(review.asked), question: questionOf(review.asked), ...places })
  })
  const sheets = (['sign-off', 'decisions'] as const).map((sheet) => ({ sheet, document: documentOf(sheet) }))
  useActions(sheets.flatMap(({ sheet, document }) => actions(document, `bundles.save-${sheet}`, 'Bundles')))
  return (
    <Menu
      align="end"
      trigger={<IconButton icon={Printer} label="Save for paper" disabled={save.busy || !review.reviewed || review.running} />}
      entries={sheets.flatMap(({ document }) => entries(document))}
    />
  )
}
