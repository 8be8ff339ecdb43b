import { FileKey, KeyRound, PenLine, ThumbsDown, ThumbsUp } from 'lucide-react'
import { useState } from 'react'
import type { HostOutput } from '../../host'
import { useHostCommand, useOs } from '../../host'
import { Badge, Button, classNames, describeError, ErrorState, Field, Panel, PasswordInput, Select, TextArea, TextInput } from '../../ui'
import { changeDecision, emptyDraft, forgetDecision, useBundlesState, type DecisionDraft } from './bundles-store'
import { SignedContent } from './signed-content'
import type { Reviewed } from './use-review'

type Key = HostOutput<'bundles.keys'>[number]

const meanings: readonly { value: DecisionDraft['meaning']; label: string; hint: string }[] = [
  { value: 'reviewer', label: 'Reviewer', hint: 'I examined the evidence.' },
  { value: 'approver', label: 'Approver', hint: 'I answer for the use of the model.' },
  { value: 'release', label: 'Release', hint: 'I let it into operation.' }
]

export interface CountersignFormProps {
  reviewed: Reviewed
  keys: readonly Key[]
  /** With the bundle that carries the decision: this one, or a copy elsewhere. */
  onSigned: (path: string) => void
  onMakeKey: () => void
}

/** Key, person, meaning, decision and statement, with all that is signed beside it. */
export function CountersignForm({ reviewed, keys, onSigned, onMakeKey }: CountersignFormProps) {
  const os = useOs()
  const draft = useBundlesState((state) => state.drafts[reviewed.path]) ?? emptyDraft
  const change = (part: Partial<DecisionDraft>) => changeDecision(reviewed.path, part)
  const [passphrase, setPassphrase] = useState('')
  const [touched, setTouched] = useState(false)
  const sign = useHostCommand('bundles.countersign', {
    inline: true,
    success: (_output, input) =>
      `${input.decision === 'approve' ? 'Your approval' : 'Your rejection'} is part of the ${input.copyTo === undefined ? 'bundle' : 'copy'}.`,
    onSuccess: ({ path }) => {
      forgetDecision(reviewed.path)
      onSigned(path)
    }
  })
  const details = sign.error ? describeError(sign.error).details : undefined
  const needsCopy = typeof details === 'object' && details !== null && 'place' in details && details.place === 'bundle'
  const chooseCopy = async () => {
    const place = await os.saveFile({
      title: 'A copy of the bundle with your decision',
      defaultName: `${reviewed.report.subjectName ?? 'bundle'}-reviewed.drydock`,
      filters: [{ name: 'Drydock bundle', extensions: ['drydock'] }]
    })
    if (place) change({ copyTo: place.endsWith('.drydock') ? place : `${place}.drydock` })
  }
  const listed = keys.find((key) => key.keyPath === draft.keyPath) ?? null
  const chooseKey = (keyPath: string) => {
    const owner = keys.find((key) => key.keyPath === keyPath)
    change({ keyPath, ...(owner && (!draft.name || keys.some((key) => key.name === draft.name)) ? { name: owner.name } : {}) })
  }
  const chooseKeyFile = async () => {
    const files = await os.openFiles({ title: 'Your private key file', filters: [{ name: 'Key file', extensions: ['pem', 'key'] }] })
    if (files?.[0]) chooseKey(files[0])
  }
  const choices = [
    ...keys.map((key) => ({
      value: key.keyPath,
      label: `${key.name}, key ${key.fingerprint.slice(0, 8)}`,
      hint: key.demo ? 'Demo identity' : undefined
    })),
    ...(draft.keyPath && !listed ? [{ value: draft.keyPath, label: draft.keyPath }] : [])
  ]
  const isAuthor = listed !== null && listed.fingerprint === reviewed.report.signer?.keyFingerprint
  const required = (ok: boolean, text: string) => (touched && !ok ? text : null)
  const submit = () => {
    setTouched(true)
    const { keyPath, name, meaning, decision, statement, copyTo } = draft
    if (!keyPath || !passphrase || !name.trim() || !decision || !statement.trim() || sign.busy) return
    void sign.run({
      path: reviewed.path,
      bundleDigest: reviewed.report.bundleDigest ?? undefined,
      keyPath,
      passphrase,
      name: name.trim(),
      meaning,
      decision,
      statement: statement.trim(),
      ...(copyTo === null ? {} : { copyTo })
    })
  }
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
          <Field
            label="Your key"
            hint="The private half stays in its file; the bundle gets the signature and the public half."
            error={required(draft.keyPath !== null, 'Choose the key that signs, or make one.')}
          >
            <Select
              value={draft.keyPath}
              onChange={chooseKey}
              choices={choices}
              placeholder={choices.length ? 'Choose' : 'There is no key on this machine yet'}
            />
          </Field>
          <div className="flex flex-wrap gap-2">
            <Button size="sm" icon={FileKey} onClick={() => void chooseKeyFile()}>
              Choose a key file
            </Button>
            <Button size="sm" icon={KeyRound} onClick={onMakeKey}>
              Make a key
            </Button>
            {listed?.demo && (
              <Badge status="warn" tooltip="Its passphrase is: demonstration only. A decision signed with it decides nothing.">
                Demo identity
              </Badge>
            )}
          </div>
          {isAuthor && (
            <p className="rounded-md bg-warn-soft p-2">
              This key also signed the bundle. Your decision will be marked as the author&apos;s own and does not count as an independent
              review.
            </p>
          )}
          <Field
            label="Passphrase of the key"
            hint="Used for this one signature and not kept."
            error={required(Boolean(passphrase), 'Type the passphrase of the key.')}
          >
            <PasswordInput value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
          </Field>
          <div className="grid grid-cols-2 gap-3">
            <Field label="Printed name" error={required(Boolean(draft.name.trim()), 'Give your printed name.')}>
              <TextInput value={draft.name} maxLength={120} onChange={(event) => change({ name: event.target.value })} />
            </Field>
            <Field label="You sign as">
              <Select value={draft.meaning} onChange={(meaning) => change({ meaning })} choices={meanings} />
            </Field>
          </div>
          <DecisionChoice
            value={draft.decision}
            onChange={(decision) => change({ decision })}
            error={required(draft.decision !== null, 'Approve or reject.')}
          />
          <Field
            label="Statement"
            hint="What you checked and decided, in your words. You sign this text."
            error={required(Boolean(draft.statement.trim()), 'Write what you checked and decided; you sign this sentence.')}
          >
            <TextArea rows={5} maxLength={10_000} value={draft.statement} onChange={(event) => change({ statement: event.target.value })} />
          </Field>
          <Field
            label="Where"
            hint={
              draft.copyTo === null
                ? 'One file is added to the bundle. On a medium that cannot be written to, let a copy carry the decision.'
                : 'The bundle that you opened stays as it is; a new file carries all of it and your decision.'
            }
          >
            <div className="flex gap-2">
              <TextInput readOnly mono aria-label="Where the decision goes" value={draft.copyTo ?? reviewed.path} />
              {draft.copyTo === null ? (
                <Button onClick={() => void chooseCopy()}>Into a copy</Button>
              ) : (
                <Button onClick={() => change({ copyTo: null })}>Into the bundle</Button>
              )}
            </div>
          </Field>
          {sign.error ? (
            <ErrorState
              compact
              title="Nothing was signed"
              error={sign.error}
              action={
                needsCopy &&
                draft.copyTo === null && (
                  <Button size="sm" onClick={() => void chooseCopy()}>
                    Write a copy elsewhere
                  </Button>
                )
              }
            />
          ) : null}
        </div>
      </Panel>
      <div className="flex min-w-0 flex-col gap-3">
        <SignedContent reviewed={reviewed} draft={draft} fingerprint={listed?.fingerprint ?? null} />
        <div className="flex items-center justify-end gap-3">
          <Button type="submit" variant="primary" size="lg" icon={PenLine} loading={sign.busy}>
            {draft.decision === 'reject' ? 'Sign the rejection' : draft.decision === 'approve' ? 'Sign the approval' : 'Sign the decision'}
          </Button>
        </div>
      </div>
    </form>
  )
}

