import { useState } from 'react'
import type { Notice } from '../../../main/model/dataset'
import { Button, StatusIcon, type Status } from '../../ui'

const statusOf: Record<Notice['severity'], Status> = { error: 'error', warning: 'warn', info: 'info' }
const STEP = 50

/** Notices of an import or its preview, the gravest first. */
export function NoticeList({ notices, title, empty }: { notices: readonly Notice[]; title: string; empty: string }) {
  const [shown, setShown] = useState(STEP)
  const rank = { error: 0, warning: 1, info: 2 }
  const groups = inGroups([...notices].sort((a, b) => rank[a.severity] - rank[b.severity]))
  return (
    <section>
      <h2 className="mb-1 text-caption font-medium">{title}</h2>
      {notices.length === 0 ? (
        <p className="text-caption text-muted">{empty}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {groups.slice(0, shown).map((group, index) => (
            <NoticeGroup key={index} group={group} />
          ))}
        </ul>
      )}
      {groups.length > shown && (
        <Button size="sm" variant="ghost" onClick={() => setShown(shown + STEP)}>
          Show more of {groups.length}
        </Button>
      )}
    </section>
  )
}

/** Notices of one title that follow one another: the first speaks for all, as a list of twenty cells says no more than its count. */
function inGroups(notices: readonly Notice[]): Notice[][] {
  const groups: Notice[][] = []
  for (const notice of notices) {
    const last = groups.at(-1)
    if (last && last[0]?.title === notice.title && last[0].severity === notice.severity) last.push(notice)
    else groups.push([notice])
  }
  return groups
}

function NoticeGroup({ group: [first, ...others] }: { group: Notice[] }) {
  if (!first) return null
  return (
    <li className="flex items-start gap-1.5 text-caption" data-selectable>
      <StatusIcon status={statusOf[first.severity]} className="mt-px" />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <span className="sr-only">{first.severity}: </span>
        <span className="font-medium">{first.title}</span> {first.detail}
        {others.length > 0 && (
          <details>
            <summary className="w-fit rounded-sm text-accent">{others.length.toLocaleString('en-US')} more like this</summary>
            {others.map((notice, index) => (
              <p key={index}>{notice.detail}</p>
            ))}
          </details>
        )}
      </div>
    </li>
  )
}
