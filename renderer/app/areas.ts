import { lazy, type ComponentType } from 'react'
import { areaGroups, type AreaGroup, type AreaManifest, type AreaModule, type DroppedFiles } from '../areas'
import { registerActions, type Area } from '../ui'
import * as list from './area-list'

const groups = ['top', ...areaGroups, 'foot']

/** Every area, in the order of the navigation. */
export const areas: readonly AreaManifest[] = Object.values(list).sort(
  (a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || a.order - b.order
)

/** The area of an address; one that nobody knows leads to the first area. */
export const areaOf = (id: string): AreaManifest => areas.find((area) => area.id === id) ?? areas[0]

/** The areas of a group that there are now. */
export const areasIn = (group: AreaManifest['group'], hasWorkspace: boolean): readonly AreaManifest[] =>
  areas.filter((area) => area.group === group && (hasWorkspace || area.withoutWorkspace))

/** Ctrl+1 .. Ctrl+5, whether or not the groups before it have areas. */
export const keysOfGroup = (group: AreaGroup): string => `Mod+${areaGroups.indexOf(group) + 1}`

/** Where the keys of a group lead: to its first area, and from one of its areas to the next. */
export function nextInGroup(group: AreaGroup, hasWorkspace: boolean, present: string): AreaManifest | undefined {
  const members = areasIn(group, hasWorkspace)
  const here = members.findIndex((area) => area.id === present)
  return members[(here + 1) % members.length]
}

/** The words of all areas for the kinds of events. */
export const eventWords: Readonly<Record<string, string>> = Object.assign({}, ...areas.map((area) => area.eventWords ?? {}))

const loading = new Map<Area, Promise<AreaModule>>()

function load(area: AreaManifest): Promise<AreaModule> {
  const known = loading.get(area.id)
  if (known) return known
  const started = area.load().then((module) => {
    registerActions(module.actions ?? [])
    return module
  })
  started.catch(() => loading.delete(area.id))
  loading.set(area.id, started)
  return started
}

/** The page of each area by its id, read when it is first shown. */
export const pages: Readonly<Record<string, ComponentType>> = Object.fromEntries(
  areas.map((area) => [area.id, lazy(async () => ({ default: (await load(area)).Page }))])
)

/** Loads every area, so that its actions are in the palette; called when the window is idle after its first frame. */
export async function loadAllAreas(): Promise<void> {
  await Promise.allSettled(areas.map(load))
}

/** What the areas take from the desktop. */
export async function collectDroppedFiles(): Promise<readonly DroppedFiles[]> {
  const modules = await Promise.all(areas.map(load))
  return modules.flatMap((module) => module.droppedFiles ?? [])
}
