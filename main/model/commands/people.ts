import { z } from 'zod'
import { Passphrase } from '../passphrase'
import { Person, PersonInput } from '../workspace'
import { placeInput } from '../place'
import { shape } from './shape'
import { PersonId, Sha256 } from '../reference'

const reason = z.string().trim().min(1, 'Say why; the reason is part of the record.').max(2000)

export const peopleShapes = {
  /** Without roles: the first person of a workspace has all of them, everybody after is an author. A demo identity keeps its keys in the workspace; only the sample has such. */
  create: shape(PersonInput.partial({ roles: true }).extend({ demo: z.boolean().default(false) }), Person, ['people']),
  update: shape(PersonInput.extend({ id: PersonId }), Person, ['people']),
  /** Whose name new records carry from now on, or with `session` only until the workspace is closed. Takes the passphrase of that person's key. */
  use: shape(z.object({ id: PersonId, passphrase: z.string().optional(), session: z.boolean().optional() }), Person, ['people']),
  /** Stays in the record, and can neither act nor sign any more. */
  leave: shape(z.object({ id: PersonId, reason }), Person, ['people', 'bundles']),
  /** What the key signed stays; it signs nothing more. */
  retireKey: shape(z.object({ fingerprint: Sha256, reason }), Person, ['people', 'bundles']),
  /** Makes a P-256 key; the private half is written only as a passphrase-protected file in the user's own folder. */
  createKey: shape(z.object({ id: PersonId, passphrase: Passphrase }), Person, ['people', 'bundles']),
  /** Takes in the public half (and the place of the private half) of a key made elsewhere. */
  addKey: shape(z.object({ id: PersonId, path: placeInput('key'), passphrase: z.string() }), Person, ['people', 'bundles']),
  /** Takes in the public half alone: its holder signs elsewhere. With `fingerprint` only the key that was shown under it. */
  addPublicKey: shape(z.object({ id: PersonId, path: placeInput('read'), fingerprint: Sha256.optional() }), Person, ['people', 'bundles']),
  savePublicKey: shape(z.object({ fingerprint: z.string(), path: placeInput('write') }), z.object({ path: z.string() }), [])
}
