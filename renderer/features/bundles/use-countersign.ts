import { useState } from 'react'
import { knownPlace } from '../../../main/model/place'
import type { HostOutput } from '../../host'
import { useHostCommand, useOs } from '../../host'
import { describeError } from '../../ui'
import { changeDecision, emptyDraft, forgetDecision, useBundlesState, type DecisionDraft } from './bundles-store'
import { trustOf, type Asked } from './asked'
import type { Reviewed } from './use-review'
import { isAuthorTrusted } from './verdict'

export type Key = HostOutput<'bundles.keys'>[number]
export const placeOfKey = (key: Pick<Key, 'fingerprint'>): string => knownPlace('key', key.fingerprint)

export interface Countersigning {
  draft: DecisionDraft
  change: (part: Partial<DecisionDraft>) => void
  /** Used for one signature and not kept. */
  passphrase: string
  setPassphrase: (passphrase: string) => void
  /** Nothing that was given vouches for the author: who signs all the same says so. */
  unknownAuthor: { accepted: boolean; accept: (accepted: boolean) => void } | null
  /** The chosen key, when it is one of this machine's. */
  key: Key | null
  chooseKey: (keyPath: string) => void
  chooseKeyFile: () => Promise<void>
  chooseCopy: () => Promise<void>
  /** The text for a field that must be filled in and is not, once somebody tried to sign. */
  required: (ok: unknown, text: string) => string | null
  submit: () => void
  busy: boolean
  error: unknown
  /** The bundle itself cannot be written to. */
  needsCopy: boolean
}

/** A decision that is being written over a bundle, and its signature. `onSigned` gets the bundle that carries it. */
export function useCountersign(reviewed: Reviewed, asked: Asked, keys: readonly Key[], onSigned: (path: string) => void): Countersigning {
  const os = useOs()
  const draft = useBundlesState((state) => state.drafts[reviewed.path]) ?? emptyDraft
  const change = (part: Partial<DecisionDraft>) => changeDecision(reviewed.path, part)
  const [passphrase, setPassphrase] = useState('')
  const [touched, setTouched] = useState(false)
  const [anyAuthor, setAnyAuthor] = useState(false)
  const trusted = isAuthorTrusted(reviewed.report)
  const sign = useHostCommand('bundles.countersign', {
    inline: true,
    success: (_output, input) =>
      `${input.decision === 'approve' ? 'Your approval' : 'Your rejection'} is part of the ${input.copyTo === undefined ? 'bundle' : 'copy'}.`,
    onSuccess: () => {
      forgetDecision(reviewed.path)
      onSigned(draft.copyTo ?? reviewed.path)
    }
  })
  const chooseKey = (keyPath: string) => {
    const owner = keys.find((key) => placeOfKey(key) === keyPath)
    change({ keyPath, ...(owner && (!draft.name || keys.some((key) => key.name === draft.name)) ? { name: owner.name } : {}) })
  }
  const chooseKeyFile = async () => {
    const files = await os.openFiles({ title: 'Your private key file', filters: [{ name: 'Key file', extensions: ['pem', 'key'] }] })
    if (files?.[0]) chooseKey(files[0])
  }
  const chooseCopy = async () => {
    const place = await os.saveFile({
      title: 'A copy of the bundle with your decision',
      defaultName: `${reviewed.report.subjectName ?? 'bundle'}-reviewed.drydock`,
      extension: 'drydock',
      filters: [{ name: 'Drydock bundle', extensions: ['drydock'] }]
    })
    if (place) change({ copyTo: place })
  }
  const submit = () => {
    setTouched(true)
    const { keyPath, name, meaning, decision, statement, copyTo } = draft
    if (!keyPath || !passphrase || !name.trim() || !decision || !statement.trim() || (!trusted && !anyAuthor) || sign.busy) return
    void sign.run({
      path: reviewed.path,
      bundleDigest: reviewed.report.bundleDigest ?? undefined,
      keyPath,
      passphrase,
      name: name.trim(),
      meaning,
      decision,
      statement: statement.trim(),
      trust: trustOf(asked),
      ...(trusted ? {} : { anyAuthor: true }),
      ...(copyTo === null ? {} : { copyTo })
    })
  }
  const details = sign.error ? describeError(sign.error).details : undefined
  return {
    draft,
    change,
    passphrase,
    setPassphrase,
    unknownAuthor: trusted ? null : { accepted: anyAuthor, accept: setAnyAuthor },
    key: keys.find((key) => placeOfKey(key) === draft.keyPath) ?? null,
    chooseKey,
    chooseKeyFile,
    chooseCopy,
    required: (ok, text) => (touched && !ok ? text : null),
    submit,
    busy: sign.busy,
    error: sign.error,
    needsCopy: typeof details === 'object' && details !== null && 'place' in details && details.place === 'bundle'
  }
}
