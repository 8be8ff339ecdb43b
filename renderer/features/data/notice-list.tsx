import { useState } from 'react'
import type { Notice } from '../../../main/model/dataset'
import { Button, StatusIcon, type Status } from '../../ui'

const statusOf: Record<Notice['severity'], Status> = { error: 'error', warning: 'warn', info: 'info' }
const STEP = 50

/** Notices of an import or its preview, the gravest first. */
export function NoticeList({ notices, title, empty }: { notices: readonly Notice[]; title: string; empty: string }) {
  const [shown, setShown] = useState(STEP)
  const rank = { error: 0, warning: 1, info: 2 }
  const ordered = [...notices].sort((a, b) => rank[a.severity] - rank[b.severity])
  return (
    <section>
      <h2 className="mb-1 text-caption font-medium">{title}</h2>
      {notices.length === 0 ? (
        <p className="text-caption text-muted">{empty}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {ordered.slice(0, shown).map((notice, index) => (
            <li key={index} className="flex items-start gap-1.5 text-caption" data-selectable>
              <StatusIcon status={statusOf[notice.severity]} className="mt-px" />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <span className="sr-only">{notice.severity}: </span>
                <span className="font-medium">{notice.title}</span> {notice.detail}
              </span>
            </li>
          ))}
        </ul>
      )}
      {notices.length > shown && (
        <Button size="sm" variant="ghost" onClick={() => setShown(shown + STEP)}>
          Show more of {notices.length}
        </Button>
      )}
    </section>
  )
}
