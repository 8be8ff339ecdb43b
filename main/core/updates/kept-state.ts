import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import { fit, inOneSentence } from '../../model/schema-words'
import { UpdateAct, UpdateBackup } from '../../model/update'
import { makeFolders, syncPath, writeFileDurably } from '../../storage/objects/durable-files'
import type { TrustedRelease } from './open-release'
import { KeyRotation } from './release-documents'
import type { UpdatePlace } from './update-place'
import { isVersion } from './versions'

const Version = z.string().refine(isVersion)

/** What is known of the versions of a user, `versions.json`. */
const State = z.strictObject({
  schema: z.literal('drydock.versions/1'),
  /** The highest version that was ever put in place here: nothing lower is taken again. */
  highest: Version.nullable(),
  /** The program that was installed on the machine, as a version of this user knows it. */
  machine: z.strictObject({ version: Version, folder: z.string() }).nullable(),
  /** Where "back" leads to. */
  before: z.strictObject({ version: Version, ledgerFormat: z.number().int() }).nullable(),
  /** The backups that were made before the version that is chosen. */
  backups: z.array(UpdateBackup),
  rotations: z.array(KeyRotation)
})
export type KeptState = z.infer<typeof State>

const none: KeptState = { schema: 'drydock.versions/1', highest: null, machine: null, before: null, backups: [], rotations: [] }
const stateFile = (folder: string): string => join(folder, 'versions.json')
/** What will be known once the version that it calls the highest is chosen. */
const preparedFile = (folder: string): string => join(folder, 'versions.next.json')
const actsFile = (folder: string): string => join(folder, 'acts.jsonl')
const chosenFile = (folder: string): string => join(folder, 'chosen')

/** @throws WorkbenchError STORAGE_CORRUPT: without it a lower version could be taken again */
export function readState(folder: string): KeptState {
  const prepared = existsSync(preparedFile(folder)) ? readFrom(preparedFile(folder)) : null
  if (prepared && prepared.highest === readChosen(folder)) return prepared
  return existsSync(stateFile(folder)) ? readFrom(stateFile(folder)) : none
}

function readFrom(file: string): KeptState {
  try {
    const read = fit(State, JSON.parse(readFileSync(file, 'utf8')))
    if (read.success) return read.data
    throw new Error(inOneSentence(read.problems))
  } catch (cause) {
    throw new WorkbenchError(
      'STORAGE_CORRUPT',
      `What is known of your versions of Drydock (${file}) cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. Delete that file if you have it from nowhere else; the highest version that you ever had is then forgotten.`,
      { cause }
    )
  }
}

export const writeState = (folder: string, state: KeptState): Promise<void> =>
  writeFileDurably(stateFile(folder), JSON.stringify(state, null, 2) + '\n')

/** Writes what will be known as soon as the version that it calls the highest is chosen, and not before. */
export const prepareState = (folder: string, state: KeptState): Promise<void> =>
  writeFileDurably(preparedFile(folder), JSON.stringify(state, null, 2) + '\n')

/** What was prepared is known from now on, or forgotten where its version was not chosen: a program that is killed leaves the one or the other. */
export async function settleState(folder: string): Promise<void> {
  if (!existsSync(preparedFile(folder))) return
  if (readFrom(preparedFile(folder)).highest === readChosen(folder)) await rename(preparedFile(folder), stateFile(folder))
  else await rm(preparedFile(folder))
  await syncPath(folder)
}

/** The version that the launcher starts for this user; null where it starts the program of the machine. */
export function readChosen(folder: string): string | null {
  try {
    const [line = ''] = readFileSync(chosenFile(folder), 'utf8').split('\n')
    return isVersion(line) ? line : null
  } catch {
    return null
  }
}

export const writeChosen = (folder: string, version: string): Promise<void> => writeFileDurably(chosenFile(folder), `${version}\n`)

/** Adds a line to the record of acts. */
export async function recordAct(folder: string, act: UpdateAct): Promise<void> {
  await makeFolders(folder)
  appendFileSync(actsFile(folder), JSON.stringify(act) + '\n')
  await syncPath(actsFile(folder))
}

/** Adds what was done with a release. */
export const recordRelease = (
  { versionsFolder, clock, running, user }: UpdatePlace,
  act: 'applied' | 'handed-over',
  { document, key }: Pick<TrustedRelease, 'document' | 'key'>
): Promise<void> =>
  recordAct(versionsFolder, {
    ...{ at: clock().toISOString(), act, version: document.version, from: running.version, by: user },
    signer: key.fingerprint
  })

/** The acts, newest first. A line that was cut off by a power cut is passed over. */
export function readActs(folder: string): UpdateAct[] {
  try {
    return readFileSync(actsFile(folder), 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          const read = UpdateAct.safeParse(JSON.parse(line))
          return read.success ? [read.data] : []
        } catch {
          return []
        }
      })
      .reverse()
  } catch {
    return []
  }
}
