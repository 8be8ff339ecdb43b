import { useState } from 'react'
import { Button, Dialog, ErrorState, Field, TextInput } from '../../ui'

export interface ReasonDialogProps {
  title: string
  /** What will be so from now on. */
  text: string
  action: string
  work: { busy: boolean; error: unknown }
  onSubmit: (reason: string) => void
  onClose: () => void
}

/** Asks why before something ends for good; the reason goes into the record. */
export function ReasonDialog({ title, text, action, work, onSubmit, onClose }: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const submit = () => {
    setTouched(true)
    if (reason.trim()) onSubmit(reason.trim())
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={text}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="danger" loading={work.busy}>
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Reason" hint="Kept for good with your name and the time." error={touched && !reason.trim() ? 'Say why.' : null}>
          <TextInput value={reason} maxLength={2000} onChange={(event) => setReason(event.target.value)} autoFocus />
        </Field>
        {work.error ? <ErrorState compact error={work.error} /> : null}
      </div>
    </Dialog>
  )
}
