import { WorkbenchError } from '../../model/errors'
import { countOf } from '../../model/count-of'
import { printable, printableLines } from '../../model/plain-text'
import type { UpdateFinding, UpdateReport, WorkspaceUnderUpdate } from '../../model/update'
import { assertAllowed } from '../machine-settings'
import { readState, type KeptState } from './kept-state'
import { trustRelease, verifyRelease, type SignedRelease, type TrustedRelease, type Watch } from './open-release'
import { maySign, type ReleaseKey } from './release-key'
import { pinnedKeys, withRotations } from './release-keys'
import type { UpdatePlace } from './update-place'
import { waysOf } from './update-ways'
import { compareVersions } from './versions'
import { workspacesUnder } from './workspace-formats'

export interface CheckOptions extends Watch {
  /** Keys that are trusted for this check besides those of the program; for a checkout, which pins none. */
  keys?: readonly ReleaseKey[]
}

/** A check with what applying needs of it. */
export interface JudgedUpdate {
  report: UpdateReport
  /** Null unless a trusted key signed it. */
  release: TrustedRelease | null
  state: KeptState
}

/**
 * Looks at an update file or release folder and says whether it may be applied here, what changes and what becomes of the workspaces. Reads
 * only. Whatever is wrong with the file is in the report.
 * @throws WorkbenchError NOT_FOUND or FORBIDDEN when the path cannot be read, CANCELLED, STORAGE_CORRUPT for damaged files of this program
 */
export async function checkUpdate(place: UpdatePlace, path: string, options: CheckOptions = {}): Promise<UpdateReport> {
  return (await judgeUpdate(place, path, options)).report
}

/** See {@link checkUpdate}. */
export async function judgeUpdate(place: UpdatePlace, path: string, { keys = [], ...watch }: CheckOptions = {}): Promise<JudgedUpdate> {
  assertAllowed(path)
  const state = readState(place.versionsFolder)
  const known = withRotations([...pinnedKeys(place.programFolder), ...keys], state.rotations)
  const findings: UpdateFinding[] = []
  const refused = (release: TrustedRelease | null = null): JudgedUpdate => ({
    report: reportOf(place, path, findings, release, []),
    release,
    state
  })
  const signed = await judged(findings, 'signature', () => verifyRelease(path, watch))
  if (!signed) return refused()
  findings.push(signatureHolds(signed))
  const release = await judged(findings, 'signer', () => trustRelease(signed, known))
  if (!release) return refused()
  const signer = signerOf(release)
  findings.push(signer)
  if (signer.status === 'fail') return refused()
  findings.push(platformOf(place, release), versionOf(place, release, state))
  if (findings.some(({ status }) => status === 'fail')) return refused(release)
  watch.onProgress?.({ stage: 'Looking at your workspaces', fraction: null })
  const workspaces = await workspacesUnder(release.document, place.workspaces())
  findings.push(workspacesOf(workspaces, release), programOf(place))
  return { report: reportOf(place, path, findings, release, workspaces), release, state }
}

/** Does a step of the check; what is wrong with the file becomes a finding, everything else stays an error. */
async function judged<T>(findings: UpdateFinding[], id: 'signature' | 'signer', work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof WorkbenchError) || !ofTheFile.has(error.code)) throw error
    const title =
      id === 'signature'
        ? 'The file is not as it was signed'
        : error.code === 'SIGNER_UNTRUSTED'
          ? 'Another key signed it'
          : 'It is no sound release'
    findings.push({ id: error.code === 'INVALID_INPUT' ? 'release' : id, status: 'fail', title, detail: printable(error.message) })
    return null
  }
}
const ofTheFile: ReadonlySet<string> = new Set([
  'INVALID_INPUT',
  'SIGNATURE_INVALID',
  'SIGNER_UNTRUSTED',
  'DIGEST_MISMATCH',
  'UNSUPPORTED_VERSION'
])

const signatureHolds = ({ verified }: SignedRelease): UpdateFinding => ({
  id: 'signature',
  status: 'pass',
  title: 'Every file is as it was signed',
  detail: `${countOf(verified.size, 'file')} ${verified.size === 1 ? 'was' : 'were'} held against the signature, and there is no other.`
})

function signerOf({ key, document, rotation }: TrustedRelease): UpdateFinding {
  const name = `"${key.name}" (${key.fingerprint.slice(0, 16)})`
  if (!maySign(key, document.version))
    return {
      id: 'signer',
      status: 'fail',
      title: 'Its key may not sign this version',
      detail:
        key.since !== null && compareVersions(document.version, key.since) < 0
          ? `The key ${name} signs from version ${key.since} on. Do not use the file, and ask where it comes from.`
          : `Another key took over from ${name} with version ${key.retiredFrom}. Do not use the file, and ask where it comes from.`
    }
  return {
    id: 'signer',
    status: 'pass',
    title: `Signed by ${printable(key.name)}`,
    detail:
      rotation === null
        ? `The release key ${name} is one that this Drydock takes releases from.`
        : `A statement that the former release key and the key ${name} both signed hands over to it. Applying this version accepts it.`
  }
}

function platformOf({ platform }: UpdatePlace, { document }: TrustedRelease): UpdateFinding {
  const fits = document.platform === platform
  return {
    id: 'platform',
    status: fits ? 'pass' : 'fail',
    title: fits ? 'Made for this system' : 'Made for another system',
    detail: fits
      ? `It runs on ${platform}.`
      : `It runs on ${document.platform}, and this computer is ${platform}. Ask for the file for ${platform}.`
  }
}

