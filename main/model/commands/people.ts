import { z } from 'zod'
import { Passphrase } from '../passphrase'
import { Person, PersonInput } from '../workspace'
import { placeInput } from '../place'
import { shape } from './shape'
import { PersonId } from '../reference'

export const peopleShapes = {
  /** A demo identity keeps its keys in the workspace; only the sample has such. */
  create: shape(PersonInput.extend({ demo: z.boolean().default(false) }), Person, ['people']),
  update: shape(PersonInput.extend({ id: PersonId }), Person, ['people']),
  /** Whose name new records carry from now on. */
  use: shape(z.object({ id: PersonId }), Person, ['people']),
  /** Makes a P-256 key; the private half is written only as a passphrase-protected file in the user's own folder. */
  createKey: shape(z.object({ id: PersonId, passphrase: Passphrase }), Person, ['people', 'bundles']),
  /** Takes in the public half (and the place of the private half) of a key made elsewhere. */
  addKey: shape(z.object({ id: PersonId, path: placeInput('key'), passphrase: z.string() }), Person, ['people', 'bundles']),
  savePublicKey: shape(z.object({ fingerprint: z.string(), path: placeInput('write') }), z.object({ path: z.string() }), [])
}
