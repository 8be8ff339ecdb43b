import { PenLine, ThumbsDown, ThumbsUp } from 'lucide-react'
import type { Attestation, SignatureMeaning } from '../../../main/model/bundle'
import { Badge, Button, EmptyState, HashChip, Section, StatusIcon, TimeText } from '../../ui'
import type { Reviewed } from './use-review'

export const meaningWords: Record<SignatureMeaning, string> = {
  author: 'author',
  reviewer: 'reviewer',
  approver: 'approver',
  release: 'release'
}

/** What people have decided about the bundle, and the other statements that travel with it. */
export function DecisionsTab({ reviewed, onCountersign }: { reviewed: Reviewed; onCountersign: () => void }) {
  const { attestations, verdict } = reviewed.report
  const own = new Set(reviewed.report.decisions.own?.map(({ keyFingerprint }) => keyFingerprint))
  const decisions = attestations.filter((each) => each.decision !== null)
  const others = attestations.filter((each) => each.decision === null)
  if (attestations.length === 0)
    return (
      <EmptyState
        icon={PenLine}
        title="Nobody has decided about this bundle yet"
        text="A decision is a signed statement of one person, added to the bundle without touching the author's signature."
        action={
          verdict !== 'altered' && (
            <Button variant="primary" icon={PenLine} onClick={onCountersign}>
              Countersign
            </Button>
          )
        }
      />
    )
  return (
    <div className="mx-auto flex max-w-240 flex-col gap-4 p-4">
      {verdict === 'altered' && (
        <p className="flex items-start gap-2 rounded-md bg-error-soft p-2">
          <StatusIcon status="error" className="mt-0.5" />
          The bundle is not what was signed. Whatever was decided was decided about other bytes.
        </p>
      )}
      <Section title={`Decisions (${decisions.length})`} hint="each signed by the person's own key">
        {decisions.length === 0 ? (
          <p className="text-muted">Nobody has approved or rejected it yet.</p>
        ) : (
          <ul aria-label="Decisions" className="flex flex-col gap-2">
            {decisions.map((each) => (
              <Decision key={each.file} attestation={each} isOwn={each.signer !== null && own.has(each.signer.keyFingerprint)} />
            ))}
          </ul>
        )}
      </Section>
      {others.length > 0 && (
        <Section title={`Other attestations (${others.length})`}>
          <ul className="flex flex-col gap-2">
            {others.map((each) => (
              <li key={each.file} className="rounded-md border p-3" data-selectable>
                <p className="flex flex-wrap items-center gap-2">
                  <ValidBadge attestation={each} />
                  <span className="font-mono text-caption [overflow-wrap:anywhere]">{each.file}</span>
                </p>
                {each.predicateType && <p className="text-caption text-muted">{each.predicateType}</p>}
                {each.problem && <p className="text-muted">{each.problem}</p>}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}

function ValidBadge({ attestation }: { attestation: Attestation }) {
  if (attestation.valid) return <Badge status="ok">Signature holds</Badge>
  // Anybody may put a file here, so one that does not hold is a note and no alarm.
  return (
    <Badge status={attestation.earlier ? 'neutral' : 'warn'} tooltip={attestation.problem ?? undefined}>
      {attestation.earlier ? 'About an earlier export' : 'Set aside'}
    </Badge>
  )
}

function Decision({ attestation, isOwn }: { attestation: Attestation; isOwn: boolean }) {
  const approved = attestation.decision === 'approve'
  return (
    <li className="rounded-md border p-3" data-selectable>
      <div className="flex flex-wrap items-center gap-2">
        <Badge status={!attestation.valid ? 'neutral' : approved ? 'ok' : 'error'} icon={approved ? ThumbsUp : ThumbsDown}>
          {approved ? 'Approved' : 'Rejected'}
        </Badge>
        <h3 className="font-semibold">{attestation.name ?? 'No name'}</h3>
        <span className="text-muted">as {attestation.meaning === null ? 'nothing stated' : meaningWords[attestation.meaning]}</span>
        <span className="ml-auto flex flex-wrap items-center gap-2">
          {attestation.signedByAuthor && (
            <Badge
              status="warn"
              tooltip="The key that signed the bundle also signed this decision. It does not count as an independent review."
            >
              Signed by the author
            </Badge>
          )}
          <ValidBadge attestation={attestation} />
        </span>
      </div>
      {attestation.problem && <p className="mt-1 text-muted">{attestation.problem}</p>}
      {attestation.statement && <p className="mt-2 [overflow-wrap:anywhere] whitespace-pre-wrap">{attestation.statement}</p>}
      <p className="mt-2 flex flex-wrap items-center gap-2 text-caption text-muted">
        {attestation.time && <TimeText value={attestation.time} />}
        {attestation.clock === 'untrusted' && (
          <Badge status="neutral" tooltip={attestation.clockNote}>
            Clock not vouched for
          </Badge>
        )}
        {attestation.signer && (
          <>
            <span>key</span>
            <HashChip hash={attestation.signer.keyFingerprint} label="Key fingerprint" />
            <span>
              {attestation.signer.certificate && `${attestation.signer.certificate.subject}, `}
              {attestation.signer.anchoredBy !== 'none' ? 'trusted' : isOwn ? 'your own' : 'not among those you trust'}
            </span>
          </>
        )}
      </p>
    </li>
  )
}