interface DecisionChoiceProps {
  value: DecisionDraft['decision']
  onChange: (decision: 'approve' | 'reject') => void
  error: string | null
}

function DecisionChoice({ value, onChange, error }: DecisionChoiceProps) {
  const choices = [
    { decision: 'approve' as const, label: 'Approve', icon: ThumbsUp, active: 'border-ok bg-ok-soft text-ok' },
    { decision: 'reject' as const, label: 'Reject', icon: ThumbsDown, active: 'border-error bg-error-soft text-error' }
  ]
  return (
    <fieldset>
      <legend className="mb-1 text-caption font-medium">Decision</legend>
      <div className="flex gap-2">
        {choices.map(({ decision, label, icon: Icon, active }) => (
          <label
            key={decision}
            className={classNames(
              'flex h-8 flex-1 items-center justify-center gap-2 rounded-md border font-medium has-focus-visible:outline-2 has-focus-visible:outline-focus',
              value === decision ? active : 'border-line-strong/60 hover:bg-surface-2'
            )}
          >
            <input
              type="radio"
              name="decision"
              value={decision}
              checked={value === decision}
              onChange={() => onChange(decision)}
              className="size-3.5 accent-current"
            />
            <Icon aria-hidden className="size-3.5" /> {label}
          </label>
        ))}
      </div>
      {error && <p className="mt-1 text-caption text-error">{error}</p>}
    </fieldset>
  )
}
