import { useEffect, useState } from 'react'
import { passphraseWeakness } from '../../../main/model/passphrase'
import { placeText } from '../../../main/model/place'
import type { Person } from '../../../main/model/workspace'
import { useHostCommand, useOs } from '../../host'
import { Button, Dialog, ErrorState, Field, PasswordInput, Tabs, TextInput } from '../../ui'

/** Makes a signing key for a person, or takes in one that was made elsewhere. */
export function KeyDialog({ person, onClose }: { person: Person | null; onClose: () => void }) {
  const os = useOs()
  const [way, setWay] = useState<'new' | 'file'>('new')
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [path, setPath] = useState('')
  const done = { inline: true, success: 'The key was added.', onSuccess: onClose }
  const create = useHostCommand('people.createKey', done)
  const add = useHostCommand('people.addKey', done)
  const { reset: resetCreate } = create
  const { reset: resetAdd } = add
  useEffect(() => {
    setPassphrase('')
    setAgain('')
    setPath('')
    resetCreate()
    resetAdd()
  }, [person, way, resetCreate, resetAdd])
  const command = way === 'new' ? create : add
  const weakness = way === 'new' && passphrase !== '' ? passphraseWeakness(passphrase) : null
  const differs = again !== '' && again !== passphrase
  const ready = way === 'new' ? weakness === null && passphrase !== '' && again === passphrase : path !== ''
  const choose = async (): Promise<void> => {
    const chosen = await os.openFiles({
      title: 'Choose the private key file',
      filters: [{ name: 'PEM', extensions: ['pem', 'key', 'p8'] }]
    })
    if (chosen?.[0]) setPath(chosen[0])
  }
  const submit = (): void => {
    if (!person || !ready) return
    if (way === 'new') void create.run({ id: person.id, passphrase })
    else void add.run({ id: person.id, path, passphrase })
  }
  const passphraseField = (
    <Field label="Passphrase" hint="It is never stored. Without it the key cannot be used, and nobody can recover it." error={weakness}>
      <PasswordInput value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
    </Field>
  )
  return (
    <Dialog
      open={person !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Add a signing key for ${person?.name ?? ''}`}
      description="ECDSA on P-256. The private half stays in a protected file on this machine."
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!ready} loading={command.busy}>
            {way === 'new' ? 'Make the key' : 'Add the key'}
          </Button>
        </>
      }
    >
      {command.error ? <ErrorState compact error={command.error} className="mb-3" /> : null}
      <Tabs
        aria-label="Where the key comes from"
        value={way}
        onChange={setWay}
        items={[
          {
            value: 'new',
            label: 'Make a new key',
            content: (
              <div className="flex flex-col gap-3 py-3">
                {passphraseField}
                <Field label="The same again" error={differs ? 'The two passphrases differ.' : null}>
                  <PasswordInput value={again} onChange={(event) => setAgain(event.target.value)} />
                </Field>
              </div>
            )
          },
          {
            value: 'file',
            label: 'Use a key file',
            content: (
              <div className="flex flex-col gap-3 py-3">
                <Field label="Key file" hint="PKCS#8 in PEM form, protected by a passphrase, P-256, P-384 or P-521.">
                  <div className="flex gap-2">
                    <TextInput mono readOnly aria-label="Key file" value={placeText(path)} />
                    <Button onClick={() => void choose()}>Choose</Button>
                  </div>
                </Field>
                {passphraseField}
              </div>
            )
          }
        ]}
      />
    </Dialog>
  )
}
