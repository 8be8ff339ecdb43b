import { useState } from 'react'
import { passphraseWeakness } from '../../main/model/passphrase'
import type { Person } from '../../main/model/workspace'
import { useHostCommand } from '../host'
import { Badge, Button, Dialog, ErrorState, Field, PasswordInput } from '../ui'

const holds = (person: Person): boolean => person.keys.some((key) => key.retiredAt === undefined)

/** Whether acting as a person takes a passphrase: not for somebody who is alone and never needed a key. */
export const takesPassphrase = (person: Person, people: readonly Person[]): boolean =>
  holds(person) || people.some((other) => other.id !== person.id && other.leftAt === undefined)

/** Asks for the passphrase of a person's key once, and lets that person act; who has no key yet makes one here. */
export function ActAsDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [touched, setTouched] = useState(false)
  const isNew = !holds(person)
  const isElsewhere = !isNew && !person.keys.some((key) => key.usable)
  const options = { inline: true }
  const make = useHostCommand('people.createKey', options)
  const use = useHostCommand('people.use', {
    ...options,
    success: ({ name }) => (person.current ? `The key of ${name} is unlocked.` : `New records carry the name ${name}.`),
    onSuccess: onClose
  })
  const problem = isNew ? passphraseWeakness(passphrase) : passphrase === '' ? 'Type the passphrase of the key.' : null
  const differs = isNew && again !== passphrase ? 'The two passphrases differ.' : null
  const submit = async () => {
    setTouched(true)
    if (problem !== null || differs !== null) return
    if (isNew && (await make.run({ id: person.id, passphrase })) === undefined) return
    await use.run({ id: person.id, passphrase })
  }
  const error = make.error ?? use.error
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={person.current ? `Unlock the key of ${person.name}` : `Work as ${person.name}`}
      description={
        isNew
          ? `${person.name} has no key yet. A key proves that ${person.name} acts, and signs what ${person.name} decides.`
          : 'The passphrase is asked for once. The key stays open until somebody else takes over or the workspace is closed.'
      }
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={isElsewhere} loading={make.busy || use.busy}>
            {isNew ? 'Make the key' : person.current ? 'Unlock' : 'Take over'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {isElsewhere ? (
          <p>The private key of {person.name} is not on this machine. Add its file under People and keys, then take over.</p>
        ) : (
          <Field
            label="Passphrase of the key"
            hint={isNew ? 'It is stored nowhere: without it the key is lost.' : 'It is never stored.'}
            error={touched || (isNew && passphrase !== '') ? problem : null}
          >
            <PasswordInput value={passphrase} onChange={(event) => setPassphrase(event.target.value)} autoFocus />
          </Field>
        )}
        {isNew && (
          <Field label="The same again" error={touched || again.length >= passphrase.length ? differs : null}>
            <PasswordInput value={again} onChange={(event) => setAgain(event.target.value)} />
          </Field>
        )}
        {person.demo && !isNew && (
          <p>
            <Badge status="info">Demo identity</Badge> <span className="text-muted">Its passphrase is: demonstration only</span>
          </p>
        )}
        {error ? <ErrorState compact error={error} /> : null}
      </div>
    </Dialog>
  )
}
