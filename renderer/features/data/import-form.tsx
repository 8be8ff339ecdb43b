import type { DatasetSummary, Dialect, ImportPreview } from '../../../main/model/dataset'
import { Checkbox, Field, formatCount, NumberInput, Select, Switch, TextInput, type Choice } from '../../ui'
import { changeDialect, changeDraft, type ImportDraft } from './data-store'
import { NoticeList } from './notice-list'
import { offersTitle, RuleList, rulesTitle } from './rule-list'
import { takeChoice } from './take-choice'

const delimiters: readonly Choice[] = [
  { value: ',', label: 'Comma  ,' },
  { value: ';', label: 'Semicolon  ;' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar  |' },
  { value: ' ', label: 'Space' }
]
const quotes: readonly Choice[] = [
  { value: '"', label: 'Double quote  "' },
  { value: "'", label: "Single quote  '" },
  { value: 'none', label: 'No quoting' }
]
const encodings: readonly Choice<Dialect['encoding']>[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'windows-1252', label: 'Windows-1252' },
  { value: 'utf-16le', label: 'UTF-16, little endian' },
  { value: 'utf-16be', label: 'UTF-16, big endian' }
]
const decimals: readonly Choice<Dialect['decimal']>[] = [
  { value: '.', label: 'Point  1.5' },
  { value: ',', label: 'Comma  1,5' }
]

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

function DialectFields({ dialect }: { dialect: Dialect }) {
  const known = delimiters.some((choice) => choice.value === dialect.delimiter)
  return (
    <>
      <Field label="Delimiter">
        <Select
          value={dialect.delimiter}
          choices={known ? delimiters : [...delimiters, { value: dialect.delimiter, label: dialect.delimiter }]}
          onChange={(delimiter) => changeDialect({ delimiter })}
        />
      </Field>
      <Field label="Quoting">
        <Select
          value={dialect.quote || 'none'}
          choices={quotes}
          onChange={(quote) => changeDialect({ quote: quote === 'none' ? '' : quote })}
        />
      </Field>
      <Field label="Encoding">
        <Select value={dialect.encoding} choices={encodings} onChange={(encoding) => changeDialect({ encoding })} />
      </Field>
      <Field label="Decimal sign">
        <Select value={dialect.decimal} choices={decimals} onChange={(decimal) => changeDialect({ decimal })} />
      </Field>
      <Field label="Lines to skip at the top">
        <NumberInput
          value={dialect.skipLines}
          min={0}
          max={1000}
          decimals={0}
          unit="lines"
          onChange={(lines) => changeDialect({ skipLines: lines ?? 0 })}
        />
      </Field>
      <Switch checked={dialect.header} onChange={(header) => changeDialect({ header })} label="The first row holds the names" />
    </>
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
