import { KeyValueList, NO_VALUE, Panel } from '../../ui'
import type { DecisionDraft } from './bundles-store'
import { meaningWords } from './decisions-tab'
import type { Reviewed } from './use-review'

export interface SignedContentProps {
  reviewed: Reviewed
  draft: DecisionDraft
  /** Known only for a listed key. */
  fingerprint: string | null
}

/** Every field of the statement that the key signs, before it signs. */
export function SignedContent({ reviewed, draft, fingerprint }: SignedContentProps) {
  const { report } = reviewed
  const missing = <span className="text-muted">{NO_VALUE}</span>
  return (
    <Panel title="What you sign" hint="all of it, as an in-toto statement">
      <div data-selectable>
        <KeyValueList
          labelWidth={124}
          items={[
            { label: 'Bundle', value: report.subjectName ?? missing },
            { label: 'Root of all files', value: report.root ?? missing, mono: true },
            { label: 'SHA-256 of model.sig', value: report.bundleDigest ?? missing, mono: true },
            { label: 'Decision', value: draft.decision === null ? missing : draft.decision === 'approve' ? 'approve' : 'reject' },
            { label: 'Meaning', value: meaningWords[draft.meaning] },
            { label: 'Printed name', value: draft.name.trim() || missing },
            {
              label: 'Statement',
              value: draft.statement.trim() ? <span className="whitespace-pre-wrap">{draft.statement.trim()}</span> : missing
            },
            {
              label: 'Decisions there',
              value: `${report.attestations.filter(({ valid, decision }) => valid && decision).length}, each by its digest, so that taking one out is seen`
            },
            { label: 'Time', value: "this computer's clock at the moment of signing, marked as not vouched for" },
            { label: 'Public key', value: fingerprint ?? 'the public half of the key you choose', mono: fingerprint !== null }
          ]}
        />
        <p className="mt-2 text-caption text-muted">
          It is added to the bundle as a file of its own under attestations/. No other byte changes and the author&apos;s signature stays
          valid. The bundle is verified before and after.
        </p>
      </div>
    </Panel>
  )
}
