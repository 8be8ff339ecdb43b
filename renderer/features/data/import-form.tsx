import type { DatasetSummary, ImportPreview } from '../../../main/model/dataset'
import { Checkbox, Field, formatCount, TextInput } from '../../ui'
import { changeDraft, type ImportDraft } from './data-store'
import { DialectFields } from './dialect-fields'
import { LeftOut } from './leave-out'
import { NoticeList } from './notice-list'
import { offersTitle, RuleList, rulesTitle } from './rule-list'
import { takeChoice } from './take-choice'

export interface ImportFormProps {
  draft: ImportDraft
  preview: ImportPreview
  name: string
  nameError: string | null
  existing: DatasetSummary | null
  onSubmit: () => void
}

/** Name of the dataset and how the text of the file is read. */
export function ImportForm({ draft, preview, name, nameError, existing, onSubmit }: ImportFormProps) {
  const { dialect } = preview
  return (
    <form
      aria-label="How the file is read"
      data-panel
      className="flex w-72 shrink-0 flex-col gap-3 overflow-y-auto border-r bg-surface-0 p-3"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <Field
        label="Dataset name"
        error={nameError}
        hint={
          existing
            ? `"${existing.name}" exists with ${existing.versionCount === 1 ? 'one version' : `${existing.versionCount} versions`}. This file becomes its next version.`
            : 'Makes a new dataset.'
        }
      >
        <TextInput autoFocus value={name} onChange={(event) => changeDraft({ name: event.target.value })} />
      </Field>
      <LeftOut draft={draft} />
      <NoticeList notices={preview.problems} title="What was noticed" empty="Nothing unusual in the rows that were looked at." />
      <RuleList title={offersTitle} rules={preview.offers} choose={{ label: 'Read so', onChoose: takeChoice }} />
      <RuleList title={rulesTitle} rules={preview.rules} choose={{ label: 'Keep as written', onChoose: takeChoice }} />
      {dialect && <DialectFields dialect={dialect} />}
      {dialect && <NullTokens draft={draft} preview={preview} />}
      <p className="text-caption text-muted">
        {preview.complete
          ? `All rows were looked at: ${formatCount(preview.inspectedRows, 'row')}.`
          : `The first ${preview.inspectedRows.toLocaleString('en-US')} rows were looked at. What does not fit becomes missing and stands in the list of misfits.`}
      </p>
    </form>
  )
}

/** Which texts mean "no value". */
function NullTokens({ draft, preview }: { draft: ImportDraft; preview: ImportPreview }) {
  const tokens = draft.nullTokens ?? preview.nullTokens
  const withEmpty = tokens.includes('')
  const words = tokens.filter((token) => token !== '')
  const set = (next: string[], empty: boolean) => changeDraft({ nullTokens: [...(empty ? [''] : []), ...next] })
  return (
    <>
      <Field label="Texts that mean missing" hint="Separated by commas. Letter case counts.">
        <TextInput
          mono
          key={draft.nullTokens ? 'chosen' : 'found'}
          defaultValue={words.join(', ')}
          onBlur={(event) =>
            set(
              [
                ...new Set(
                  event.target.value
                    .split(',')
                    .map((token) => token.trim().slice(0, 64))
                    .filter(Boolean)
                )
              ].slice(0, 60),
              withEmpty
            )
          }
        />
      </Field>
      <Checkbox checked={withEmpty} onChange={(empty) => set(words, empty)} label="An empty cell is missing" />
    </>
  )
}
