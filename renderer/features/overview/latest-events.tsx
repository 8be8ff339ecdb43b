import { useEventWords } from '../../areas'
import type { HostOutput } from '../../host'
import { Link, Panel, TimeText } from '../../ui'
import { describeEvent } from './describe-event'
import { Nothing } from './newest'

/** What happened last in the workspace. */
export function LatestEvents({ events }: { events: HostOutput<'workspace.overview'>['events'] }) {
  const words = useEventWords()
  return (
    <Panel
      title="Latest events"
      hint="who did what, in a record whose entries are chained by hash"
      actions={
        <Link area="settings" path={['record']}>
          Whole record
        </Link>
      }
      flush
    >
      {events.length === 0 ? (
        <div className="p-3">
          <Nothing>Nothing happened in this workspace yet.</Nothing>
        </div>
      ) : (
        <ul>
          {events.map((event) => (
            <li key={event.index} className="flex min-h-8 items-center gap-3 border-b px-3 last:border-b-0">
              <span className="w-40 shrink-0 text-caption text-muted">
                <TimeText value={event.at} relative />
              </span>
              <span className="min-w-0 flex-1 truncate">{describeEvent(event, words)}</span>
              <span className="max-w-60 shrink-0 truncate text-caption text-muted">{event.actor}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
