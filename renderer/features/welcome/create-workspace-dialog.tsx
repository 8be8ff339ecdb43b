import { FolderOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import { placeText } from '../../../main/model/place'
import { useHostCommand, useHostQuery, useOs } from '../../host'
import { Button, Dialog, ErrorState, Field, TextInput } from '../../ui'
import { folderNameOf, joinPath, nameForFile, parentOf } from './workspace-folder'

export interface CreateWorkspaceDialogProps {
  open: boolean
  /** The name of the file that it is made for; without one it is made empty. */
  forFile?: string
  /** With the workspace that was created, or without one when the dialog is left. */
  onEnd: (created?: { id: string }) => void
  /** The operating system, for the path separator. */
  platform: string
}

/** A name and a place; the workspace becomes a new folder there. */
export function CreateWorkspaceDialog({ open, forFile, onEnd, platform }: CreateWorkspaceDialogProps) {
  const os = useOs()
  const sample = useHostQuery('workspace.sampleDefault', {}, { enabled: open })
  const recent = useHostQuery('workspace.recent', {}, { enabled: open })
  const [typed, setName] = useState<string | null>(null)
  const [parent, setParent] = useState('')
  const [touched, setTouched] = useState(false)
  const create = useHostCommand('workspace.create', {
    inline: true,
    success: (created) => `The workspace ${created.name} was created.`,
    onSuccess: onEnd
  })
  const { reset } = create
  useEffect(() => {
    if (!open) return
    setName(null)
    setTouched(false)
    reset()
  }, [open, reset])
  const location = parent ? placeText(parent) : sample.data ? parentOf(sample.data.directory) : ''
  const isThere = (folder: string) => recent.data?.some((entry) => entry.directory === joinPath(location, folder, platform)) ?? false
  const name = typed ?? (forFile ? nameForFile(forFile, isThere) : '')
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
      onOpenChange={(next) => next || onEnd()}
      title={forFile ? `A workspace for ${forFile}` : 'Create a workspace'}
      description={
        forFile
          ? 'The file is copied into a workspace: one folder with everything that is made from it. Change name and place if you like.'
          : 'A workspace is one folder that holds all data, runs and models. Copying the folder copies everything.'
      }
      onSubmit={submit}
      footer={
        <>
          <Button onClick={() => onEnd()}>Cancel</Button>
          <Button type="submit" variant="primary" loading={create.busy} disabled={!directory}>
            {forFile ? 'Create it and look at the file' : 'Create the workspace'}
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
