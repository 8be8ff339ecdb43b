import { promises as fs } from 'node:fs'
import type { VerificationReport } from '../../model/bundle'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { modelCard } from '../../model/model-card'
import { openBundle, verifyBundle, type BundleTrust } from '../bundles'

export type FileState = 'verified' | 'changed' | 'added' | 'missing' | 'uncovered'
export interface ReviewedBundle {
  path: string
  report: VerificationReport
  files: { path: string; size: number; state: FileState }[]
  model: { name: string; version: string; summary: string } | null
  demo: boolean
}
export interface ReviewTrust {
  publicKeyPath?: string
  rootCertificatePath?: string
  /** SHA-256 of the signer's public key, as the signer gave it by another way. */
  fingerprint?: string
}

const CARD = 'card/model-card.json'
const PREVIEW_LIMIT = 4 * 1024 * 1024

async function readPem(path: string, what: string): Promise<string> {
  try {
    if ((await fs.stat(path)).size > 1_000_000)
      throw new WorkbenchError('INVALID_INPUT', `"${path}" is too large for ${what}. Choose the PEM file.`)
    return await fs.readFile(path, 'utf8')
  } catch (error) {
    throw fromSystemError(error, `reading ${what} "${path}"`)
  }
}

/** Reads the PEM files that a reviewer trusts. Throws NOT_FOUND or INVALID_INPUT. */
export async function readTrust(trust: ReviewTrust): Promise<BundleTrust | undefined> {
  if (!trust.publicKeyPath && !trust.rootCertificatePath && !trust.fingerprint) return undefined
  return {
    ...(trust.publicKeyPath ? { publicKeyPem: await readPem(trust.publicKeyPath, 'the public key') } : {}),
    ...(trust.rootCertificatePath ? { rootCertificatePem: await readPem(trust.rootCertificatePath, 'the root certificate') } : {}),
    ...(trust.fingerprint ? { expectedKeyFingerprint: trust.fingerprint } : {})
  }
}

/** Verifies a bundle and lists its files with what the verification says of each. Writes nothing; needs no workspace. */
export async function inspectBundle(
  path: string,
  trust: ReviewTrust,
  options: { signal?: AbortSignal; onProgress?: (fraction: number) => void } = {}
): Promise<ReviewedBundle> {
  const report = await verifyBundle(path, await readTrust(trust), options)
  const problems = new Map(report.checks.flatMap((check) => check.files.map((file) => [file.name, file.problem])))
  const container = report.checks.find((check) => check.id === 'container')
  if (container?.status === 'fail') return { path, report, files: [], model: null, demo: false }
  const signed = report.checks.some((check) => check.id === 'files' && check.status !== 'skipped')
  const bundle = await openBundle(path)
  try {
    const listed = bundle.list().map((file) => {
      const problem = problems.get(file.name)
      const outside = file.name === 'model.sig' || file.name.startsWith('attestations/')
      const state: FileState =
        problem === 'changed' || problem === 'added' ? problem : outside || !signed || problem !== undefined ? 'uncovered' : 'verified'
      return { path: file.name, size: file.bytes, state }
    })
    const missing = [...problems]
      .filter(([, problem]) => problem === 'missing')
      .map(([name]) => ({ path: name, size: 0, state: 'missing' as const }))
    const card = listed.some((file) => file.path === CARD) ? await readCard(await bundle.read(CARD, PREVIEW_LIMIT)) : null
    return { path, report, files: [...listed, ...missing], model: card?.model ?? null, demo: card?.demo ?? false }
  } finally {
    await bundle.close()
  }
}

/** The card says what the bundle is about; one that cannot be read only loses its title, the verification stands. */
function readCard(bytes: Buffer): { model: ReviewedBundle['model']; demo: boolean } | null {
  try {
    const card = modelCard.parse(JSON.parse(bytes.toString('utf8')))
    return { model: { name: card.model.name, version: String(card.model.version), summary: card.model.description }, demo: card.demo }
  } catch {
    return null
  }
}

const KINDS: Record<string, 'json' | 'yaml' | 'html' | 'text' | undefined> = {
  json: 'json',
  sig: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  html: 'html',
  md: 'text',
  txt: 'text',
  sql: 'text',
  py: 'text',
  csv: 'text'
}

/** One file of a bundle as text for display, at most 4 MiB. Throws NOT_FOUND for a name that is not in the bundle. */
export async function readBundleFile(
  path: string,
  name: string
): Promise<{ kind: 'json' | 'yaml' | 'html' | 'text' | 'binary'; text: string; size: number; truncated: boolean }> {
  const bundle = await openBundle(path)
  try {
    const entry = bundle.list().find((file) => file.name === name)
    if (!entry) throw new WorkbenchError('NOT_FOUND', `The bundle has no file "${name}". Refresh the list.`)
    const kind = KINDS[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'binary'
    if (kind === 'binary') return { kind, text: '', size: entry.bytes, truncated: false }
    const parts: Buffer[] = []
    let taken = 0
    for await (const chunk of bundle.chunks(name)) {
      parts.push(Buffer.from(chunk.subarray(0, PREVIEW_LIMIT - taken)))
      taken += parts.at(-1)!.length
      if (taken >= PREVIEW_LIMIT) break
    }
    return { kind, text: Buffer.concat(parts).toString('utf8'), size: entry.bytes, truncated: entry.bytes > taken }
  } finally {
    await bundle.close()
  }
}