function versionOf({ running }: UpdatePlace, { document: { version } }: TrustedRelease, { highest }: KeptState): UpdateFinding {
  const finding = (status: UpdateFinding['status'], title: string, detail: string): UpdateFinding => ({
    id: 'version',
    status,
    title,
    detail
  })
  const difference = compareVersions(version, running.version)
  if (difference < 0)
    return finding(
      'fail',
      'A lower version than this one',
      `It is version ${version}, and ${running.version} runs. A lower version may have faults that were mended since, and is never taken from a file. "update back" leads to the version before.`
    )
  if (highest !== null && compareVersions(version, highest) < 0)
    return finding(
      'fail',
      'A lower version than one you had',
      `It is version ${version}, and you had ${highest} already. Use the file of ${highest} or of a later version.`
    )
  if (difference === 0) return finding('info', 'This version runs already', `It is version ${version}. There is nothing to do.`)
  return finding(
    'pass',
    `From ${running.version} to ${version}`,
    'It is higher than what runs, and not lower than any version that you had.'
  )
}

function workspacesOf(workspaces: readonly WorkspaceUnderUpdate[], { document }: TrustedRelease): UpdateFinding {
  const named = (effect: WorkspaceUnderUpdate['effect']): string[] =>
    workspaces.filter((each) => each.effect === effect).map(({ name }) => `"${printable(name)}"`)
  const [migrates, tooOld, tooNew, unknown] = [named('migrates'), named('too-old'), named('too-new'), named('unknown')]
  const sentences = [
    ...(migrates.length > 0
      ? [
          `${migrates.join(', ')}: brought to ledger format ${document.ledgerSchema} when opened the next time. This version cannot open ${migrates.length === 1 ? 'it' : 'them'} afterwards, so ${migrates.length === 1 ? 'it is' : 'they are'} backed up first.`
        ]
      : []),
    ...(tooOld.length > 0
      ? [`${tooOld.join(', ')}: too old for the new version, which opens ledger format ${document.opensLedgerFrom} and later.`]
      : []),
    ...(tooNew.length > 0
      ? [`${tooNew.join(', ')}: opened by a newer Drydock before; the new version cannot open ${tooNew.length === 1 ? 'it' : 'them'}.`]
      : []),
    ...(unknown.length > 0
      ? [
          `${unknown.join(', ')}: cannot be read now. Back ${unknown.length === 1 ? 'it' : 'them'} up before you open ${unknown.length === 1 ? 'it' : 'them'} with the new version.`
        ]
      : [])
  ]
  const quiet = sentences.length === 0
  return {
    id: 'workspaces',
    status: quiet ? 'pass' : 'warn',
    title: quiet
      ? 'Your workspaces stay as they are'
      : migrates.length > 0
        ? `${countOf(migrates.length, 'workspace')} will be migrated`
        : 'Look at your workspaces first',
    detail: quiet
      ? workspaces.length === 0
        ? 'You have opened none on this computer.'
        : `All ${countOf(workspaces.length, 'workspace')} that you know here have the format of the new version.`
      : sentences.join(' ')
  }
}

function programOf({ programFolder, rule, ruleFrom }: UpdatePlace): UpdateFinding {
  const finding = (status: UpdateFinding['status'], title: string, detail: string): UpdateFinding => ({
    id: 'program',
    status,
    title,
    detail
  })
  if (rule === 'off')
    return finding(
      'fail',
      'Updates are switched off',
      `The administrator of this computer has switched them off (${ruleFrom}). Ask there for the new version.`
    )
  if (programFolder === null)
    return finding(
      'warn',
      'This Drydock runs from a checkout',
      'Git updates a checkout. The file can be checked here and applied where Drydock is installed.'
    )
  if (rule === 'administrator')
    return finding(
      'info',
      'The administrator installs it',
      `New versions are for the administrator of this computer (${ruleFrom}). Hand the package over.`
    )
  return finding('pass', 'It can be applied here', 'The settings of this computer leave new versions to you.')
}

function reportOf(
  place: UpdatePlace,
  path: string,
  findings: UpdateFinding[],
  release: TrustedRelease | null,
  workspaces: WorkspaceUnderUpdate[]
): UpdateReport {
  const { version, commit, ledgerFormat } = place.running
  const failed = findings.find(({ status }) => status === 'fail')
  const document = release?.document
  const isSame = document?.version === version
  const to = document && {
    version: document.version,
    commit: document.commit,
    ledgerFormat: document.ledgerSchema,
    builtAt: document.builtAt,
    platform: document.platform
  }
  return {
    path,
    verdict: failed ? 'refused' : isSame ? 'nothing-to-do' : 'may-apply',
    summary: failed
      ? `Refused. ${failed.title}.`
      : isSame
        ? `Version ${version} runs already. There is nothing to do.`
        : `Version ${to!.version} may be applied in place of ${version}.`,
    from: { version, commit, ledgerFormat },
    to: to ?? null,
    signer: release && { name: release.key.name, fingerprint: release.key.fingerprint },
    newKey: release?.rotation ? { name: release.key.name, fingerprint: release.key.fingerprint } : null,
    findings,
    changes: printableLines(document?.changes ?? ''),
    workspaces,
    ways: document ? waysOf(place, document) : []
  }
}
