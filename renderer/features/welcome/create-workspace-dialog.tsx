import { FolderOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import { placeText } from '../../../main/model/place'
import { useHostCommand, useHostQuery, useOs } from '../../host'
import { Button, Dialog, ErrorState, Field, navigate, TextInput } from '../../ui'
import { folderNameOf, joinPath, parentOf } from './workspace-folder'

export interface CreateWorkspaceDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** The operating system, for the path separator. */
  platform: string
}

/** A name and a place; the workspace becomes a new folder there. */
export function CreateWorkspaceDialog({ open, onOpenChange, platform }: CreateWorkspaceDialogProps) {
  const os = useOs()
  const sample = useHostQuery('workspace.sampleDefault', {}, { enabled: open })
  const [name, setName] = useState('')
  const [parent, setParent] = useState('')
  const [touched, setTouched] = useState(false)
  const create = useHostCommand('workspace.create', {
    inline: true,
    success: (created) => `The workspace ${created.name} was created.`,
    onSuccess: () => {
      onOpenChange(false)
      navigate('overview')
    }
  })
  const { reset } = create
  useEffect(() => {
    if (!open) return
    setName('')
    setTouched(false)
    reset()
  }, [open, reset])
  const location = parent ? placeText(parent) : sample.data ? parentOf(sample.data.directory) : ''
  const folder = folderNameOf(name)
  const directory = location && folder ? joinPath(location, folder, platform) : ''
  const nameError =
    touched && !name.trim() ? 'Give the workspace a name.' : touched && name.trim() && !folder ? 'Use at least one letter or digit.' : null
  const choose = async () => {
    const chosen = await os.openFolder({ title: 'Where should the workspace be created?', buttonLabel: 'Choose' })
    if (chosen) setParent(chosen)
  }
  const submit = () => {
    setTouched(true)
    if (directory) void create.run({ directory: parent || 'documents:', folder, name: name.trim() })
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Create a workspace"
      description="A workspace is one folder that holds all data, runs and models. Copying the folder copies everything."
      onSubmit={submit}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" loading={create.busy} disabled={!directory}>
            Create the workspace
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pb-2">
        {create.error ? <ErrorState compact error={create.error} /> : null}
        <Field label="Name" error={nameError}>
          <TextInput
            autoFocus
            value={name}
            onChange={(event) => {
              setName(event.target.value)
              setTouched(true)
            }}
            placeholder="Claims model 2026"
          />
        </Field>
        <Field label="Location" hint={directory ? `The folder will be ${directory}` : 'The folder in which the workspace folder is made.'}>
          <div className="flex gap-2">
            <TextInput mono readOnly value={location} aria-label="Location" />
            <Button icon={FolderOpen} onClick={() => void choose()}>
              Choose
            </Button>
          </div>
        </Field>
      </div>
    </Dialog>
  )
}
