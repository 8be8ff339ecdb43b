import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import { placesIn, textsAt, type PlaceField } from '../../model/place'
import { findResource } from '../resources'
import { readMachineSettings } from './read-settings'

/** Links that lead to links; more are a circle, as the system counts them. */
const mostLinks = 40

/** Folders that this process made for itself, such as for the length of one command. */
const own = new Set<string>()

/** Says that the program made this folder for its own work, so that it is no place that a person chose. */
export function admitOwnFolder(folder: string): void {
  own.add(folder)
}

/**
 * A path as the system goes it: every link on the way is followed, also one whose end does not exist yet, because writing to it would
 * make a file there. Where the system does not tell letter case apart, the names are those on the disk.
 */
function realPlace(path: string, links = 0): string {
  try {
    return realpathSync.native(path)
  } catch {
    const above = dirname(path)
    if (above === path) return path
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
    if (isLink && links < mostLinks) return realPlace(resolve(realPlace(above, links), readlinkSync(path)), links + 1)
    return join(realPlace(above, links), basename(path))
  }
}

const isBelow = (path: string, folder: string): boolean => {
  const way = relative(realPlace(folder), path)
  return way === '' || (way.split(sep)[0] !== '..' && !isAbsolute(way))
}

/** Whether the machine settings let this program read or write at a place. */
export function isAllowed(path: string): boolean {
  const { allowedFolders } = readMachineSettings()
  if (allowedFolders === null) return true
  // Not normalised: "link/.." is above the end of the link, and not where the link is.
  const real = realPlace(isAbsolute(path) ? path : `${process.cwd()}${sep}${path}`)
  return [...allowedFolders, ...own, dirname(findResource('guide'))].some((folder) => isBelow(real, folder))
}

/** @throws WorkbenchError FORBIDDEN for a place that is not below the folders that the machine settings allow, wherever links lead */
export function assertAllowed(path: string): void {
  if (isAllowed(path)) return
  const { allowedFolders, file } = readMachineSettings()
  const shown = (allowedFolders ?? []).map((folder) => `"${folder}"`).join(', ')
  throw new WorkbenchError(
    'FORBIDDEN',
    `"${path}" is not below a folder that is allowed on this computer (${shown}; set by your administrator in "${file}"). Nothing was read or written. Choose a place below one of them, or ask your administrator.`,
    { details: { path, allowedFolders, setIn: file } }
  )
}

const fields = new WeakMap<z.ZodType, readonly PlaceField[]>()

/**
 * Holds every place that an input names against the allowed folders. Private keys are not among it: they lie in the folder of the user or on
 * a stick of their own, and nothing of them leaves it.
 * @throws WorkbenchError FORBIDDEN
 */
export function assertAllowedPlaces(schema: z.ZodType, input: unknown): void {
  if (readMachineSettings().allowedFolders === null) return
  let places = fields.get(schema)
  if (!places) fields.set(schema, (places = placesIn(schema)))
  for (const [holder, key, use] of textsAt(places, input)) if (use !== 'key') assertAllowed(holder[key] as string)
}
