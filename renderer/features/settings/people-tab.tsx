import { UserPlus, Users } from 'lucide-react'
import { useState } from 'react'
import type { Person } from '../../../main/model/workspace'
import { useHostQuery } from '../../host'
import { Button, EmptyState, ErrorState, Skeleton } from '../../ui'
import { KeyDialog } from './key-dialog'
import { PersonCard } from './person-card'
import { PersonDialog } from './person-dialog'

/** People who sign and act in this workspace, and their keys. */
export function PeopleTab() {
  const people = useHostQuery('people.list', {})
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
              <PersonCard
                key={person.id}
                person={person}
                people={people.data}
                onEdit={() => setEditing(person)}
                onAddKey={() => setKeyFor(person)}
              />
            ))}
          </ul>
        </>
      )}
      <PersonDialog person={editing} isFirst={people.data.length === 0} onClose={() => setEditing(null)} />
      <KeyDialog person={keyFor} onClose={() => setKeyFor(null)} />
    </div>
  )
}
