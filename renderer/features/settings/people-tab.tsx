import { KeyRound, UserPlus, Users } from 'lucide-react'
import { useState } from 'react'
import type { Person, PersonKey } from '../../../main/model/workspace'
import { useHostCommand, useHostQuery, useOs } from '../../host'
import { Badge, Button, EmptyState, ErrorState, HashChip, Skeleton, TimeText } from '../../ui'
import { KeyDialog } from './key-dialog'
import { PersonDialog } from './person-dialog'

/** People who sign and act in this workspace, and their keys. */
export function PeopleTab() {
  const people = useHostQuery('people.list', {})
  const use = useHostCommand('people.use', { success: (person) => `New records now carry the name ${person.name}.` })
  const [editing, setEditing] = useState<Person | 'new' | null>(null)
  const [keyFor, setKeyFor] = useState<Person | null>(null)
  if (people.isError) return <ErrorState error={people.error} title="The people cannot be shown" onRetry={() => void people.refetch()} />
  if (!people.data) return <Skeleton lines={6} />
  const add = (
    <Button variant="primary" icon={UserPlus} onClick={() => setEditing('new')}>
      Add a person
    </Button>
  )
  return (
    <div className="flex h-full max-w-220 flex-col gap-3 p-4">
      {people.data.length === 0 ? (
        <EmptyState
          icon={Users}
          title="Nobody has introduced themselves"
          text="A person has a printed name, roles and signing keys. Records, approvals and bundles carry that name. It is not an account of this computer."
          action={add}
        />
      ) : (
        <>
          <div className="flex items-center justify-between gap-4">
            <p className="text-muted">
              Private keys are files of your own, protected by a passphrase; the workspace holds only their public halves.
            </p>
            {add}
          </div>
          <ul className="flex flex-col gap-3">
            {people.data.map((person) => (
              <li key={person.id} className="rounded-md border p-3" aria-label={person.name}>
                <div className="flex flex-wrap items-center gap-2">
                  <h3 className="font-semibold">{person.name}</h3>
                  {person.demo && <Badge status="info">Demo identity</Badge>}
                  {person.current && <Badge status="ok">You</Badge>}
                  <span className="text-muted">{[person.title, person.roles.join(', ')].filter(Boolean).join(' · ')}</span>
                  <span className="ml-auto flex gap-1">
                    {!person.current && (
                      <Button size="sm" onClick={() => void use.run({ id: person.id })}>
                        This is me
                      </Button>
                    )}
                    <Button size="sm" onClick={() => setEditing(person)}>
                      Edit
                    </Button>
                    <Button size="sm" icon={KeyRound} onClick={() => setKeyFor(person)}>
                      Add a key
                    </Button>
                  </span>
                </div>
                {person.keys.length === 0 ? (
                  <p className="mt-2 text-muted">No signing key yet. Without one, {person.name} cannot sign bundles or decisions.</p>
                ) : (
                  <ul className="mt-2 flex flex-col">
                    {person.keys.map((key) => (
                      <KeyRow key={key.fingerprint} signingKey={key} />
                    ))}
                  </ul>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      <PersonDialog person={editing} onClose={() => setEditing(null)} />
      <KeyDialog person={keyFor} onClose={() => setKeyFor(null)} />
    </div>
  )
}

function KeyRow({ signingKey }: { signingKey: PersonKey }) {
  const os = useOs()
  const save = useHostCommand('people.savePublicKey', { success: ({ path }) => `The public key was written to ${path}.` })
  const savePublic = async (): Promise<void> => {
    const path = await os.saveFile({
      title: 'Save the public key',
      defaultName: 'signer.pub.pem',
      extension: 'pem',
      filters: [{ name: 'PEM', extensions: ['pem'] }]
    })
    if (path) await save.run({ fingerprint: signingKey.fingerprint, path })
  }
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-3 border-t pt-1">
      <HashChip hash={signingKey.fingerprint} />
      {signingKey.usable ? (
        <Badge status="ok" tooltip={signingKey.privateKeyPath}>
          Can sign here
        </Badge>
      ) : (
        <Badge status="neutral" tooltip="The private key file is not on this machine, or was moved.">
          Private key elsewhere
        </Badge>
      )}
      <span className="text-caption text-muted">
        since <TimeText value={signingKey.createdAt} />
      </span>
      <Button size="sm" variant="ghost" className="ml-auto" loading={save.busy} onClick={() => void savePublic()}>
        Save public key
      </Button>
    </li>
  )
}
