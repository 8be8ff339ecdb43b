import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { RunDetail } from '../../../main/model/run'
import { useHostCommand } from '../../host'
import { Button, Field, IconButton, Section, TextArea, TextInput } from '../../ui'
import { TagDialog } from './tag-dialog'

/** Name, note and tags: what people say about a run. Everything else about it cannot be changed. */
export function RunNotes({ run }: { run: RunDetail }) {
  const [name, setName] = useState(run.name)
  const [note, setNote] = useState(run.note)
  const [tagging, setTagging] = useState(false)
  const annotate = useHostCommand('experiments.annotate', { success: 'The note was saved.' })
  const setTag = useHostCommand('experiments.setTag')
  const nameError = name.trim() === '' ? 'Give the run a name.' : name.length > 200 ? 'At most 200 characters.' : null
  const noteError = note.length > 10_000 ? `At most 10,000 characters; these are ${note.length}.` : null
  const changed = name !== run.name || note !== run.note
  return (
    <div className="flex max-w-200 flex-col gap-4 p-4">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!nameError && !noteError) void annotate.run({ id: run.id, name: name.trim(), note })
        }}
      >
        <Field label="Name" error={nameError}>
          <TextInput value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Note" optional error={noteError} hint="What was tried and what came out. It goes into the trial list of a bundle.">
          <TextArea rows={8} value={note} onChange={(event) => setNote(event.target.value)} />
        </Field>
        <div className="flex items-center gap-2">
          <Button type="submit" variant="primary" loading={annotate.busy} disabled={!changed || Boolean(nameError ?? noteError)}>
            Save
          </Button>
          {changed && <span className="text-caption text-muted">Not saved yet</span>}
        </div>
      </form>
      <Section
        title="Tags"
        actions={
          <Button size="sm" icon={Plus} onClick={() => setTagging(true)}>
            Add a tag
          </Button>
        }
      >
        {Object.keys(run.tags).length === 0 ? (
          <p className="text-muted">No tags. Filters can name them: tags.team = 'credit'.</p>
        ) : (
          <ul className="flex flex-col">
            {Object.entries(run.tags).map(([key, value]) => (
              <li key={key} className="flex items-center gap-3 border-b py-1 last:border-b-0">
                <span className="w-48 truncate font-medium">{key}</span>
                <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{value}</span>
                <IconButton
                  icon={X}
                  size="sm"
                  label={`Remove the tag ${key}`}
                  onClick={() => void setTag.run({ id: run.id, key, value: null })}
                />
              </li>
            ))}
          </ul>
        )}
      </Section>
      {tagging && <TagDialog ids={[run.id]} onClose={() => setTagging(false)} />}
    </div>
  )
}
