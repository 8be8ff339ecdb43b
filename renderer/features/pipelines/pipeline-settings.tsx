import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { PipelineParameter, PipelineVersionInfo } from '../../../main/model/pipeline'
import { Button, Field, formatCount, HashChip, IconButton, Link, Section, Select, TextArea, TextInput, TimeText } from '../../ui'
import { useEditor, useEditorState } from './editor-context'
import { LineOfText } from './parameter-control'
import { parseValue, showValue } from './schema-fields'
import { useDraft } from './use-draft'

/** What the inspector shows while no step is selected: the pipeline itself, its parameters and its versions. */
export function PipelineSettings({ history }: { history: readonly PipelineVersionInfo[] }) {
  const { editor } = useEditor()
  const name = useEditorState((state) => state.name)
  const document = useEditorState((state) => state.document)
  const setTitle = (title: string) => void editor.edit([{ kind: 'set-details', title }], 'details title')
  const description = useDraft(
    document?.description ?? '',
    (text) => void editor.edit([{ kind: 'set-details', description: text }], 'details description')
  )
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-3">
        <Field label="Title">
          <LineOfText value={document?.title ?? ''} placeholder={name} onChange={setTitle} />
        </Field>
        <Field label="Description">
          <TextArea
            rows={3}
            value={description.draft}
            onChange={(event) => description.change(event.target.value)}
            onBlur={description.flush}
          />
        </Field>
      </div>
      <Parameters parameters={document?.parameters ?? []} />
      <Section title="Versions" hint={formatCount(history.length, 'version')}>
        {history.length === 0 ? (
          <p className="text-muted">None yet. Ctrl+S names a version of the draft; a run does it, too.</p>
        ) : (
          <ul className="flex flex-col">
            {history.slice(0, 50).map((version) => (
              <li key={version.sha256} className="flex items-center gap-2 border-b py-1 last:border-b-0">
                <HashChip hash={version.sha256} label="Version" />
                <span className="text-caption text-muted">
                  <TimeText value={version.createdAt} relative />
                </span>
                <span className="ml-auto flex gap-2 text-caption">
                  <Link area="pipelines" path={[name, version.sha256]} query={{ view: 'changes' }}>
                    Changes
                  </Link>
                  <Link area="pipelines" path={[name, version.sha256]}>
                    Show
                  </Link>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  )
}

const types = ['string', 'integer', 'number', 'boolean', 'secret'] as const

function Parameters({ parameters }: { parameters: readonly PipelineParameter[] }) {
  const { editor } = useEditor()
  const { draft, change, commitNow } = useDraft<PipelineParameter[]>([...parameters], (next) => {
    if (next.every((each) => nameError(each.name, next) === null))
      void editor.edit([{ kind: 'set-parameters', parameters: next }], 'parameters')
  })
  const [added, setAdded] = useState(0)
  const put = (index: number, patch: Partial<PipelineParameter>) =>
    change(
      draft.map((old, at) => {
        if (at !== index) return old
        const next = { ...old, ...patch }
        // A default would stand in the document, which is no place for a secret.
        if (next.default === undefined || next.type === 'secret') delete next.default
        if (!next.description) delete next.description
        return next
      })
    )
  return (
    <Section
      title="Parameters"
      actions={
        <Button
          size="sm"
          icon={Plus}
          onClick={() => {
            setAdded(added + 1)
            change([...draft, { name: freeName(draft), type: 'number' }])
          }}
        >
          Add
        </Button>
      }
    >
      {draft.length === 0 ? (
        <p className="text-muted">Values that are asked for when the pipeline is run. A step takes one by its {'{ }'} button.</p>
      ) : (
        <ul className="flex flex-col gap-3" onBlur={commitNow}>
          {draft.map((parameter, index) => (
            <li key={index} className="flex flex-col gap-1.5 rounded-md border p-2">
              <div className="flex items-start gap-1">
                <Field label="Name" error={nameError(parameter.name, draft)} className="flex-1">
                  <TextInput mono value={parameter.name} onChange={(event) => put(index, { name: event.target.value })} />
                </Field>
                <IconButton
                  size="sm"
                  icon={X}
                  label={`Remove ${parameter.name}`}
                  onClick={() => change(draft.filter((_, at) => at !== index))}
                />
              </div>
              <div className="grid grid-cols-2 gap-2">
                <Field label="Type">
                  <Select
                    value={parameter.type}
                    onChange={(type) => put(index, { type })}
                    choices={types.map((type) => ({ value: type, label: type }))}
                  />
                </Field>
                <Field label="Default" optional>
                  <TextInput
                    mono
                    value={
                      parameter.default === undefined
                        ? ''
                        : parameter.type === 'string'
                          ? String(parameter.default)
                          : showValue(parameter.default)
                    }
                    onChange={(event) => put(index, { default: defaultFrom(parameter.type, event.target.value) })}
                  />
                </Field>
              </div>
              <Field label="Description" optional>
                <TextInput value={parameter.description ?? ''} onChange={(event) => put(index, { description: event.target.value })} />
              </Field>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function defaultFrom(type: PipelineParameter['type'], text: string): PipelineParameter['default'] {
  if (text === '') return undefined
  if (type === 'string' || type === 'secret') return text
  const value = parseValue(text)
  return typeof value === 'number' || typeof value === 'boolean' ? value : text
}

function nameError(name: string, all: readonly PipelineParameter[]): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name)) return 'Use letters, digits and "_", and begin with a letter.'
  return all.filter((each) => each.name === name).length > 1 ? 'Another parameter has this name.' : null
}

function freeName(parameters: readonly PipelineParameter[]): string {
  for (let number = parameters.length + 1; ; number++)
    if (!parameters.some((each) => each.name === `parameter_${number}`)) return `parameter_${number}`
}
