import type { ModelVersionDetail } from '../../../main/model/registry'
import { TimeText } from '../../ui'
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
          </span>
        </li>
      ))}
    </ol>
  )
}
