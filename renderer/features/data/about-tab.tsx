import { datasetNameKey, type DatasetDetail } from '../../../main/model/dataset'
import { useHostCommand, useHostQuery } from '../../host'
import { Button, ErrorState, Field, navigate, parseLocation, Select, TextArea, TextInput, TimeText } from '../../ui'
import { sensitivityChoices } from './column-choices'
import { checkName, dataStore, keepAboutDraft, useDataState, type AboutDraft } from './data-store'

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
  const kept = useDataState((state) => state.aboutDrafts[detail.id])
  const saved = draftOf(detail)
  const draft = kept ?? saved
  const others = useHostQuery('datasets.list', { trashed: false })
  const update = useHostCommand('datasets.update', {
    inline: true,
    success: 'The description was saved.'
  })
  const change = (part: Partial<AboutDraft>) => {
    const next = { ...draft, ...part }
    keepAboutDraft(detail.id, JSON.stringify(next) === JSON.stringify(saved) ? null : next)
  }
  const dirty = kept !== undefined
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
    const request = {
      name: detail.name,
      ...(checked.name !== detail.name && { rename: checked.name }),
      metadata: {
        owner: draft.owner.trim() || null,
        licence: draft.licence.trim() || null,
        sensitivity: draft.sensitivity,
        tags,
        description: draft.description
      }
    }
    void update.run(request).then((stored) => {
      if (!stored) return
      // What was typed while it was being saved is newer than what was saved.
      if (dataStore.getState().aboutDrafts[detail.id] === draft) keepAboutDraft(detail.id, null)
      const { area, path } = parseLocation(window.location.hash)
      if (stored.name !== detail.name && area === 'data' && path[0] === detail.name)
        navigate('data', [stored.name], { tab: 'about' }, { replace: true })
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
        <Button disabled={!dirty || update.busy} onClick={() => keepAboutDraft(detail.id, null)}>
          Discard changes
        </Button>
        <span className="ml-auto text-caption text-muted">
          Created <TimeText value={detail.createdAt} />
        </span>
      </div>
    </form>
  )
}
