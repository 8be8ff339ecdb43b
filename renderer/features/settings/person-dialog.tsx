import { useEffect, useState } from 'react'
import { fit } from '../../../main/model/schema-words'
import { PersonInput, Role, type Person } from '../../../main/model/workspace'
import { useHostCommand } from '../../host'
import { Button, Checkbox, Dialog, ErrorState, Field, TextInput } from '../../ui'

const roleHints: Record<Role, string> = {
  author: 'imports data, trains, exports',
  reviewer: 'judges a bundle and signs the judgement',
  approver: 'approves and releases models, gives roles',
  operator: 'verifies and deploys'
}

/** Adds a person, or changes one. Who is the first has all roles and is not asked about them. */
export function PersonDialog({ person, isFirst, onClose }: { person: Person | 'new' | null; isFirst: boolean; onClose: () => void }) {
  const existing = person === 'new' ? null : person
  const [draft, setDraft] = useState<PersonInput>({ name: '', title: '', email: '', roles: [] })
  const [touched, setTouched] = useState(false)
  const create = useHostCommand('people.create', { inline: true, success: (made) => `${made.name} was added.`, onSuccess: onClose })
  const update = useHostCommand('people.update', { inline: true, success: (made) => `${made.name} was changed.`, onSuccess: onClose })
  const command = existing ? update : create
  useEffect(() => {
    if (person === null) return
    setDraft(
      existing
        ? { name: existing.name, title: existing.title, email: existing.email, roles: existing.roles }
        : { name: '', title: '', email: '', roles: ['author'] }
    )
    setTouched(false)
  }, [person, existing])
  const problems = fit(PersonInput, draft).problems ?? []
  const problemOf = (field: keyof PersonInput): string | null =>
    touched ? (problems.find(({ path }) => path[0] === field)?.words ?? null) : null
  const change = (part: Partial<PersonInput>): void => {
    setDraft({ ...draft, ...part })
    setTouched(true)
  }
  const submit = (): void => {
    setTouched(true)
    if (problems.length > 0) return
    if (existing) void update.run({ id: existing.id, ...draft })
    else void create.run(isFirst ? { ...draft, roles: undefined } : draft)
  }
  return (
    <Dialog
      open={person !== null}
      onOpenChange={(open) => !open && onClose()}
      title={existing ? 'Change a person' : 'Add a person'}
      description="The printed name appears on records, approvals and bundles."
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={command.busy}>
            {existing ? 'Save' : 'Add'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pb-2">
        {command.error ? <ErrorState compact error={command.error} /> : null}
        <Field label="Printed name" error={problemOf('name')}>
          <TextInput autoFocus value={draft.name} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <Field label="Position" optional>
          <TextInput value={draft.title} onChange={(event) => change({ title: event.target.value })} />
        </Field>
        <Field label="E-mail" optional error={problemOf('email')}>
          <TextInput value={draft.email} onChange={(event) => change({ email: event.target.value })} />
        </Field>
        {!isFirst && (
          <fieldset className="flex flex-col gap-1">
            <legend className="mb-1 text-caption font-medium">Roles</legend>
            {Role.options.map((role) => (
              <Checkbox
                key={role}
                checked={draft.roles.includes(role)}
                onChange={(checked) => change({ roles: checked ? [...draft.roles, role] : draft.roles.filter((other) => other !== role) })}
                label={`${role[0].toUpperCase()}${role.slice(1)}: ${roleHints[role]}`}
              />
            ))}
            {problemOf('roles') && <p className="text-caption text-error">{problemOf('roles')}</p>}
          </fieldset>
        )}
      </div>
    </Dialog>
  )
}
