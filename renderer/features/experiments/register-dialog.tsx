import { useState } from 'react'
import { ModelName } from '../../../main/model/registry'
import type { RunDetail } from '../../../main/model/run'
import { useHostCommand, useHostQuery } from '../../host'
import { Button, Checkbox, Dialog, ErrorState, Field, navigate, Select, showToast, TextArea, TextInput } from '../../ui'

const tiers = [
  { value: 'low', label: 'Low' },
  { value: 'medium', label: 'Medium' },
  { value: 'high', label: 'High' }
] as const

/** A run becomes the next version of a model, with what the model card needs to say. */
export function RegisterDialog({ run, onClose }: { run: RunDetail; onClose: () => void }) {
  const models = useHostQuery('models.list', {})
  const [name, setName] = useState('')
  const [touched, setTouched] = useState(false)
  const [purpose, setPurpose] = useState('')
  const [intendedUse, setIntendedUse] = useState('')
  const [outOfScope, setOutOfScope] = useState('')
  const [limitations, setLimitations] = useState('')
  const [owner, setOwner] = useState('')
  const [riskTier, setRiskTier] = useState<'low' | 'medium' | 'high'>('medium')
  const isGated = run.gate === 'pass'
  const [withoutGate, setWithoutGate] = useState(false)
  const register = useHostCommand('models.register', {
    inline: true,
    onSuccess: (version) => {
      onClose()
      showToast({
        status: 'ok',
        title: `Registered as ${version.name}@${version.version}.`,
        text: version.withoutGate ? 'It is a draft without gate, and marked as one.' : 'It starts as a draft.',
        action: { label: 'Open the model', run: () => navigate('models', [version.name, String(version.version)]) }
      })
    }
  })
  const parsed = ModelName.safeParse(name)
  const error = touched && !parsed.success ? (name.trim() ? (parsed.error.issues[0]?.message ?? null) : 'Give the model a name.') : null
  const existing = (models.data ?? []).find((model) => model.name === name.trim())
  const submit = () => {
    setTouched(true)
    if (parsed.success && (isGated || withoutGate))
      void register.run({
        run: run.id,
        name: parsed.data,
        purpose: { purpose, intendedUse, outOfScope, limitations, owner, riskTier },
        ...(!isGated && { withoutGate })
      })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title="Register as model"
      description={`${run.name} becomes a version of a model, with a stage, a card and a history.`}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={register.busy}>
            Register
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {register.error ? <ErrorState compact error={register.error} /> : null}
        <div className="grid grid-cols-[2fr_1fr_1fr] gap-3">
          <Field
            label="Model name"
            error={error}
            hint={existing ? `Becomes version ${existing.latest.version + 1} of this model.` : 'A new name makes a new model, version 1.'}
          >
            <TextInput
              autoFocus
              value={name}
              list="known-models"
              placeholder="strike-damage"
              onChange={(event) => {
                setName(event.target.value)
                setTouched(true)
              }}
            />
          </Field>
          <Field label="Owner" optional>
            <TextInput value={owner} onChange={(event) => setOwner(event.target.value)} />
          </Field>
          <Field label="Risk tier">
            <Select value={riskTier} onChange={setRiskTier} choices={tiers} />
          </Field>
        </div>
        <datalist id="known-models">
          {(models.data ?? []).map((model) => (
            <option key={model.name} value={model.name} />
          ))}
        </datalist>
        <Field
          label="Purpose"
          optional
          hint="What the model is for, in one or two sentences. It can be edited until the version is approved."
        >
          <TextArea rows={2} value={purpose} onChange={(event) => setPurpose(event.target.value)} />
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <Field label="Intended use" optional>
            <TextArea rows={3} value={intendedUse} onChange={(event) => setIntendedUse(event.target.value)} />
          </Field>
          <Field label="Out of scope" optional>
            <TextArea rows={3} value={outOfScope} onChange={(event) => setOutOfScope(event.target.value)} />
          </Field>
        </div>
        <Field label="Limitations" optional>
          <TextArea rows={2} value={limitations} onChange={(event) => setLimitations(event.target.value)} />
        </Field>
        {!isGated && (
          <div className="flex flex-col gap-1 rounded-md bg-warn-soft p-2">
            <p>
              {run.gate === null ? 'No gate was held over this run.' : 'The gate over this run did not pass.'} Hold one that passes first,
              or register a draft without gate: it is marked as one wherever it is shown, and cannot be approved.
            </p>
            <Checkbox checked={withoutGate} onChange={setWithoutGate} label="Register a draft without gate" />
            {touched && !withoutGate && <p className="text-error">Tick it to register without a gate.</p>}
          </div>
        )}
      </div>
    </Dialog>
  )
}
