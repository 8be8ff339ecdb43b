import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import { Sha256 } from '../../model/reference'
import { backupHolds } from './backup-places'

export const MANIFEST = 'backup.json'
const VERSION = 1

/** What a backup holds: its last file, so that one that was interrupted has none. */
export const BackupManifest = z.object({
  schema: z.literal('drydock.backup'),
  version: z.literal(VERSION),
  workspace: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.string(),
  /** Place of the last entry of the record. */
  entry: z.number().int(),
  files: z.array(z.object({ name: z.string(), bytes: z.number().int().nonnegative(), sha256: Sha256 }))
})
export type BackupManifest = z.infer<typeof BackupManifest>

/** Below the folder that it is put into, on every system: no way up, no root, no device. */
const isInside = (name: string): boolean =>
  name.length > 0 &&
  !/[\\:\0]/.test(name) &&
  !name.startsWith('/') &&
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

/** Reads a manifest that may come from anywhere. Throws INVALID_INPUT, UNSUPPORTED_VERSION. */
export function parseManifest(text: string, where: string): BackupManifest {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  const version = (json as { version?: unknown } | undefined)?.version
  if (typeof version === 'number' && version > VERSION)
    throw new WorkbenchError('UNSUPPORTED_VERSION', `The backup "${where}" was made by a newer Drydock. Restore it with that one.`)
  const parsed = BackupManifest.safeParse(json)
  if (
    !parsed.success ||
    parsed.data.files.some(({ name }) => !isInside(name)) ||
    new Set(parsed.data.files.map(({ name }) => name)).size !== parsed.data.files.length
  )
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${where}" is no backup of a workspace, or its ${MANIFEST} is damaged. Choose another backup.`
    )
  const stranger = parsed.data.files.find(({ name }) => !backupHolds(name))
  if (stranger)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The backup "${where}" brings "${stranger.name}", which no backup of Drydock holds: it was made or changed by something else. Nothing was restored. Use a backup that you know, or ask whoever gave it to you for another.`
    )
  return parsed.data
}

export const notABackup = (where: string): WorkbenchError =>
  new WorkbenchError(
    'INVALID_INPUT',
    `"${where}" is no whole backup of a workspace: it has no ${MANIFEST}, which is written last. A backup that was interrupted cannot be restored; choose another one.`
  )
