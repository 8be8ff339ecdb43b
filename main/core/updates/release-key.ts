import type { Sha256 } from '../../model/reference'
import { compareVersions } from './versions'

/** A key whose releases are taken. */
export interface ReleaseKey {
  name: string
  publicKey: string
  fingerprint: Sha256
  from: 'program' | 'rotation'
  /** The first version that it may sign; null for all. */
  since: string | null
  /** The first version that it may not sign any more, because another key took over; null where none did. */
  retiredFrom: string | null
}

export type KnownKeys = ReadonlyMap<string, ReleaseKey>

/** Whether a key may sign a version: one that another took over from may not sign what came after. */
export const maySign = ({ since, retiredFrom }: ReleaseKey, version: string): boolean =>
  (since === null || compareVersions(version, since) >= 0) && (retiredFrom === null || compareVersions(version, retiredFrom) < 0)
