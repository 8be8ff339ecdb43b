import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { Definition } from '../../preload/wire/definitions'
import type { Admitted } from '../../preload/wire/server'
import type { Application } from '../core/application'
import { askedFile, reviewedBundles } from '../core/bundles'
import { assertAllowed } from '../core/machine-settings'
import { WorkbenchError } from '../model/errors'
import { parsePlace, placesIn, placeUses, textsAt, type PlaceField, type PlaceKind, type PlaceUse } from '../model/place'
import type { WindowHandlers } from './handlers'

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
  takeChosen: TakeChosen,
  handlers: WindowHandlers
): (definition: Definition, input: unknown) => Promise<Admitted> | undefined {
  const source = sourceOf(app, handlers)
  return (definition, input) => {
    const places = fieldsOf(definition)
    return places.length === 0 ? undefined : putPathsIn(source, takeChosen, places, input)
  }
}

async function putPathsIn(source: Source, takeChosen: TakeChosen, places: readonly PlaceField[], input: unknown): Promise<Admitted> {
  const taken: TakenPlace[] = []
  const settle = (done: boolean): void => taken.forEach((each) => each.settle(done))
  const copy: unknown = structuredClone(input)
  try {
    for (const [holder, key, use] of textsAt(places, copy)) {
      const place = await takePlace(source, takeChosen, holder[key] as string, use)
      taken.push(place)
      if (use !== 'key') assertAllowed(place.path)
      holder[key] = place.path
    }
  } catch (error) {
    settle(false)
    throw error
  }
  return { input: copy, settle }
}

const known = (path: string): TakenPlace => ({ path, settle: () => undefined })

/** The path behind what a page said, for one use. Throws FORBIDDEN when the page may not have it. */
async function takePlace(source: Source, takeChosen: TakeChosen, said: string, use: PlaceUse): Promise<TakenPlace> {
  const place = parsePlace(said)
  if (place?.kind === 'chosen') return takeChosen(place.name, use)
  const path = place && (await knownPlaces[place.kind](source, place.name, use))
  if (!path) throw new WorkbenchError('FORBIDDEN', refusal)
  return known(path)
}

const refusal =
  'A window cannot name a file or folder by its path, and this one was not chosen in it. Nothing was read or written. Choose it with the button, or drop it on the window.'

/** Where the places that the host knows are looked up: its own lists, and what answers the page of the workspace. */
interface Source {
  app: Application
  directory(): Promise<string | undefined>
  bundles(): Promise<{ id: string; path: string }[]>
  keys(): Promise<{ fingerprint: string; keyPath: string }[]>
}

function sourceOf(app: Application, { workspace, bundles }: WindowHandlers): Source {
  const context = { workbench: app, signal: new AbortController().signal }
  const directory = async () => (await workspace.status({}, context)).workspace?.directory
  return {
    app,
    directory,
    bundles: async () => ((await directory()) === undefined ? [] : bundles.list({}, context)),
    keys: async () => bundles.keys({}, context)
  }
}

/** Places that the host knows itself, each for one use; nothing for none of that name. */
const knownPlaces: Record<KnownKind, KnownPlace> = {
  recent: ({ app }, id, use) => (use === 'folder' ? app.recent().find((entry) => entry.id === id)?.directory : null),
  bundle: async ({ bundles }, id, use) => (use === 'read' ? (await bundles()).find((bundle) => bundle.id === id)?.path : null),
  reviewed: ({ app }, id, use) => (use === 'read' ? reviewedBundles(app.userDirectory).find((each) => each.id === id)?.path : null),
  asked: ({ app }, id, use) => (use === 'read' ? askedFile(app.userDirectory, id) : null),
  key: async ({ keys }, fingerprint, use) =>
    use === 'key' ? (await keys()).find((key) => key.fingerprint === fingerprint)?.keyPath : null,
  workspace: async ({ directory: find }, name, use) => {
    const directory = await find()
    if (directory === undefined) return null
    if (use === 'folder') return name === '' ? directory : null
    return use === 'read' ? insideOf(directory, name) : null
  },
  sample: ({ app }, _name, use) => (use === 'folder' ? app.sampleDirectory().directory : null),
  documents: ({ app }, _name, use) => (use === 'folder' ? dirname(app.sampleDirectory().directory) : null)
}
type KnownKind = Exclude<PlaceKind, 'chosen'>
type Found = string | null | undefined
type KnownPlace = (source: Source, name: string, use: PlaceUse) => Found | Promise<Found>

/** The path of a place that the host knows, to be shown in its folder; null for none. */
export async function showablePath(app: Application, handlers: WindowHandlers, said: string): Promise<string | null> {
  const place = parsePlace(said)
  if (!place || place.kind === 'chosen') return null
  for (const use of placeUses) {
    const found = await knownPlaces[place.kind](sourceOf(app, handlers), place.name, use)
    if (found) return found
  }
  return null
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
