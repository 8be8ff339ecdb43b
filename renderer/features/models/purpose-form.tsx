import { Undo2 } from 'lucide-react'
import type { ModelPurpose, ModelVersionDetail } from '../../../main/model/registry'
import { useHostCommand } from '../../host'
import { Button, ErrorState, Field, Panel, Select, TextArea, TextInput, useActions } from '../../ui'
import { stageWord } from './model-badges'
import { keepPurpose, useModelsState } from './models-store'

const texts = [
  { key: 'purpose', label: 'Purpose', hint: 'What the model is for, in one or two sentences.' },
  { key: 'intendedUse', label: 'Intended use', hint: 'Who uses it, for which decisions, with which human in the loop.' },
  { key: 'outOfScope', label: 'Out of scope', hint: 'What it must not be used for.' },
  { key: 'limitations', label: 'Limitations', hint: 'Where it is weak; one per line.' }
] as const

const tiers: readonly { value: ModelPurpose['riskTier']; label: string; hint: string }[] = [
  { value: 'low', label: 'Low', hint: 'A wrong answer costs little and is easy to undo.' },
  { value: 'medium', label: 'Medium', hint: 'A wrong answer costs money or time.' },
  { value: 'high', label: 'High', hint: 'A wrong answer can harm a person or break a law.' }
]

const same = (a: ModelPurpose, b: ModelPurpose) => (Object.keys(a) as (keyof ModelPurpose)[]).every((key) => a[key] === b[key])

/** The words of the model card. They can be changed until the version is approved; unsaved words stay while the window is open. */
export function PurposeForm({ model }: { model: ModelVersionDetail }) {
  const key = `${model.name}@${model.version}`
  const draft = useModelsState((state) => state.purposes[key])
  const value = draft ?? model.purpose
  const dirty = draft !== undefined && !same(draft, model.purpose)
  const editable = model.stage === 'draft' || model.stage === 'in review'
  const save = useHostCommand('models.setPurpose', {
    inline: true,
    success: `The description of ${key} is saved.`,
    onSuccess: () => keepPurpose(key, null)
  })
  const change = (part: Partial<ModelPurpose>) => keepPurpose(key, { ...value, ...part })
  const submit = () => void save.run({ name: model.name, version: model.version, purpose: value })
  useActions([
    {
      id: 'models.save-description',
      title: 'Save the description',
      group: 'Models',
      keys: 'Mod+S',
      isAvailable: () => editable && dirty,
      run: submit
    }
  ])
  return (
    <Panel
      title="Purpose and limits"
      hint={editable ? 'the words of the model card' : `frozen: the version is ${stageWord(model.stage).toLowerCase()}`}
      actions={
        editable && (
          <>
            {dirty && (
              <Button size="sm" variant="ghost" icon={Undo2} onClick={() => keepPurpose(key, null)}>
                Discard changes
              </Button>
            )}
            <Button size="sm" disabled={!dirty} loading={save.busy} onClick={submit}>
              Save description
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {save.error ? <ErrorState compact error={save.error} /> : null}
        {!editable && <p className="text-muted">The description is part of what was approved. Register a new version to change it.</p>}
        {texts.map((text) => (
          <Field key={text.key} label={text.label} hint={editable ? text.hint : undefined}>
            <TextArea
              value={value[text.key]}
              readOnly={!editable}
              rows={text.key === 'limitations' ? 4 : 2}
              onChange={(event) => change({ [text.key]: event.target.value })}
            />
          </Field>
        ))}
        <div className="grid grid-cols-2 gap-3">
          <Field label="Owner" hint={editable ? 'Who answers for it.' : undefined}>
            <TextInput value={value.owner} readOnly={!editable} onChange={(event) => change({ owner: event.target.value })} />
          </Field>
          <Field label="Risk tier">
            <Select value={value.riskTier} disabled={!editable} onChange={(riskTier) => change({ riskTier })} choices={tiers} />
          </Field>
        </div>
      </div>
    </Panel>
  )
}
