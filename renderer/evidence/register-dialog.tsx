import { gateWord } from '../../main/model/gate-standing'
import type { RunDetail } from '../../main/model/run'
import { Button, Checkbox, Dialog, ErrorState, Field, Select, TextArea, TextInput } from '../ui'
import { useRegistration, type Registration } from './use-registration'

const tiers = [
  { value: 'low', label: 'Low' },
  { value: 'medium', label: 'Medium' },
  { value: 'high', label: 'High' }
] as const

/** A run becomes the next version of a model, with what the model card needs to say. */
export function RegisterDialog({ run, onClose }: { run: RunDetail; onClose: () => void }) {
  const registration = useRegistration(run, onClose)
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title="Register as model"
      description={`${run.name} becomes a version of a model, with a stage, a card and a history.`}
      onSubmit={registration.submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={registration.busy}>
            Register
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pb-2">
        {registration.error ? <ErrorState compact error={registration.error} /> : null}
        <NameFields {...registration} />
        <PurposeFields {...registration} />
        {!registration.isGated && <WithoutGate run={run} {...registration} />}
      </div>
    </Dialog>
  )
}

function NameFields({ models, name, setName, nameError, existing, purpose, change }: Registration) {
  return (
    <div className="grid grid-cols-[2fr_1fr_1fr] gap-3">
      <Field
        label="Model name"
        error={nameError}
        hint={existing ? `Becomes version ${existing.latest.version + 1} of this model.` : 'A new name makes a new model, version 1.'}
      >
        <TextInput
          autoFocus
          value={name}
          list="known-models"
          placeholder="strike-damage"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label="Owner" optional>
        <TextInput value={purpose.owner} onChange={(event) => change({ owner: event.target.value })} />
      </Field>
      <Field label="Risk tier">
        <Select value={purpose.riskTier} onChange={(riskTier) => change({ riskTier })} choices={tiers} />
      </Field>
      <datalist id="known-models">
        {models.map((model) => (
          <option key={model.name} value={model.name} />
        ))}
      </datalist>
    </div>
  )
}

function PurposeFields({ purpose, change }: Registration) {
  return (
    <>
      <Field
        label="Purpose"
        optional
        hint="What the model is for, in one or two sentences. It can be edited until the version is approved."
      >
        <TextArea rows={2} value={purpose.purpose} onChange={(event) => change({ purpose: event.target.value })} />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Intended use" optional>
          <TextArea rows={3} value={purpose.intendedUse} onChange={(event) => change({ intendedUse: event.target.value })} />
        </Field>
        <Field label="Out of scope" optional>
          <TextArea rows={3} value={purpose.outOfScope} onChange={(event) => change({ outOfScope: event.target.value })} />
        </Field>
      </div>
      <Field label="Limitations" optional>
        <TextArea rows={2} value={purpose.limitations} onChange={(event) => change({ limitations: event.target.value })} />
      </Field>
    </>
  )
}

const unpassed = { failed: 'The gate over this run failed.', undecided: 'The gate over this run is undecided.' }

function WithoutGate({ run, touched, withoutGate, setWithoutGate }: Registration & { run: RunDetail }) {
  const word = run.gate && gateWord({ outcome: run.gate, shortfall: run.gateShortfall })
  return (
    <div className="flex flex-col gap-1 rounded-md bg-warn-soft p-2">
      <p>
        {word === 'failed' || word === 'undecided' ? unpassed[word] : 'No gate was held over this run.'} Hold one that passes first, or
        register a draft without gate: it is marked as one wherever it is shown, and cannot be approved.
      </p>
      <Checkbox checked={withoutGate} onChange={setWithoutGate} label="Register a draft without gate" />
      {touched && !withoutGate && <p className="text-error">Tick it to register without a gate.</p>}
    </div>
  )
}
