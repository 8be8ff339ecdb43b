import { useState } from 'react'
import { decidingRole, type ModelStage } from '../../../main/model/registry'
import type { Person } from '../../../main/model/workspace'
import { useHostCommand, useHostQuery } from '../../host'
import { Button, ErrorState, Field, navigate, PasswordInput, StatusIcon } from '../../ui'

/** Who makes a decision, and what it takes before it can be signed. */
export interface Decider {
  /** Why the person at this machine cannot sign it; null where nothing is in the way but a passphrase. */
  obstacle: string | null
  /** Whose key is still locked. */
  locked: Person | null
  passphrase: string
  setPassphrase: (text: string) => void
  /** Opens the key; false where that failed. */
  unlock: () => Promise<boolean>
  busy: boolean
  error: unknown
}

export function useDecider(to: ModelStage): Decider {
  const role = decidingRole[to]
  const people = useHostQuery('people.list', {}, { enabled: role !== undefined })
  const [passphrase, setPassphrase] = useState('')
  const use = useHostCommand('people.use', { inline: true })
  const current = people.data?.find((person) => person.current)
  const obstacle =
    role === undefined || people.data === undefined
      ? null
      : !current
        ? 'The decision is signed by a person. Introduce yourself first.'
        : !current.roles.includes(role)
          ? `The decision takes the role ${role}, which ${current.name} does not have. Let an approver take over.`
          : !current.keys.some((key) => key.usable)
            ? `The decision is signed with a key, and ${current.name} has none on this machine.`
            : null
  const locked = role !== undefined && obstacle === null && current && !current.unlocked ? current : null
  const unlock = async () => locked === null || (passphrase !== '' && (await use.run({ id: locked.id, passphrase })) !== undefined)
  return { obstacle, locked, passphrase, setPassphrase, unlock, busy: use.busy, error: use.error }
}

/** What is in the way, or the passphrase of the key that signs; nothing for moves that are no decisions. */
export function DeciderField({ decider, touched }: { decider: Decider; touched: boolean }) {
  const { obstacle, locked, passphrase, setPassphrase, error } = decider
  if (obstacle !== null)
    return (
      <div className="flex items-start gap-2 rounded-md bg-warn-soft p-2">
        <StatusIcon status="warn" className="mt-0.5" />
        <p className="flex-1">{obstacle}</p>
        <Button size="sm" onClick={() => navigate('settings', ['people'])}>
          People and keys
        </Button>
      </div>
    )
  if (locked === null) return null
  return (
    <>
      <Field
        label={`Passphrase of the key of ${locked.name}`}
        hint="The decision is signed with this key. It stays open until somebody else takes over or the workspace is closed."
        error={touched && passphrase === '' ? 'Type the passphrase of the key.' : null}
      >
        <PasswordInput value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
      </Field>
      {error ? <ErrorState compact error={error} /> : null}
    </>
  )
}
