import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import type { Action, Area } from '../ui'

/** The groups of the navigation, in the order of Ctrl+1 .. Ctrl+5; one without areas is not shown. */
export const areaGroups = ['Data', 'Build', 'Compare', 'Govern', 'Operate'] as const
export type AreaGroup = (typeof areaGroups)[number]

/** What an area needs at once, before a line of its pages is read. Each feature has one, in its `manifest.ts`. */
export interface AreaManifest {
  /** The first part of its addresses: `#/data/strikes`. */
  id: Area
  title: string
  icon: LucideIcon
  /** `top` and `foot` stand outside the groups. */
  group: AreaGroup | 'top' | 'foot'
  /** Its place in the group, the lowest first. */
  order: number
  /** It has something to show before a workspace is open. */
  withoutWorkspace?: boolean
  /** How many things of it run now, shown beside its name. */
  mark?: (running: { jobs: number }) => number
  /** What the kinds of events that its commands record are called. */
  eventWords?: Readonly<Record<string, string>>
  load: () => Promise<AreaModule>
}

/** What the `index.ts` of an area exports; read when the area is opened, or when the window is idle. */
export interface AreaModule {
  Page: ComponentType
  actions?: readonly Action[]
  /** Files that the area takes when they are dropped anywhere on the window. */
  droppedFiles?: DroppedFiles
}

export interface DroppedFiles {
  /** Lower case, with the dot. */
  endings: readonly string[]
  /** With `newWorkspace`, its id: the workspace was made for these files, and the way goes on from the import to what is in them. */
  take: (paths: readonly string[], made?: { newWorkspace: string }) => void
}
