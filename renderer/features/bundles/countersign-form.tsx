import { PenLine } from 'lucide-react'
import { placeText } from '../../../main/model/place'
import { Button, Checkbox, ErrorState, Field, Panel, Select, TextArea, TextInput } from '../../ui'
import type { DecisionDraft } from './bundles-store'
import { DecisionChoice } from './decision-choice'
import { KeyFields } from './key-fields'
import { SignedContent } from './signed-content'
import { useCountersign, type Countersigning, type Key } from './use-countersign'
import type { Asked } from './asked'
import type { Reviewed } from './use-review'

const meanings: readonly { value: DecisionDraft['meaning']; label: string; hint: string }[] = [
  { value: 'reviewer', label: 'Reviewer', hint: 'I examined the evidence.' },
  { value: 'approver', label: 'Approver', hint: 'I answer for the use of the model.' },
  { value: 'release', label: 'Release', hint: 'I let it into operation.' }
]

export interface CountersignFormProps {
  reviewed: Reviewed
  asked: Asked
  keys: readonly Key[]
  /** With the bundle that carries the decision: this one, or a copy elsewhere. */
  onSigned: (path: string) => void
  onMakeKey: () => void
}

/** Key, person, meaning, decision and statement, with all that is signed beside it. */
export function CountersignForm({ reviewed, asked, keys, onSigned, onMakeKey }: CountersignFormProps) {
  const signing = useCountersign(reviewed, asked, keys, onSigned)
  const { draft, key, busy, submit } = signing
  return (
    <form
      noValidate
      aria-label="Countersign"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,400px),1fr))] items-start gap-4 p-4"
    >
      <Panel title="Your decision">
        <div className="flex flex-col gap-3">
          <KeyFields signing={signing} keys={keys} author={reviewed.report.signer?.keyFingerprint ?? null} onMakeKey={onMakeKey} />
          <DecisionFields signing={signing} />
          <UnknownAuthor signing={signing} />
          <Place signing={signing} path={reviewed.report.path} />
          <SigningError signing={signing} />
        </div>
      </Panel>
      <div className="flex min-w-0 flex-col gap-3">
        <SignedContent reviewed={reviewed} draft={draft} fingerprint={key?.fingerprint ?? null} />
        <div className="flex items-center justify-end gap-3">
          <Button type="submit" variant="primary" size="lg" icon={PenLine} loading={busy}>
            {draft.decision === 'reject' ? 'Sign the rejection' : draft.decision === 'approve' ? 'Sign the approval' : 'Sign the decision'}
          </Button>
        </div>
      </div>
    </form>
  )
}

/** Who decides, as what, and in which words. */
function DecisionFields({ signing: { draft, change, required } }: { signing: Countersigning }) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Printed name" error={required(draft.name.trim(), 'Give your printed name.')}>
          <TextInput value={draft.name} maxLength={120} onChange={(event) => change({ name: event.target.value })} />
        </Field>
        <Field label="You sign as">
          <Select value={draft.meaning} onChange={(meaning) => change({ meaning })} choices={meanings} />
        </Field>
      </div>
      <DecisionChoice
        value={draft.decision}
        onChange={(decision) => change({ decision })}
        error={required(draft.decision, 'Approve or reject.')}
      />
      <Field
        label="Statement"
        hint="What you checked and decided, in your words. You sign this text."
        error={required(draft.statement.trim(), 'Write what you checked and decided; you sign this sentence.')}
      >
        <TextArea rows={5} maxLength={10_000} value={draft.statement} onChange={(event) => change({ statement: event.target.value })} />
      </Field>
    </>
  )
}

/** A decision about a bundle of a stranger lends him the signer's name, so it is asked for. */
function UnknownAuthor({ signing: { unknownAuthor, required } }: { signing: Countersigning }) {
  if (!unknownAuthor) return null
  const { accepted, accept } = unknownAuthor
  return (
    <Field
      label="The author"
      hint="Nothing that you gave says who made this bundle. Choose whom you trust, above, or say that you sign all the same."
      error={required(accepted, 'Choose whom you trust, or say that you sign without knowing the author.')}
    >
      <Checkbox checked={accepted} onChange={accept} label="I sign although I do not know who made this bundle" />
    </Field>
  )
}

/** Into the bundle that is open, or into a copy of it. */
function Place({ signing: { draft, change, chooseCopy }, path }: { signing: Countersigning; path: string }) {
  return (
    <Field
      label="Where"
      hint={
        draft.copyTo === null
          ? 'One file is added to the bundle. On a medium that cannot be written to, let a copy carry the decision.'
          : 'The bundle that you opened stays as it is; a new file carries all of it and your decision.'
      }
    >
      <div className="flex gap-2">
        <TextInput readOnly mono aria-label="Where the decision goes" value={placeText(draft.copyTo ?? path)} />
        {draft.copyTo === null ? (
          <Button onClick={() => void chooseCopy()}>Into a copy</Button>
        ) : (
          <Button onClick={() => change({ copyTo: null })}>Into the bundle</Button>
        )}
      </div>
    </Field>
  )
}

function SigningError({ signing: { draft, error, needsCopy, chooseCopy } }: { signing: Countersigning }) {
  if (!error) return null
  return (
    <ErrorState
      compact
      title="Nothing was signed"
      error={error}
      action={
        needsCopy &&
        draft.copyTo === null && (
          <Button size="sm" onClick={() => void chooseCopy()}>
            Write a copy elsewhere
          </Button>
        )
      }
    />
  )
}
