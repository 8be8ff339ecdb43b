import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import type { OpenBundle } from './open-bundle'

/** Reads a file as it was verified; undefined where there is none of this name, or another than was signed. */
export type ReadVerified = (name: string) => Promise<Buffer | undefined>

/** A reader of an open bundle. @param verified SHA-256 by name of all files that are as they were signed */
export function readerOf(bundle: OpenBundle, verified: ReadonlyMap<string, Sha256>): ReadVerified {
  return async (name) => {
    const wanted = verified.get(name)
    const bytes = wanted === undefined ? undefined : await bundle.read(name)
    return bytes && sha256(bytes) === wanted ? bytes : undefined
  }
}
