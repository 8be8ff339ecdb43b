import { lazy, type ComponentType } from 'react'
import { registerActions, type Action, type Area } from '../ui'

/** What every area exports from its index.ts. */
export interface FeatureModule {
  Page: ComponentType
  actions?: readonly Action[]
  /** Files that the area takes when they are dropped anywhere on the window. */
  droppedFiles?: DroppedFiles
}

export interface DroppedFiles {
  /** Lower case, with the dot. */
  endings: readonly string[]
  take: (paths: readonly string[]) => void
}

/** The areas of the window: one line each. */
const loaders: Partial<Record<Area, () => Promise<FeatureModule>>> = {
  bundles: () => import('../features/bundles'),
  models: () => import('../features/models'),
  data: () => import('../features/data'),
  experiments: () => import('../features/experiments'),
  features: () => import('../features/features'),
  jobs: () => import('../features/jobs'),
  overview: () => import('../features/overview'),
  pipelines: () => import('../features/pipelines'),
  settings: () => import('../features/settings')
}

const loading = new Map<Area, Promise<FeatureModule>>()

function load(area: Area, loader: () => Promise<FeatureModule>): Promise<FeatureModule> {
  const known = loading.get(area)
  if (known) return known
  const started = loader().then((module) => {
    registerActions(module.actions ?? [])
    return module
  })
  started.catch(() => loading.delete(area))
  loading.set(area, started)
  return started
}

const entries = Object.entries(loaders) as [Area, () => Promise<FeatureModule>][]
export const presentAreas: readonly Area[] = entries.map(([area]) => area)

export const pages: Partial<Record<Area, ComponentType>> = Object.fromEntries(
  entries.map(([area, loader]) => [area, lazy(async () => ({ default: (await load(area, loader)).Page }))])
)

/** Loads every area, so that its actions are in the palette; called when the window is idle after its first frame. */
export async function loadAllAreas(): Promise<void> {
  await Promise.allSettled(entries.map(([area, loader]) => load(area, loader)))
}

/** What the areas take from the desktop. */
export async function collectDroppedFiles(): Promise<readonly DroppedFiles[]> {
  const modules = await Promise.all(entries.map(([area, loader]) => load(area, loader)))
  return modules.flatMap((module) => module.droppedFiles ?? [])
}
