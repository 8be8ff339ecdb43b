import { useEffect, useState } from 'react'
import { useHostCommand, useHostQuery, useOs } from '../../host'
import { Button, ErrorState, Field, HashChip, KeyValueList, Section, Skeleton, TextInput, TimeText } from '../../ui'

export function WorkspaceTab() {
  const status = useHostQuery('workspace.status', {})
  const os = useOs()
  const rename = useHostCommand('workspace.rename', { success: 'The workspace was renamed.' })
  const close = useHostCommand('workspace.close')
  const distrust = useHostCommand('workspace.setTrust', { success: 'The workspace is restricted from now on.' })
  const workspace = status.data?.workspace ?? null
  const [name, setName] = useState('')
  useEffect(() => setName(workspace?.name ?? ''), [workspace?.name])
  if (status.isError) return <ErrorState error={status.error} onRetry={() => void status.refetch()} />
  if (!status.data) return <Skeleton lines={8} />
  const trimmed = name.trim()
  return (
    <div className="flex max-w-180 flex-col gap-6 p-4">
      {!workspace && <p className="text-muted">No workspace is open. Open or create one to see its settings.</p>}
      {workspace && (
        <Section title="This workspace" hint="Moving it is copying its folder">
          <form
            className="mb-3 flex items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault()
              if (trimmed && trimmed !== workspace.name) void rename.run({ name: trimmed })
            }}
          >
            <Field label="Name" className="flex-1" error={trimmed ? null : 'A workspace needs a name.'}>
              <TextInput value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
            </Field>
            <Button type="submit" loading={rename.busy} disabled={!trimmed || trimmed === workspace.name}>
              Rename
            </Button>
          </form>
          <KeyValueList
            items={[
              { label: 'Folder', value: workspace.directory, mono: true },
              { label: 'Identifier', value: <HashChip hash={workspace.id} /> },
              { label: 'Created', value: <TimeText value={workspace.createdAt} /> },
              { label: 'Format', value: String(workspace.version) },
              workspace.sample && { label: 'Sample', value: 'Yes: its people are demo identities, and everything exported says so.' }
            ]}
          />
          <div className="mt-3 flex gap-2">
            <Button onClick={() => void os.showInFolder('workspace:')}>Show in folder</Button>
            <Button loading={close.busy} onClick={() => void close.run({})}>
              Close the workspace
            </Button>
            {!workspace.restricted && (
              <Button loading={distrust.busy} onClick={() => void distrust.run({ directory: workspace.directory, trusted: false })}>
                Trust it no longer
              </Button>
            )}
          </div>
        </Section>
      )}
    </div>
  )
}
