import type { ModelVersionDetail, StageSignature } from '../../../main/model/registry'
import { Badge, HashChip, TimeText } from '../../ui'
import { StageBadge } from './model-badges'

/** Who moved the version where, when and why; newest first. Lines are only ever added. */
export function HistoryTab({ model }: { model: ModelVersionDetail }) {
  const newestFirst = [...model.history].reverse()
  return (
    <ol aria-label="Stage history" className="mx-auto flex max-w-220 flex-col p-4">
      {newestFirst.map((change) => (
        <li key={`${change.at} ${change.to}`} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b py-3 last:border-b-0">
          <span className="w-44 shrink-0 text-muted">
            <TimeText value={change.at} />
          </span>
          <span className="flex w-56 shrink-0 items-center gap-2">
            {change.from && (
              <>
                <StageBadge stage={change.from} plain />
                <span aria-hidden className="text-muted">
                  {'\u2192'}
                </span>
                <span className="sr-only">became</span>
              </>
            )}
            <StageBadge stage={change.to} plain />
          </span>
          <span className="min-w-40 flex-1" data-selectable>
            {change.reason}
            <span className="block text-caption text-muted">by {change.by}</span>
            {change.signature && <DecisionSignature signature={change.signature} />}
          </span>
        </li>
      ))}
    </ol>
  )
}

function DecisionSignature({ signature: { state, fingerprint } }: { signature: StageSignature }) {
  if (state === 'unsigned')
    return (
      <Badge status="neutral" tooltip="It was decided before decisions were signed.">
        Unsigned
      </Badge>
    )
  if (state === 'altered')
    return (
      <Badge
        status="error"
        tooltip="The signature is not one over this decision by a key of who decided. Compare the record with a bundle."
      >
        Changed since signing
      </Badge>
    )
  return (
    <span className="mt-1 flex items-center gap-2">
      <Badge status="ok" tooltip="The signature over this decision holds.">
        Signed
      </Badge>
      {fingerprint && <HashChip hash={fingerprint} />}
    </span>
  )
}
