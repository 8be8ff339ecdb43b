import { Home } from 'lucide-react'
import { Tooltip, areas, classNames, hrefTo, KeyHint, useLocation, type Area } from '../ui'
import { areaNames, areasWithoutWorkspace, keysOfArea } from './area-names'
import { presentAreas } from './routes'

export interface NavigationRailProps {
  hasWorkspace: boolean
  runningJobs: number
}

/** The areas at the left. Under 900 px only their icons, with the names in tooltips. */
export function NavigationRail({ hasWorkspace, runningJobs }: NavigationRailProps) {
  const location = useLocation()
  const shown = areas.filter((area) => presentAreas.includes(area) && (hasWorkspace || areasWithoutWorkspace.includes(area)))
  const showsStart = !hasWorkspace && !areasWithoutWorkspace.includes(location.area)
  return (
    <nav
      aria-label="Areas"
      data-panel
      tabIndex={-1}
      className="flex w-40 shrink-0 flex-col gap-px overflow-y-auto border-r bg-surface-0 p-2 outline-none max-[900px]:w-12"
    >
      {!hasWorkspace && <Entry href="#/" icon={Home} title="Start" current={showsStart} />}
      {shown.map((area) => (
        <AreaEntry key={area} area={area} current={location.area === area} mark={area === 'jobs' ? runningJobs : 0} />
      ))}
    </nav>
  )
}

function AreaEntry({ area, current, mark }: { area: Area; current: boolean; mark: number }) {
  const { title, icon } = areaNames[area]
  return (
    <Entry
      href={hrefTo(area)}
      icon={icon}
      title={title}
      current={current}
      mark={mark}
      keys={keysOfArea(area)}
      className={area === 'settings' ? 'mt-auto' : undefined}
    />
  )
}

interface EntryProps {
  href: string
  icon: typeof Home
  title: string
  current: boolean
  mark?: number
  keys?: string
  className?: string
}

function Entry({ href, icon: Icon, title, current, mark = 0, keys, className }: EntryProps) {
  return (
    <Tooltip
      side="right"
      content={
        <span className="flex items-center gap-2">
          {title} {keys && <KeyHint keys={keys} />}
        </span>
      }
    >
      <a
        href={href}
        aria-current={current ? 'page' : undefined}
        aria-label={mark > 0 ? `${title}, ${mark} running` : title}
        className={classNames(
          'relative flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2 text-body max-[900px]:justify-center max-[900px]:px-0',
          current ? 'bg-surface-3 font-medium text-ink' : 'text-muted hover:bg-surface-2 hover:text-ink',
          className
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
