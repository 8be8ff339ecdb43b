import { useState } from 'react'
import { isSha256 } from '../../../main/model/reference'
import { Button, Dialog, Field, TextArea } from '../../ui'

export interface FingerprintDialogProps {
  /** The fingerprint that the bundle states, for comparison only. */
  signer: string | null
  onClose: () => void
  onChoose: (fingerprint: string) => void
}

/** Spaces, colons and capitals do not matter: people read fingerprints out in groups. */
export const normaliseFingerprint = (text: string): string =>
  text
    .replace(/^sha256:/i, '')
    .replace(/[\s:-]/g, '')
    .toLowerCase()

/** Takes a fingerprint that the person got from the signer, for instance over the telephone. */
export function FingerprintDialog({ signer, onClose, onChoose }: FingerprintDialogProps) {
  const [text, setText] = useState('')
  const [touched, setTouched] = useState(false)
  const fingerprint = normaliseFingerprint(text)
  const isWhole = isSha256(fingerprint)
  const error =
    text && !/^[0-9a-f]*$/.test(fingerprint)
      ? 'A fingerprint has only the digits 0 to 9 and the letters a to f.'
      : (touched || fingerprint.length > 64) && !isWhole
        ? `A fingerprint has 64 digits; this one has ${fingerprint.length}.`
        : null
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Trust a fingerprint"
      description="The SHA-256 of the signer's public key, given to you by the signer and not by this bundle."
      onSubmit={() => {
        setTouched(true)
        if (isWhole) onChoose(fingerprint)
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            Trust this fingerprint
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Fingerprint" hint="64 hexadecimal digits; spaces and colons are ignored." error={error}>
          <TextArea mono rows={3} value={text} onChange={(event) => setText(event.target.value)} />
        </Field>
        {signer && (
          <p className="text-caption text-muted">
            This bundle was signed by the key <span className="font-mono [overflow-wrap:anywhere] select-text">{signer}</span>. Copying it
            from here proves nothing; compare it with what the signer told you.
          </p>
        )}
      </div>
    </Dialog>
  )
}
