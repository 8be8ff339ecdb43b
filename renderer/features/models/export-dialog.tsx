import { useState } from 'react'
import { exportWarnings } from '../../../main/model/export-warnings'
import { placeText } from '../../../main/model/place'
import { useHostQuery, useHostStream, useOs } from '../../host'
import {
  Badge,
  Button,
  Dialog,
  ErrorState,
  Field,
  navigate,
  PasswordInput,
  Progress,
  Select,
  Skeleton,
  StatusIcon,
  TextInput
} from '../../ui'
import { ExportResult } from './export-result'

export interface ExportDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  name: string
  version: number
}

/** Signs one version with a person's key and writes it as one file. */
export function ExportDialog({ open, onOpenChange, name, version }: ExportDialogProps) {
  const work = useHostStream('bundles.export', { inline: true })
  const close = (next: boolean) => {
    if (!next) work.cancel()
    onOpenChange(next)
  }
  if (!open) return null
  const title = work.output ? 'Bundle exported' : 'Export signed bundle'
  if (work.output)
    return (
      <Dialog open onOpenChange={close} title={title} description={`${name}, version ${version}`} size="lg">
        <ExportResult exported={work.output} />
      </Dialog>
    )
  return <ExportForm name={name} version={version} work={work} onClose={() => close(false)} title={title} />
}

interface ExportFormProps {
  name: string
  version: number
  title: string
  work: ReturnType<typeof useHostStream<'bundles.export'>>
  onClose: () => void
}

function ExportForm({ name, version, title, work, onClose }: ExportFormProps) {
  const os = useOs()
  const people = useHostQuery('people.list', {})
  const [chosen, setChosen] = useState<string | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [path, setPath] = useState<string | null>(null)
  const [touched, setTouched] = useState(false)
  const exported = useHostQuery('models.get', { name, version })
  const warnings = exported.data ? exportWarnings(exported.data) : []
  const able = people.data?.filter((person) => person.keys.some((key) => key.usable)) ?? []
  const signer = able.find((person) => person.id === chosen) ?? able.find((person) => person.current) ?? able[0] ?? null
  const choosePlace = async () => {
    const place = await os.saveFile({
      title: 'Export signed bundle',
      defaultName: `${name}-${version}.drydock`,
      extension: 'drydock',
      filters: [{ name: 'Drydock bundle', extensions: ['drydock'] }]
    })
    if (place) setPath(place)
  }
  const submit = () => {
    setTouched(true)
    if (!signer || !passphrase || work.running) return
    void work.start({ name, version, person: signer.id, passphrase, ...(path === null ? {} : { path }) })
  }
  const ready = people.data !== undefined && signer !== null
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description={`${name}, version ${version}: model, card, evidence, policy results, lineage and log in one file, every byte under one signature.`}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!ready} loading={work.running}>
            Sign and export
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {people.error ? (
          <ErrorState compact error={people.error} onRetry={() => void people.refetch()} />
        ) : people.isPending ? (
          <Skeleton lines={3} className="p-0" />
        ) : !signer ? (
          <div className="flex items-start gap-3 rounded-md bg-warn-soft p-3">
            <p className="flex-1">Nobody in this workspace has a signing key on this machine. Make or add one; it takes a minute.</p>
            <Button onClick={() => navigate('settings', ['people'])}>Set up people and keys</Button>
          </div>
        ) : (
          <>
            <Warnings warnings={warnings} />
            <Field
              label="Signed by"
              hint={`Key ${signer.keys.find((key) => key.usable)?.fingerprint.slice(0, 16) ?? ''}. The name is what signatures carry; it is not an account.`}
            >
              <Select
                value={signer.id}
                onChange={setChosen}
                choices={able.map((person) => ({ value: person.id, label: person.name, hint: person.title || undefined }))}
              />
            </Field>
            {signer.demo && (
              <div>
                <Badge status="warn">Demo identity</Badge>{' '}
                <span className="text-muted">The bundle will say so. Its passphrase is: demonstration only</span>
              </div>
            )}
            <Field
              label="Passphrase of the key"
              hint="Opens the key file for this one signature; it is never stored."
              error={touched && !passphrase ? 'Type the passphrase of the key.' : null}
            >
              <PasswordInput value={passphrase} onChange={(event) => setPassphrase(event.target.value)} disabled={work.running} autoFocus />
            </Field>
            <Field label="Where" hint="A new file; nothing is ever overwritten. In the workspace it gets a number when the name is taken.">
              <PlaceInput
                place={path}
                inside={`exports/${name}-${version}.drydock`}
                disabled={work.running}
                onChoose={() => void choosePlace()}
              />
            </Field>
          </>
        )}
        {work.running && (
          <Progress value={work.latest?.fraction ?? null} label={work.latest?.stage ?? 'Opening the key'} onCancel={work.cancel} />
        )}
        {work.error ? <ErrorState compact error={work.error} /> : null}
      </div>
    </Dialog>
  )
}

/** What a reader of the bundle will stumble over. */
function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null
  return (
    <ul aria-label="Before it leaves" className="flex flex-col gap-1 rounded-md bg-warn-soft p-2">
      {warnings.map((warning) => (
        <li key={warning} className="flex items-start gap-2">
          <StatusIcon status="warn" className="mt-0.5" />
          <span>{warning}</span>
        </li>
      ))}
    </ul>
  )
}

interface PlaceInputProps {
  place: string | null
  /** Where it goes while nobody chose a place. */
  inside: string
  disabled: boolean
  onChoose: () => void
}

function PlaceInput({ place, inside, disabled, onChoose }: PlaceInputProps) {
  return (
    <div className="flex gap-2">
      <TextInput readOnly mono aria-label="File to write" value={place ? placeText(place) : `${inside} in this workspace`} />
      <Button onClick={onChoose} disabled={disabled}>
        Choose
      </Button>
    </div>
  )
}
