import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sha256 } from '../../storage/objects/durable-files'
import { fingerprintOf, packBundle, preAuthenticationEncoding, signDirectory } from '../bundle-format'
import type { ReleaseDocument } from './release-documents'
import type { UpdatePlace } from './update-place'

/** Real releases of a small program: a folder with a start script, packed, signed and put into an update file. */

const made: string[] = []
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-update-'))
  made.push(folder)
  return folder
}
export const removeFolders = (): void => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export interface NamedKey {
  name: string
  privateKey: KeyObject
  publicKey: string
  fingerprint: string
}
export function newKey(name: string): NamedKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
  return { name, privateKey, publicKey, fingerprint: fingerprintOf(privateKey) }
}

export const keysDocument = (keys: readonly NamedKey[]): string =>
  JSON.stringify({
    schema: 'drydock.release-keys/1',
    keys: keys.map(({ name, publicKey, fingerprint }) => ({ name, publicKey, fingerprint }))
  })

/** `by` signs; both keys unless told. */
export function rotation(from: NamedKey, to: NamedKey, fromVersion: string, by: readonly NamedKey[] = [from, to]): string {
  const payload = Buffer.from(
    JSON.stringify({
      from: { fingerprint: from.fingerprint },
      to: { name: to.name, publicKey: to.publicKey, fingerprint: to.fingerprint },
      fromVersion,
      date: '2026-11-01'
    })
  )
  const payloadType = 'application/vnd.drydock.key-rotation+json'
  const signed = preAuthenticationEncoding(payloadType, payload)
  const signatures = by.map(({ privateKey, fingerprint }) => ({
    sig: sign('sha256', signed, privateKey).toString('base64'),
    keyid: fingerprint
  }))
  return JSON.stringify({ schema: 'drydock.key-rotation/1', statement: { payload: payload.toString('base64'), payloadType, signatures } })
}

type Release = Partial<ReleaseDocument> & { version: string }
export const releaseDocument = ({ version, ...more }: Release): ReleaseDocument => ({
  schema: 'drydock.release/1',
  name: 'Drydock',
  version,
  platform: 'linux-x64',
  commit: '0123456789abcdef0123456789abcdef01234567',
  builtAt: '2026-11-01T12:00:00.000Z',
  ledgerSchema: 14,
  opensLedgerFrom: 1,
  changes: `## ${version}\n\n- Something new.\n`,
  ...more
})

const scriptOf = (name: string, version: string): string => `#!/bin/sh\necho "${name} ${version}" "$@"\n`

/** A program folder whose start scripts say their version. */
export function writeProgram(folder: string, keys: readonly NamedKey[], release: Release): string {
  const put = (name: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), mode)
  }
  put('bin/drydock', scriptOf('drydock', release.version), 0o755)
  put('bin/drydock-window', scriptOf('drydock-window', release.version), 0o755)
  put('resources/release/release.json', JSON.stringify(releaseDocument(release)))
  put('resources/release/keys.json', keysDocument(keys))
  put('LICENSE', 'Apache-2.0\n')
  put(`share/${'long'.repeat(22)}/${'name'.repeat(20)}.txt`, 'A path that the old tar header has no room for.\n')
  return folder
}

export interface MadeRelease extends Release {
  key: NamedKey
  pins?: readonly NamedKey[]
  rotation?: string
  /** The packed program instead of the usual one. */
  tarball?: Buffer
  /** Changes the folder before it is signed. */
  before?: (folder: string) => void
}

/** A signed release folder. */
export async function makeReleaseFolder({
  key,
  pins = [key],
  rotation: statement,
  tarball,
  before,
  ...release
}: MadeRelease): Promise<string> {
  const root = freshFolder()
  const folder = join(root, `release-${release.version}-linux-x64`)
  mkdirSync(folder)
  const top = `drydock-${release.version}-linux-x64`
  const portable = `${top}.tar.gz`
  if (tarball) writeFileSync(join(folder, portable), tarball)
  else {
    writeProgram(join(root, top), pins, release)
    execFileSync('tar', ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '-czf', join(folder, portable), '-C', root, top])
  }
  const debian = `drydock_${release.version}_amd64.deb`
  writeFileSync(join(folder, debian), `!<arch>\n${release.version}`)
  const payload = (kind: 'portable' | 'debian', file: string) => ({
    kind,
    file,
    sha256: sha256(readFileSync(join(folder, file))),
    bytes: statSync(join(folder, file)).size
  })
  const document = { ...releaseDocument(release), payloads: [payload('portable', portable), payload('debian', debian)] }
  writeFileSync(join(folder, 'release.json'), JSON.stringify(document))
  if (statement !== undefined) writeFileSync(join(folder, 'rotation.json'), statement)
  before?.(folder)
  await signDirectory(folder, { key: key.privateKey })
  return folder
}

/** The same as one update file. */
export async function makeUpdateFile(release: MadeRelease): Promise<string> {
  const folder = await makeReleaseFolder(release)
  const file = join(dirname(folder), `drydock-${release.version}-linux-x64.drydock-update`)
  await packBundle(folder, file)
  return file
}

/** A program of 0.1.0 that is installed for everybody, and a user who has no version of their own. */
export function makePlace(keys: readonly NamedKey[], change: Partial<UpdatePlace> & { version?: string } = {}): UpdatePlace {
  const { version = '0.1.0', ...more } = change
  const root = freshFolder()
  writeProgram(join(root, 'machine'), keys, { version, ledgerSchema: 14 })
  const own = join(root, 'config')
  mkdirSync(join(own, 'keys'), { recursive: true })
  writeFileSync(join(own, 'preferences.json'), '{"theme":"dark"}')
  writeFileSync(join(own, 'keys', 'a.pem'), 'protected')
  return { ...placeOf(root, version), ...more }
}

/** The place in a folder that `makePlace` has filled. */
export const placeOf = (root: string, version = '0.1.0'): UpdatePlace => ({
  programFolder: join(root, 'machine'),
  running: { version, commit: null, builtAt: null, ledgerFormat: 14 },
  versionsFolder: join(root, 'data', 'drydock', 'program'),
  userDirectory: join(root, 'config'),
  workspaces: () => [],
  platform: 'linux-x64',
  user: 'ada',
  isRoot: false,
  hasPackage: false,
  rule: 'user',
  ruleFrom: null,
  clock: () => new Date('2026-11-29T12:00:00.000Z')
})

/** The same user after the launcher has started the version that is chosen. */
export function startedAs(place: UpdatePlace, version: string, ledgerFormat = 14): UpdatePlace {
  return { ...place, programFolder: join(place.versionsFolder, version), running: { ...place.running, version, ledgerFormat } }
}

/** A copy of a file that can be changed. */
export function copyOf(path: string): string {
  const copy = join(freshFolder(), 'copy.drydock-update')
  cpSync(path, copy, { recursive: true })
  return copy
}
