import { useState } from 'react'
import { useHostCommand } from '../../host'
import { Button, Dialog, Field, formatCount, showToast, TextInput } from '../../ui'

/** Sets or removes one tag on some runs. */
export function TagDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const [touched, setTouched] = useState(false)
  const setTag = useHostCommand('experiments.setTag')
  const error = touched && !key.trim() ? 'Give the tag a name.' : key.length > 250 ? 'At most 250 characters.' : null
  const apply = async (text: string | null) => {
    setTouched(true)
    if (!key.trim() || key.length > 250) return
    let done = 0
    for (const id of ids) if ((await setTag.run({ id, key: key.trim(), value: text })) !== undefined) done++
    if (done > 0)
      showToast({ status: 'ok', title: `${text === null ? 'Removed' : 'Set'} the tag ${key.trim()} on ${formatCount(done, 'run')}.` })
    if (done === ids.length) onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={ids.length === 1 ? 'Tag the run' : `Tag ${formatCount(ids.length, 'run')}`}
      description="Tags can be used in filters: tags.team = 'credit'."
      onSubmit={() => void apply(value)}
      footer={
        <>
          <Button onClick={() => void apply(null)} disabled={!key.trim()}>
            Remove the tag
          </Button>
          <Button type="submit" variant="primary" loading={setTag.busy}>
            Set the tag
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Tag" error={error}>
          <TextInput autoFocus value={key} onChange={(event) => setKey(event.target.value)} />
        </Field>
        <Field label="Value" optional>
          <TextInput value={value} onChange={(event) => setValue(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  )
}
