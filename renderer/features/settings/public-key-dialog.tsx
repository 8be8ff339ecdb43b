import { useState } from 'react'
import { placeText } from '../../../main/model/place'
import type { Person } from '../../../main/model/workspace'
import { useHostCommand, useHostQuery, useOs } from '../../host'
import { Button, Checkbox, Dialog, ErrorState, Field, TextInput } from '../../ui'

/** Takes in the public key of somebody who signs elsewhere: its fingerprint is shown and compared before the key counts. */
export function PublicKeyDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const os = useOs()
  const [path, setPath] = useState('')
  const [compared, setCompared] = useState(false)
  const [touched, setTouched] = useState(false)
  const found = useHostQuery('people.publicKeyFile', { path }, { enabled: path !== '' })
  const add = useHostCommand('people.addPublicKey', {
    inline: true,
    success: `The public key of ${person.name} was taken in.`,
    onSuccess: onClose
  })
  const key = path === '' || found.error ? null : (found.data ?? null)
  const choose = async (): Promise<void> => {
    const chosen = await os.openFiles({
      title: `Choose the public key of ${person.name}`,
      filters: [{ name: 'Public key', extensions: ['pem', 'pub'] }]
    })
    if (!chosen?.[0]) return
    setCompared(false)
    add.reset()
    setPath(chosen[0])
  }
  const submit = (): void => {
    setTouched(true)
    if (key?.holder === null && compared) void add.run({ id: person.id, path, fingerprint: key.fingerprint })
  }
  const error = add.error ?? (path === '' ? null : found.error)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Take in the public key of ${person.name}`}
      description="Decisions signed with this key then count here as decisions of this person."
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={key?.holder !== null} loading={add.busy}>
            Take in the key
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {error ? <ErrorState compact error={error} /> : null}
        <Field
          label="Public key file"
          hint={`A file such as signer.pub.pem that ${person.name} saved. The private key stays with its holder.`}
        >
          <div className="flex gap-2">
            <TextInput mono readOnly aria-label="Public key file" value={placeText(path)} />
            <Button onClick={() => void choose()}>Choose</Button>
          </div>
        </Field>
        {key && (
          <div>
            <p className="text-caption text-muted">Fingerprint (SHA-256)</p>
            <p className="rounded-md border bg-surface-1 p-2 font-mono [overflow-wrap:anywhere] select-text">{inGroups(key.fingerprint)}</p>
          </div>
        )}
        {key?.holder && (
          <p className="rounded-md bg-warn-soft p-2">This key belongs to {key.holder} already. A key identifies one person.</p>
        )}
        {key?.holder === null && (
          <Field
            label="Compared"
            hint="Let it be read to you, on the telephone or face to face. Whoever sent the file could have sent another."
            error={touched && !compared ? `Compare the fingerprint with ${person.name} first.` : null}
          >
            <Checkbox checked={compared} onChange={setCompared} label={`${person.name} told me the same fingerprint by another way`} />
          </Field>
        )}
      </div>
    </Dialog>
  )
}

/** Eight by eight, as it is read aloud. */
const inGroups = (fingerprint: string): string => fingerprint.match(/.{1,8}/g)?.join(' ') ?? fingerprint
