import { Download, FileKey, KeyRound } from 'lucide-react'
import { placeText } from '../../../main/model/place'
import { useHostCommand, useOs } from '../../host'
import { Badge, Button, Field, PasswordInput, Select } from '../../ui'
import { placeOfKey, type Countersigning, type Key } from './use-countersign'

export interface KeyFieldsProps {
  signing: Countersigning
  keys: readonly Key[]
  /** Fingerprint of the key that signed the bundle. */
  author: string | null
  onMakeKey: () => void
}

/** The key that signs and its passphrase. */
export function KeyFields({ signing, keys, author, onMakeKey }: KeyFieldsProps) {
  const { draft, key, chooseKey, chooseKeyFile, passphrase, setPassphrase, required } = signing
  const choices = [
    ...keys.map((each) => ({
      value: placeOfKey(each),
      label: `${each.name}, key ${each.fingerprint.slice(0, 8)}`,
      hint: each.demo ? 'Demo identity' : undefined
    })),
    ...(draft.keyPath && !key ? [{ value: draft.keyPath, label: placeText(draft.keyPath) }] : [])
  ]
  return (
    <>
      <Field
        label="Your key"
        hint="The private half stays in its file; the bundle gets the signature and the public half."
        error={required(draft.keyPath !== null, 'Choose the key that signs, or make one.')}
      >
        <Select
          value={draft.keyPath}
          onChange={chooseKey}
          choices={choices}
          placeholder={choices.length ? 'Choose' : 'There is no key on this machine yet'}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" icon={FileKey} onClick={() => void chooseKeyFile()}>
          Choose a key file
        </Button>
        <Button size="sm" icon={KeyRound} onClick={onMakeKey}>
          Make a key
        </Button>
        {key && !key.demo && <SavePublicKey ownKey={key} />}
        {key?.demo && (
          <Badge status="warn" tooltip="Its passphrase is: demonstration only. A decision signed with it decides nothing.">
            Demo identity
          </Badge>
        )}
      </div>
      {key !== null && key.fingerprint === author && (
        <p className="rounded-md bg-warn-soft p-2">
          This key also signed the bundle. Its approval would be no independent review and is refused; a rejection by the author is taken.
        </p>
      )}
      <Field
        label="Passphrase of the key"
        hint="Used for this one signature and not kept."
        error={required(passphrase, 'Type the passphrase of the key.')}
      >
        <PasswordInput value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
      </Field>
    </>
  )
}

/** Without the public half nobody can tell whose decision it is. */
function SavePublicKey({ ownKey: { name, fingerprint } }: { ownKey: Key }) {
  const os = useOs()
  const save = useHostCommand('bundles.savePublicKey', {
    success: ({ path }) => `The public key was written to ${path}. Give it to those who rely on your decisions.`
  })
  const askWhere = async (): Promise<void> => {
    const path = await os.saveFile({
      title: 'Save your public key',
      defaultName: `${name.replace(/[^\p{L}\p{N}]+/gu, '-')}.pub.pem`,
      extension: 'pem',
      filters: [{ name: 'PEM', extensions: ['pem'] }]
    })
    if (path) await save.run({ fingerprint, path })
  }
  return (
    <Button size="sm" icon={Download} loading={save.busy} onClick={() => void askWhere()}>
      Save public key
    </Button>
  )
}
