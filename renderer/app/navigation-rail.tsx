import { Home } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { areaGroups, type AreaGroup, type AreaManifest } from '../areas'
import { Tooltip, classNames, hrefTo, KeyHint, useLocation } from '../ui'
import { areaOf, areasIn, keysOfGroup } from './areas'

export interface NavigationRailProps {
  hasWorkspace: boolean
  runningJobs: number
}

/** The areas at the left, in groups. Under 900 px only their icons, with the names in tooltips. */
export function NavigationRail({ hasWorkspace, runningJobs }: NavigationRailProps) {
  const present = areaOf(useLocation().area)
  const entry = (area: AreaManifest) => (
    <Entry
      key={area.id}
      href={hrefTo(area.id)}
      icon={area.icon}
      title={area.title}
      current={present === area}
      mark={area.mark?.({ jobs: runningJobs })}
    />
  )
  return (
    <nav
      aria-label="Areas"
      data-panel
      tabIndex={-1}
      className="flex w-40 shrink-0 flex-col gap-px overflow-y-auto border-r bg-surface-0 p-2 outline-none max-[900px]:w-12"
    >
      {!hasWorkspace && <Entry href="#/" icon={Home} title="Start" current={!present.withoutWorkspace} />}
      {areasIn('top', hasWorkspace).map(entry)}
      {areaGroups.map((group) => {
        const members = areasIn(group, hasWorkspace)
        return (
          members.length > 0 && (
            <Group key={group} name={group}>
              {members.map(entry)}
            </Group>
          )
        )
      })}
      <div className="mt-auto flex flex-col gap-px pt-2">{areasIn('foot', hasWorkspace).map(entry)}</div>
    </nav>
  )
}

function Group({ name, children }: { name: AreaGroup; children: ReactNode }) {
  const id = useId()
  return (
    <div role="group" aria-labelledby={id} className="flex flex-col gap-px max-[900px]:mt-1 max-[900px]:border-t max-[900px]:pt-1">
      <Tooltip side="right" content={<KeyHint keys={keysOfGroup(name)} />}>
        <div id={id} className="mt-2 px-2 pb-0.5 text-micro text-muted max-[900px]:sr-only">
          {name}
        </div>
      </Tooltip>
      {children}
    </div>
  )
}

interface EntryProps {
  href: string
  icon: typeof Home
  title: string
  current: boolean
  mark?: number
}

function Entry({ href, icon: Icon, title, current, mark = 0 }: EntryProps) {
  return (
    <Tooltip side="right" content={title}>
      <a
        href={href}
        aria-current={current ? 'page' : undefined}
        aria-label={mark > 0 ? `${title}, ${mark} running` : title}
        className={classNames(
          'relative flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2 text-body max-[900px]:justify-center max-[900px]:px-0',
          current ? 'bg-surface-3 font-medium text-ink' : 'text-muted hover:bg-surface-2 hover:text-ink'
        )}
      >
        <Icon aria-hidden className="size-4 shrink-0" />
        <span className="flex-1 truncate max-[900px]:hidden">{title}</span>
        {mark > 0 && (
          <span className="min-w-4 rounded-full bg-accent-fill px-1 text-center text-micro text-on-accent max-[900px]:absolute max-[900px]:top-0 max-[900px]:right-0">
            {mark}
          </span>
        )}
      </a>
    </Tooltip>
  )
}
