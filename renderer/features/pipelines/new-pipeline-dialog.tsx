import { useMemo, useState } from 'react'
import { Identifier } from '../../../main/model/pipeline'
import { fit } from '../../../main/model/schema-words'
import { useHostCommand, useHostQuery } from '../../host'
import { Button, classNames, Dialog, ErrorState, Field, navigate, TextInput } from '../../ui'
import { DataFields, useDataChoice } from './data-choice'
import { nameForPipeline } from './pipeline-names'
import { starters, writeStarter, type Starter } from './starters'

/** Title, name and what to start from. The pipeline is a draft until its first version. */
export function NewPipelineDialog({ onClose }: { onClose: () => void }) {
  const stepTypes = useHostQuery('pipelines.stepTypes', {})
  const [title, setTitle] = useState('')
  const { name, setName, error: nameError } = usePipelineName(title)
  const [chosen, setChosen] = useState('blank')
  const data = useDataChoice()
  const types = new Set(stepTypes.data?.map((type) => type.type))
  const offered = starters.filter((starter) => starter.types.every((type) => types.has(type)))
  const starter = offered.find((each) => each.id === chosen) ?? starters[0]
  const isWaiting = data.isReading && starter.asks.includes('target')
  const create = useHostCommand('pipelines.saveDraft', {
    inline: true,
    onSuccess: (_, input) => {
      onClose()
      navigate('pipelines', [input.name])
    }
  })
  const submit = () => {
    if (nameError || isWaiting) return
    const values = { name, title: title.trim(), dataset: data.dataset ?? '', target: data.target ?? '' }
    void create.run({ name, yaml: writeStarter(starter, values) })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="New pipeline"
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={create.busy || isWaiting} disabled={nameError !== null}>
            Create the pipeline
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pb-2">
        {create.error ? <ErrorState compact error={create.error} /> : null}
        <div className="grid grid-cols-2 gap-3">
          <Field label="Title">
            <TextInput autoFocus value={title} placeholder="Strike damage model" onChange={(event) => setTitle(event.target.value)} />
          </Field>
          <Field label="Name" hint="Used in references and on the command line." error={nameError}>
            <TextInput mono value={name} onChange={(event) => setName(event.target.value)} />
          </Field>
        </div>
        <StarterChoice offered={offered} value={starter} onChange={setChosen} />
        {starter.asks.includes('dataset') && <DataFields choice={data} withTarget={starter.asks.includes('target')} />}
      </div>
    </Dialog>
  )
}

/** The name made of the title until a person writes another, and why it cannot be taken. */
function usePipelineName(title: string) {
  const present = useHostQuery('pipelines.list', {})
  const removed = useHostQuery('pipelines.list', { removed: true })
  const [wished, setName] = useState<string | null>(null)
  const taken = useMemo(
    () => new Set([...(present.data ?? []), ...(removed.data ?? [])].map((each) => each.name)),
    [present.data, removed.data]
  )
  const name = wished ?? nameForPipeline(title, taken)
  const invalid = fit(Identifier, name).problems?.[0].words
  const used = taken.has(name) ? 'There is a pipeline of this name, perhaps in the trash. Choose another.' : null
  return { name, setName, error: invalid ?? used }
}

interface StarterChoiceProps {
  offered: readonly Starter[]
  value: Starter
  onChange: (id: string) => void
}

function StarterChoice({ offered, value, onChange }: StarterChoiceProps) {
  return (
    <div role="radiogroup" aria-label="Start from" className="flex flex-col gap-1">
      <span className="text-caption font-medium">Start from</span>
      {offered.map((each) => (
        <label
          key={each.id}
          className={classNames(
            'flex items-start gap-2 rounded-md border px-2 py-1.5 has-focus-visible:outline-2 has-focus-visible:outline-focus',
            each.id === value.id ? 'border-accent bg-accent-soft' : 'hover:bg-surface-2'
          )}
        >
          <input
            type="radio"
            name="starter"
            className="mt-1 accent-current outline-none"
            checked={each.id === value.id}
            onChange={() => onChange(each.id)}
          />
          <span className="min-w-0">
            <span className="block font-medium">{each.title}</span>
            <span className="block text-caption text-muted">{each.text}</span>
          </span>
        </label>
      ))}
    </div>
  )
}
