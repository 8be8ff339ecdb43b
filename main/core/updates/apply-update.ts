import { existsSync } from 'node:fs'
import { access, constants, readdir, rename, rm } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { UpdateBackup, UpdateResult } from '../../model/update'
import { syncPath } from '../../storage/objects/durable-files'
import { backUpFirst } from './back-up-first'
import { judgeUpdate, type JudgedUpdate } from './check-update'
import { whileHoldingVersions } from './hold-versions'
import { prepareState, readActs, readChosen, recordAct, recordRelease, settleState, writeChosen, type KeptState } from './kept-state'
import type { TrustedRelease, Watch } from './open-release'
import type { Payload } from './release-documents'
import { unpackProgram } from './unpack-program'
import { releaseOf, type UpdatePlace } from './update-place'
import { isVersion } from './versions'

export interface ApplyOptions extends Watch {
  /** Back up nothing before; what the new version migrates can then not be had back. */
  withoutBackup?: boolean
}

/** A check that says yes, with all that applying needs. */
export interface Applicable {
  release: TrustedRelease
  payload: Payload
  judged: JudgedUpdate
}

/**
 * The check that every applying begins with.
 * @throws WorkbenchError POLICY_DENIED with the findings when the file may not be applied, or not in this way
 */
export async function assertApplicable(place: UpdatePlace, path: string, way: 'me' | 'machine', watch: Watch): Promise<Applicable> {
  const judged = await judgeUpdate(place, path, watch)
  const { report, release } = judged
  const failed = report.findings.find(({ status }) => status === 'fail')
  if (failed || !release)
    throw new WorkbenchError('POLICY_DENIED', `${failed?.title ?? 'Refused'}. ${failed?.detail ?? ''} Nothing was changed.`, {
      details: { report }
    })
  if (report.verdict === 'nothing-to-do')
    throw new WorkbenchError('CONFLICT', `Version ${report.from.version} runs already. Nothing was changed.`, { details: { report } })
  const open = report.ways.find((each) => each.for === way)
  const payload = release.document.payloads?.find(({ kind }) => kind === (way === 'me' ? 'portable' : 'debian'))
  if (
    way === 'me' &&
    readChosen(place.versionsFolder) === release.document.version &&
    existsSync(join(place.versionsFolder, release.document.version, 'bin'))
  )
    throw new WorkbenchError(
      'CONFLICT',
      `Version ${release.document.version} is in place for you already and starts the next time. Nothing was changed. Start Drydock again.`
    )
  if (!open?.open || !payload)
    throw new WorkbenchError('POLICY_DENIED', `${open?.text ?? ''} Nothing was changed.`, { details: { report } })
  return { release, payload, judged }
}

/**
 * Puts the program of an update into the folder of this user and lets it start from then on. It is there as a whole or not at all, also
 * after a power cut at any moment; until the very end the version before starts as ever.
 * @throws WorkbenchError POLICY_DENIED where the check refuses, STORAGE_LOCKED while another program does the same, DISK_FULL, FORBIDDEN, CANCELLED,
 *   and as backUpWorkspace does
 */
export function applyUpdate(
  place: UpdatePlace,
  path: string,
  { withoutBackup = false, ...watch }: ApplyOptions = {}
): Promise<UpdateResult> {
  const { versionsFolder: folder, running } = place
  return whileHoldingVersions(folder, async () => {
    const { release, payload, judged } = await assertApplicable(place, path, 'me', watch)
    const { version } = release.document
    const backups = withoutBackup ? null : await backUpFirst(place, version, judged.report.workspaces, watch)
    try {
      const staging = join(folder, `staging-${randomBytes(6).toString('hex')}`)
      await unpackProgram(release, payload, staging, watch)
      await assertProgram(staging, release)
      watch.onProgress?.({ stage: 'Putting the version in place', fraction: null })
      await putInPlace(staging, join(folder, version))
      await switchTo(place, { release, judged, backups: backups?.workspaces ?? [] })
    } catch (error) {
      if (readChosen(folder) !== version) await rm(join(folder, version), { recursive: true, force: true })
      if (backups) await rm(backups.folder, { recursive: true, force: true })
      throw error
    }
    await removeOld(place, [version, running.version])
    return {
      for: 'me',
      version,
      from: running.version,
      path: join(folder, version),
      command: null,
      backups: backups?.folder ?? null,
      workspaces: backups?.workspaces ?? []
    }
  })
}

/**
 * Lets the version start from now on. The line that says so is the only one that the launcher reads; what is to be known with it stands ready
 * before, so that a kill between the two loses neither the way back nor the highest version.
 */
async function switchTo(
  place: UpdatePlace,
  { release, judged, backups }: Pick<Applicable, 'release' | 'judged'> & { backups: UpdateBackup[] }
): Promise<void> {
  const { versionsFolder: folder, running } = place
  const { version } = release.document
  const former = judged.state
  try {
    await prepareState(folder, {
      ...former,
      highest: version,
      machine: machineOf(place, former),
      before: { version: running.version, ledgerFormat: running.ledgerFormat },
      backups,
      rotations: release.rotation ? [...former.rotations, release.rotation] : former.rotations
    })
    await recordRelease(place, 'applied', release)
    await writeChosen(folder, version)
  } catch (error) {
    throw fromSystemError(error, 'letting the version start from now on')
  } finally {
    await settleState(folder).catch(() => undefined)
  }
}

/** The program that was installed: the one that runs now, unless that is a version of the user already. */
function machineOf({ programFolder, versionsFolder, running }: UpdatePlace, former: KeptState): KeptState['machine'] {
  if (programFolder === null || programFolder === join(versionsFolder, running.version)) return former.machine
  return { version: running.version, folder: programFolder }
}

/** What was unpacked must say of itself what the release says of it, and must be able to start. */
async function assertProgram(folder: string, { document }: TrustedRelease): Promise<void> {
  try {
    const { version, platform } = releaseOf(folder)
    if (version !== document.version || platform !== document.platform) throw new Error(`it says that it is ${version} for ${platform}`)
    if (process.platform !== 'win32') await access(join(folder, 'bin', 'drydock'), constants.X_OK)
  } catch (cause) {
    await rm(folder, { recursive: true, force: true })
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The program in the update file is not complete: ${cause instanceof Error ? cause.message : String(cause)} Nothing was changed. Ask for another copy.`,
      { cause }
    )
  }
}

/** A version that was put there before, and gone back from, makes way for the new copy of it. */
async function putInPlace(staging: string, target: string): Promise<void> {
  const aside = `${staging}-former`
  const moved = await rename(target, aside).then(
    () => true,
    () => false
  )
  await rename(staging, target)
  await syncPath(join(target, '..'))
  if (moved) await rm(aside, { recursive: true, force: true })
}

/** Keeps what runs, what starts next and the version before; whatever else this user had is removed. */
async function removeOld(place: UpdatePlace, keep: readonly string[]): Promise<void> {
  const { versionsFolder: folder } = place
  const kept = new Set([...keep, readChosen(folder)])
  for (const name of await readdir(folder)) {
    if (!isVersion(name) || kept.has(name)) continue
    await rm(join(folder, name), { recursive: true, force: true })
    await recordAct(folder, { at: place.clock().toISOString(), act: 'removed', version: name, from: name, by: place.user, signer: null })
  }
}

/** Who applied a version, and when; the newest act counts. */
export const appliedBy = (folder: string, version: string): { at: string; by: string } | null =>
  readActs(folder).find((act) => act.act === 'applied' && act.version === version) ?? null
