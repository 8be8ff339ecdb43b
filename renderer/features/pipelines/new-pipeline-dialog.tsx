import { useMemo, useState } from 'react'
import { useHostCommand, useHostQuery } from '../../host'
import { Button, classNames, Combobox, Dialog, ErrorState, Field, navigate, TextInput } from '../../ui'
import { nameForPipeline, starters, writeStarter } from './starters'

/** Title, name and what to start from. The pipeline is a draft until its first version. */
export function NewPipelineDialog({ onClose }: { onClose: () => void }) {
  const stepTypes = useHostQuery('pipelines.stepTypes', {})
  const present = useHostQuery('pipelines.list', {})
  const removed = useHostQuery('pipelines.list', { removed: true })
  const datasets = useHostQuery('datasets.list', {})
  const [title, setTitle] = useState('')
  const [wishedName, setWishedName] = useState<string | null>(null)
  const [chosen, setChosen] = useState('blank')
  const [dataset, setDataset] = useState<string | null>(null)
  // Undefined until a person chose: the column with the role target stands until then.
  const [chosenTarget, setTarget] = useState<string | null | undefined>(undefined)
  const detail = useHostQuery('datasets.get', { ref: dataset ?? '' }, { enabled: dataset !== null })
  const columns = detail.data?.version.columns ?? []
  const target = chosenTarget === undefined ? (columns.find(({ role }) => role === 'target')?.name ?? null) : chosenTarget
  const taken = useMemo(
    () => new Set([...(present.data ?? []), ...(removed.data ?? [])].map((each) => each.name)),
    [present.data, removed.data]
  )
  const name = wishedName ?? nameForPipeline(title, taken)
  const nameError = !/^[a-z][a-z0-9_-]{0,62}$/.test(name)
    ? 'Use lowercase letters, digits, "-" and "_", and begin with a letter (at most 63).'
    : taken.has(name)
      ? 'There is a pipeline of this name, perhaps in the trash. Choose another.'
      : null
  const types = new Set(stepTypes.data?.map((type) => type.type))
  const offered = starters.filter((starter) => starter.types.every((type) => types.has(type)))
  const starter = offered.find((each) => each.id === chosen) ?? starters[0]
  const create = useHostCommand('pipelines.saveDraft', {
    inline: true,
    onSuccess: (_, input) => {
      onClose()
      navigate('pipelines', [input.name])
    }
  })
  const submit = () => {
    if (nameError) return
    void create.run({ name, yaml: writeStarter(starter, { name, title: title.trim(), dataset: dataset ?? '', target: target ?? '' }) })
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
          <Button type="submit" variant="primary" loading={create.busy} disabled={nameError !== null}>
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
            <TextInput mono value={name} onChange={(event) => setWishedName(event.target.value)} />
          </Field>
        </div>
        <div role="radiogroup" aria-label="Start from" className="flex flex-col gap-1">
          <span className="text-caption font-medium">Start from</span>
          {offered.map((each) => (
            <label
              key={each.id}
              className={classNames(
                'flex items-start gap-2 rounded-md border px-2 py-1.5 has-focus-visible:outline-2 has-focus-visible:outline-focus',
                each.id === starter.id ? 'border-accent bg-accent-soft' : 'hover:bg-surface-2'
              )}
            >
              <input
                type="radio"
                name="starter"
                className="mt-1 accent-current outline-none"
                checked={each.id === starter.id}
                onChange={() => setChosen(each.id)}
              />
              <span className="min-w-0">
                <span className="block font-medium">{each.title}</span>
                <span className="block text-caption text-muted">{each.text}</span>
              </span>
            </label>
          ))}
        </div>
        {starter.asks.includes('dataset') && (
          <div className="grid grid-cols-2 gap-3">
            <Field label="Dataset" optional>
              <Combobox
                aria-label="Dataset"
                value={dataset}
                onChange={(next) => {
                  setDataset(next)
                  setTarget(undefined)
                }}
                choices={(datasets.data ?? []).map((each) => ({ value: each.name, label: each.name }))}
                emptyText="No dataset of that name. Import one under Data."
              />
            </Field>
            {starter.asks.includes('target') && (
              <Field label="Column to predict" optional hint="Two outcomes. An SQL step may make it, too; fill it in later then.">
                <Combobox
                  aria-label="Column to predict"
                  value={target}
                  onChange={setTarget}
                  disabled={!dataset}
                  choices={columns.map((column) => ({ value: column.name, label: column.name }))}
                />
              </Field>
            )}
          </div>
        )}
      </div>
    </Dialog>
  )
}
