import { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packBundle, signDirectory } from '../../../main/core/bundle-format'
import { writeBillOfMaterials } from './bill-of-materials'
import { writeChecksums } from './checksums'
import type { Component } from './component'
import { gatherComponents, type ProgramFolder } from './gather'
import { writeNotices } from './notices'
import { describeBuild, writeProvenance } from './provenance'
import { describePayload, writeReleaseDocument, type ReleaseFacts } from './release-facts'
import { openReleaseKey, writeKeysDocument } from './release-keys'

export type { Component } from './component'

/** Who signs a release, and whose releases the program will take as an update. */
export interface Signing {
  releaseKey?: { path: string; passphrase: string }
  /** Files of public keys that are pinned besides. */
  trustKeys: readonly string[]
}

/**
 * Writes into a packaged program what must be in it before its payloads are made: the third-party notices, what release it is, and the keys
 * whose updates it takes.
 * @returns everything of others in the program, for {@link writeReleaseFolder}
 * @throws Error when something is delivered without a licence, under one that is not allowed, or without its text
 */
export async function writeProgramEvidence(program: ProgramFolder & ReleaseFacts & Signing): Promise<Component[]> {
  const components = gatherComponents(program)
  const release = join(program.resources, 'release')
  const { releaseKey } = program
  const key = releaseKey && { path: releaseKey.path, key: await openReleaseKey(releaseKey.path, releaseKey.passphrase) }
  mkdirSync(release, { recursive: true })
  writeFileSync(join(program.programFolder, 'THIRD-PARTY-NOTICES.txt'), writeNotices(components, program.version))
  writeFileSync(join(release, 'release.json'), writeReleaseDocument(program))
  writeFileSync(join(release, 'keys.json'), writeKeysDocument(key, program.trustKeys))
  return components
}

export interface ReleaseFolder extends ReleaseFacts, Signing {
  components: readonly Component[]
  payloads: readonly { kind: string; path: string }[]
  /** The folder that the release folder and the update file appear in, such as `dist`. */
  out: string
  /** A statement of `rotate-key.mjs`, for a release by a new key. */
  rotation?: string
  fused: boolean
}

/**
 * Writes `release-<version>-<platform>/` with payloads, checksums, bill of materials, provenance and what is in it, signs all of it with the
 * release key (OpenSSF Model Signing) and packs it as an update file. Without a key nothing is signed, and there is no update file.
 * @returns the paths of both
 */
export async function writeReleaseFolder(release: ReleaseFolder): Promise<{ folder: string; updateFile: string | null }> {
  const { version, platform, out, components } = release
  const folder = join(out, `release-${version}-${platform}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const payloads = await Promise.all(release.payloads.map(({ kind, path }) => describePayload(kind, path)))
  release.payloads.forEach(({ path }, index) => link(path, join(folder, payloads[index].file)))
  writeFileSync(join(folder, 'release.json'), writeReleaseDocument(release, payloads))
  writeFileSync(join(folder, 'sbom.cdx.json'), await writeBillOfMaterials(release, components, payloads))
  if (release.rotation) copyFileSync(release.rotation, join(folder, 'rotation.json'))
  const made = await Promise.all(
    readdirSync(folder)
      .sort()
      .map((name) => describePayload('', join(folder, name)))
  )
  writeFileSync(join(folder, 'SHA256SUMS'), writeChecksums(made))
  const key = release.releaseKey && (await openReleaseKey(release.releaseKey.path, release.releaseKey.passphrase))
  writeFileSync(join(folder, 'provenance.json'), writeProvenance(describeBuild(release, components, made, release.fused), key))
  const updateFile = join(out, `drydock-${version}-${platform}.drydock-update`)
  rmSync(updateFile, { force: true })
  if (key) {
    await signDirectory(folder, { key })
    await packBundle(folder, updateFile)
  }
  await publish(release, key ? [updateFile] : [])
  return { folder, updateFile: key ? updateFile : null }
}

/** The payloads in `dist` itself, for people who want only those, with checksums of all that lies there. */
async function publish({ payloads, out }: ReleaseFolder, updates: readonly string[]): Promise<void> {
  const files = payloads.map(({ path }) => join(out, path.split(/[\\/]/).at(-1) ?? ''))
  payloads.forEach(({ path }, index) => link(path, files[index]))
  const all = readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS')
    .map(({ name }) => join(out, name))
  const wanted = [...new Set([...files, ...updates, ...all])].sort()
  const described = await Promise.all(wanted.map((path) => describePayload('', path)))
  rmSync(join(out, 'SHA256SUMS'), { force: true })
  writeFileSync(join(out, 'SHA256SUMS'), writeChecksums(described))
}

/** One file at two places; a copy where the file system has no links. */
function link(from: string, to: string): void {
  if (from === to) return
  rmSync(to, { force: true })
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}
