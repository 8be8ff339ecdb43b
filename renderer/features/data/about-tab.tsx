import { useState } from 'react'
import { datasetNameKey, type DatasetDetail, type Sensitivity } from '../../../main/model/dataset'
import { useHostCommand, useHostQuery } from '../../host'
import { Button, ErrorState, Field, navigate, Select, TextArea, TextInput, TimeText } from '../../ui'
import { sensitivityChoices } from './column-choices'
import { checkName } from './data-store'

interface AboutDraft {
  name: string
  owner: string
  licence: string
  sensitivity: Sensitivity
  tags: string
  description: string
}

const draftOf = (detail: DatasetDetail): AboutDraft => ({
  name: detail.name,
  owner: detail.owner ?? '',
  licence: detail.licence ?? '',
  sensitivity: detail.sensitivity,
  tags: detail.tags.join(', '),
  description: detail.description
})

const tagsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean)
  )
]

/** Who owns the data, under which licence, how sensitive it is. It goes into model cards and bundles. */
export function AboutTab({ detail }: { detail: DatasetDetail }) {
  const [draft, setDraft] = useState(() => draftOf(detail))
  const others = useHostQuery('datasets.list', { trashed: false })
  const update = useHostCommand('datasets.update', {
    inline: true,
    success: 'The description was saved.',
    onSuccess: (saved) => {
      if (saved.name !== detail.name) navigate('data', [saved.name], { tab: 'about' }, { replace: true })
    }
  })
  const change = (part: Partial<AboutDraft>) => setDraft((before) => ({ ...before, ...part }))
  const saved = draftOf(detail)
  const dirty = JSON.stringify(draft) !== JSON.stringify(saved)
  const checked = checkName(draft.name)
  const taken =
    checked.name !== null &&
    others.data?.some((other) => other.id !== detail.id && datasetNameKey(other.name) === datasetNameKey(checked.name))
  const nameError = checked.error ?? (taken ? `Another dataset is called "${checked.name}".` : null)
  const tags = tagsOf(draft.tags)
  const tagsError = tags.length > 64 ? 'At most 64 tags.' : tags.some((tag) => tag.length > 64) ? 'A tag has at most 64 characters.' : null
  const valid = !nameError && !tagsError
  const save = () => {
    if (!dirty || !valid || checked.name === null) return
    void update.run({
      name: detail.name,
      ...(checked.name !== detail.name && { rename: checked.name }),
      metadata: {
        owner: draft.owner.trim() || null,
        licence: draft.licence.trim() || null,
        sensitivity: draft.sensitivity,
        tags,
        description: draft.description
      }
    })
  }
  return (
    <form
      className="flex max-w-180 flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      {update.error ? <ErrorState compact error={update.error} /> : null}
      <Field
        label="Name"
        error={nameError}
        hint="Pipelines that name the dataset must be changed after a rename; references by SHA-256 keep working."
      >
        <TextInput value={draft.name} onChange={(event) => change({ name: event.target.value })} />
      </Field>
      <div className="grid grid-cols-2 gap-4">
        <Field label="Owner" optional hint="A person or team that answers for the data.">
          <TextInput value={draft.owner} maxLength={200} onChange={(event) => change({ owner: event.target.value })} />
        </Field>
        <Field label="Licence" optional hint="A licence name or the agreement under which the data is used.">
          <TextInput value={draft.licence} maxLength={500} onChange={(event) => change({ licence: event.target.value })} />
        </Field>
        <Field label="Sensitivity">
          <Select value={draft.sensitivity} choices={sensitivityChoices} onChange={(sensitivity) => change({ sensitivity })} />
        </Field>
        <Field label="Tags" optional error={tagsError} hint="Separated by commas.">
          <TextInput value={draft.tags} onChange={(event) => change({ tags: event.target.value })} />
        </Field>
      </div>
      <Field label="Description" optional hint="What a row is, where the data comes from, what it must not be used for.">
        <TextArea rows={8} maxLength={20_000} value={draft.description} onChange={(event) => change({ description: event.target.value })} />
      </Field>
      <div className="flex items-center gap-2">
        <Button type="submit" variant="primary" loading={update.busy} disabled={!dirty || !valid}>
          Save
        </Button>
        <Button disabled={!dirty || update.busy} onClick={() => setDraft(saved)}>
          Discard changes
        </Button>
        <span className="ml-auto text-caption text-muted">
          Created <TimeText value={detail.createdAt} />
        </span>
      </div>
    </form>
  )
}
