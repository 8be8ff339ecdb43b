import { useState } from 'react'
import { passphraseWeakness } from '../../../main/model/passphrase'
import { useHostCommand } from '../../host'
import { Button, Dialog, ErrorState, Field, PasswordInput, TextInput } from '../../ui'
import { changeDecision } from './bundles-store'
import { placeOfKey } from './use-countersign'

/** Makes a reviewer's key on this machine, outside any workspace, and chooses it for the decision. */
export function MakeKeyDialog({ bundle, onClose }: { bundle: string; onClose: () => void }) {
  const [name, setName] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [touched, setTouched] = useState(false)
  const make = useHostCommand('bundles.createKey', {
    inline: true,
    success: (key) => `The key of ${key.name} is made.`,
    onSuccess: (key) => {
      changeDecision(bundle, { keyPath: placeOfKey(key), name: key.name })
      onClose()
    }
  })
  const problems = {
    name: name.trim() ? null : 'Give the printed name that signatures will carry.',
    passphrase: passphraseWeakness(passphrase),
    again: again === passphrase ? null : 'The two passphrases differ.'
  }
  const submit = () => {
    setTouched(true)
    if (!problems.name && !problems.passphrase && !problems.again) void make.run({ name: name.trim(), passphrase })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Make a key"
      description="A P-256 key in your own folder on this machine. Save its public half afterwards for those who rely on your decisions."
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={make.busy}>
            Make the key
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Printed name" error={touched ? problems.name : null}>
          <TextInput value={name} maxLength={120} onChange={(event) => setName(event.target.value)} autoFocus />
        </Field>
        <Field
          label="Passphrase"
          hint="At least 8 characters. It protects the key file and is stored nowhere: without it the key is lost."
          error={touched || passphrase !== '' ? problems.passphrase : null}
        >
          <PasswordInput value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
        </Field>
        <Field
          label="Passphrase again"
          error={touched || again.length >= passphrase.length ? (again ? problems.again : touched ? problems.again : null) : null}
        >
          <PasswordInput value={again} onChange={(event) => setAgain(event.target.value)} />
        </Field>
        {make.error ? <ErrorState compact error={make.error} /> : null}
      </div>
    </Dialog>
  )
}
