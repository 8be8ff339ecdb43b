import { FileKey, KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { Person } from '../../../main/model/workspace'
import { ActAsDialog, takesPassphrase } from '../../evidence'
import { useHostCommand } from '../../host'
import { Badge, Button, TimeText } from '../../ui'
import { KeyRow } from './key-row'
import { PublicKeyDialog } from './public-key-dialog'
import { ReasonDialog } from './reason-dialog'

export interface PersonCardProps {
  person: Person
  people: readonly Person[]
  onEdit: () => void
  onAddKey: () => void
}

/** One person: who it is, what they may, their keys, and what can be done about it. */
export function PersonCard({ person, people, onEdit, onAddKey }: PersonCardProps) {
  const use = useHostCommand('people.use', { success: ({ name }) => `New records now carry the name ${name}.` })
  const [isAsked, setAsked] = useState(false)
  const [isTakingKey, setTakingKey] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const leave = useHostCommand('people.leave', {
    inline: true,
    success: ({ name }) => `${name} left. What ${name} did and signed stays.`,
    onSuccess: () => setLeaving(false)
  })
  const { name, leftAt } = person
  // Who is alone has every role and needs to know of none.
  const roles = people.length > 1 ? person.roles.join(', ') : ''
  const isLocked = person.current && !person.unlocked && person.keys.some((key) => key.usable)
  const actAs = () => (takesPassphrase(person, people) ? setAsked(true) : void use.run({ id: person.id }))
  return (
    <li className="rounded-md border p-3" aria-label={name}>
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-semibold">{name}</h2>
        {person.demo && <Badge status="info">Demo identity</Badge>}
        {person.current && <Badge status="ok">You</Badge>}
        {leftAt !== undefined && (
          <Badge status="neutral">
            Left <TimeText value={leftAt} />
          </Badge>
        )}
        <span className="text-muted">{[person.title, roles].filter(Boolean).join(' · ')}</span>
        {leftAt === undefined && (
          <span className="ml-auto flex gap-1">
            {(!person.current || isLocked) && (
              <Button size="sm" onClick={actAs}>
                {person.current ? 'Unlock' : 'This is me'}
              </Button>
            )}
            <Button size="sm" onClick={onEdit}>
              Edit
            </Button>
            <Button size="sm" icon={KeyRound} onClick={onAddKey}>
              Add a key
            </Button>
            {!person.current && (
              <Button size="sm" icon={FileKey} onClick={() => setTakingKey(true)}>
                Take in a public key
              </Button>
            )}
            {people.length > 1 && (
              <Button size="sm" variant="ghost" onClick={() => setLeaving(true)}>
                Leaves
              </Button>
            )}
          </span>
        )}
      </div>
      {person.keys.length === 0 ? (
        <p className="mt-2 text-muted">
          No signing key yet. Without one, {name} cannot sign bundles or decisions.{' '}
          {!person.current && `If ${name} signs elsewhere, take in the public key.`}
        </p>
      ) : (
        <ul className="mt-2 flex flex-col">
          {person.keys.map((key) => (
            <KeyRow key={key.fingerprint} signingKey={key} holder={name} />
          ))}
        </ul>
      )}
      {isAsked && <ActAsDialog person={person} onClose={() => setAsked(false)} />}
      {isTakingKey && <PublicKeyDialog person={person} onClose={() => setTakingKey(false)} />}
      {isLeaving && (
        <ReasonDialog
          title={`${name} leaves this workspace`}
          text={`${name} neither acts nor signs here any more. What ${name} did and signed stays, and nobody else gets the name.`}
          action="Take out"
          work={leave}
          onSubmit={(reason) => void leave.run({ id: person.id, reason })}
          onClose={() => setLeaving(false)}
        />
      )}
    </li>
  )
}
