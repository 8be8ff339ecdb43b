import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { Definition } from '../../preload/wire/definitions'
import type { Admitted } from '../../preload/wire/server'
import type { Application } from '../core/application'
import { reviewedBundles } from '../core/bundles'
import { WorkbenchError } from '../model/errors'
import { parsePlace, placesIn, placeUses, type PlaceField, type PlaceKind, type PlaceUse } from '../model/place'
import { signingKeys } from './signing-keys'

/** A place that a person chose, handed over by the shell. `settle` says whether it was used up; a file is written once. */
export interface TakenPlace {
  path: string
  settle(done: boolean): void
}
/** Asks the shell what a token stands for. Throws FORBIDDEN for one that it never gave out, or not for this use. */
export type TakeChosen = (token: string, use: PlaceUse) => Promise<TakenPlace>

const fields = new WeakMap<Definition, readonly PlaceField[]>()
function fieldsOf(definition: Definition): readonly PlaceField[] {
  let known = fields.get(definition)
  if (!known) fields.set(definition, (known = placesIn(definition.input)))
  return known
}

/**
 * What a caller that may name no paths is held to: whatever names a place says it in the words of `model/place.ts`, and the path
 * is put in here. A path, and any other text, is refused before the input is read.
 */
export function admitPlaces(
  app: Application,
  takeChosen: TakeChosen
): (definition: Definition, input: unknown) => Promise<Admitted> | undefined {
  return (definition, input) => {
    const places = fieldsOf(definition)
    return places.length === 0 ? undefined : putPathsIn(app, takeChosen, places, input)
  }
}

async function putPathsIn(app: Application, takeChosen: TakeChosen, places: readonly PlaceField[], input: unknown): Promise<Admitted> {
  const taken: TakenPlace[] = []
  const settle = (done: boolean): void => taken.forEach((each) => each.settle(done))
  const copy: unknown = structuredClone(input)
  try {
    for (const [holder, key, use] of holdersOf(places, copy)) {
      const place = await takePlace(app, takeChosen, holder[key] as string, use)
      taken.push(place)
      holder[key] = place.path
    }
  } catch (error) {
    settle(false)
    throw error
  }
  return { input: copy, settle }
}

type Holder = Record<string, unknown>
const isHolder = (value: unknown): value is Holder => value !== null && typeof value === 'object'

/** Each text of an input that stands where a place is named, once, also where several forms of the input name it. */
function holdersOf(places: readonly PlaceField[], input: unknown): [Holder, string, PlaceUse][] {
  const found = new Map<Holder, Map<string, PlaceUse>>()
  const look = (value: unknown, [key, ...more]: readonly string[], use: PlaceUse): void => {
    if (!isHolder(value)) return
    for (const each of key === '*' ? Object.keys(value) : [key]) {
      if (more.length > 0) look(value[each], more, use)
      else if (typeof value[each] === 'string') found.set(value, (found.get(value) ?? new Map<string, PlaceUse>()).set(each, use))
    }
  }
  for (const { keys, use } of places) look(input, keys, use)
  return [...found].flatMap(([holder, keys]) => [...keys].map(([key, use]): [Holder, string, PlaceUse] => [holder, key, use]))
}

const known = (path: string): TakenPlace => ({ path, settle: () => undefined })

/** The path behind what a page said, for one use. Throws FORBIDDEN when the page may not have it. */
export async function takePlace(app: Application, takeChosen: TakeChosen, said: string, use: PlaceUse): Promise<TakenPlace> {
  const place = parsePlace(said)
  if (place?.kind === 'chosen') return takeChosen(place.name, use)
  const path = place && knownPlaces[place.kind](app, place.name, use)
  if (!path) throw new WorkbenchError('FORBIDDEN', refusal)
  return known(path)
}

const refusal =
  'A window cannot name a file or folder by its path, and this one was not chosen in it. Nothing was read or written. Choose it with the button, or drop it on the window.'

/** Places that the host knows itself, each for one use; null for none of that name. */
const knownPlaces: Record<KnownKind, KnownPlace> = {
  recent: (app, id, use) => (use === 'folder' ? app.recent().find((entry) => entry.id === id)?.directory : null),
  bundle: (app, id, use) => (use === 'read' && app.workspace ? app.bundles.list().find((bundle) => bundle.id === id)?.path : null),
  reviewed: (app, id, use) => (use === 'read' ? reviewedBundles(app.userDirectory).find((each) => each.id === id)?.path : null),
  key: (app, fingerprint, use) => (use === 'key' ? signingKeys(app).find((key) => key.fingerprint === fingerprint)?.keyPath : null),
  workspace: (app, name, use) => {
    if (!app.workspace) return null
    if (use === 'folder') return name === '' ? app.workspace.directory : null
    return use === 'read' ? insideOf(app.workspace.directory, name) : null
  },
  sample: (app, _name, use) => (use === 'folder' ? app.sampleDirectory().directory : null),
  documents: (app, _name, use) => (use === 'folder' ? dirname(app.sampleDirectory().directory) : null)
}
type KnownKind = Exclude<PlaceKind, 'chosen'>
type KnownPlace = (app: Application, name: string, use: PlaceUse) => string | null | undefined

/** The path of a place that the host knows, to be shown in its folder; null for none. */
export function showablePath(app: Application, said: string): string | null {
  const place = parsePlace(said)
  if (!place || place.kind === 'chosen') return null
  const found = placeUses.map((use) => knownPlaces[place.kind as KnownKind](app, place.name, use)).find(Boolean)
  return found ?? null
}

/** A file of a folder by its relative name, also behind links; null when it is elsewhere or not there. */
function insideOf(directory: string, name: string): string | null {
  try {
    const path = realpathSync(join(directory, name))
    const way = relative(realpathSync(directory), path)
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : path
  } catch {
    return null
  }
}
