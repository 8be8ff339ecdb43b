import { createHash } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { extname } from 'node:path'
import type { z } from 'zod'
import type { VerdictQuestion, VerificationReport } from '../../model/bundle'
import type { TrustChoice } from '../../model/commands/bundles'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { judgedRowsNotes, type Independence } from '../../model/evidence'
import { describeStage, gateWord, isWithoutGate } from '../../model/gate-standing'
import { modelCard } from '../../model/model-card'
import {
  examineBundle,
  joinTrust,
  openBundle,
  readTrustDocument,
  type BundleTrust,
  type GateJudgement,
  type OwnKey,
  type ReadVerified,
  type TrustDocument
} from '../bundle-format'
import { assertAllowed, readMachineSettings } from '../machine-settings'
import type { Sha256 } from '../../model/reference'
import { digestFrom } from '../../storage/objects/durable-files'

/** `uncovered` carries a signature of its own (model.sig, attestations); `set-aside` lies among them and counts for nothing; `unsigned` means that no signature holds that could cover it. */
export type FileState = 'verified' | 'changed' | 'added' | 'missing' | 'uncovered' | 'set-aside' | 'unsigned'
interface Concern {
  tone: 'error' | 'warn'
  text: string
}
export interface ReviewedBundle {
  path: string
  report: VerificationReport
  /** `sha256` is what a verified file was verified to be. */
  files: { path: string; size: number; state: FileState; sha256: Sha256 | null }[]
  /**
   * What the verified card says. `concern`: a gate that did not let the model in, or whose policy was changed; judged rows that the training
   * had too, that are tied to it, or that cannot be told apart.
   */
  model: { name: string; version: string; summary: string; concern: Concern | null } | null
  demo: boolean
}
/** What a reader gives, the people kept in a workspace among it as a document. */
export type ReviewTrust = Omit<TrustChoice, 'keptPeople' | 'fingerprint'> & {
  fingerprint?: string
  people?: TrustDocument
  own?: readonly OwnKey[]
}

const CARD = 'card/model-card.json'
const NO_CARD = { model: null, demo: false }
/** Most questions do not name the gate; the engine of policies is read for those that do. */
const judgeGate = async (verified: ReadonlyMap<string, Sha256>, read: ReadVerified): Promise<GateJudgement> =>
  (await import('./enclosed-gate')).judgeGate(verified, read)

const PREVIEW_LIMIT = 4 * 1024 * 1024

async function readPem(path: string, what: string): Promise<string> {
  assertAllowed(path)
  try {
    if ((await fs.stat(path)).size > 1_000_000)
      throw new WorkbenchError('INVALID_INPUT', `"${path}" is too large for ${what}. Choose the PEM file.`)
    return await fs.readFile(path, 'utf8')
  } catch (error) {
    throw fromSystemError(error, `reading ${what} "${path}"`)
  }
}

/** A list of a large authority has hundreds of thousands of entries. */
const LARGEST_LIST = 64 * 1024 * 1024

async function readList(path: string): Promise<Buffer> {
  assertAllowed(path)
  try {
    if ((await fs.stat(path)).size > LARGEST_LIST)
      throw new WorkbenchError('INVALID_INPUT', `"${path}" is too large for a list of revoked certificates. Choose the right file.`)
    return await fs.readFile(path)
  } catch (error) {
    throw fromSystemError(error, `reading the list of revoked certificates "${path}"`)
  }
}

/** What the administrator of this computer has everybody trust. Throws as `readTrustDocument`, and says whose the document is. */
function trustOfMachine(): Promise<TrustDocument[]> {
  const { trustFiles, file } = readMachineSettings()
  return Promise.all(
    trustFiles.map((path) =>
      readTrustDocument(path).catch((error: unknown) => {
        if (!(error instanceof WorkbenchError)) throw error
        throw new WorkbenchError(
          error.code,
          `${error.message} It is a trust file of this computer, set by your administrator in "${file}".`,
          {
            details: error.details,
            cause: error
          }
        )
      })
    )
  )
}

async function givenDocument(trustPath: string | undefined, people: TrustDocument | undefined): Promise<TrustDocument | undefined> {
  if (!trustPath) return people
  assertAllowed(trustPath)
  return readTrustDocument(trustPath)
}

/** Reads the files that a reviewer trusts, besides those of the machine settings, which always count. Throws NOT_FOUND, INVALID_INPUT or UNSUPPORTED_VERSION. */
export async function readTrust({
  publicKeyPath,
  rootCertificatePath,
  reviewerPaths,
  trustPath,
  people,
  own,
  identities,
  tsaRootPath,
  revocationListPaths,
  at,
  fingerprint
}: ReviewTrust): Promise<BundleTrust> {
  const given = await givenDocument(trustPath, people)
  return {
    publicKeyPem: publicKeyPath ? await readPem(publicKeyPath, 'the public key') : undefined,
    rootCertificatePem: rootCertificatePath ? await readPem(rootCertificatePath, 'the root certificate') : undefined,
    reviewerPems: reviewerPaths && (await Promise.all(reviewerPaths.map((path) => readPem(path, "a reviewer's key")))),
    document: joinTrust([...(await trustOfMachine()), ...(given ? [given] : [])]),
    own,
    identities,
    tsaRootPem: tsaRootPath ? await readPem(tsaRootPath, 'the root of a time-stamping authority') : undefined,
    revocationLists: revocationListPaths && (await Promise.all(revocationListPaths.map(readList))),
    at: at === undefined ? undefined : new Date(at),
    expectedKeyFingerprint: fingerprint || undefined
  }
}

/** Verifies a bundle and lists its files with what the verification says of each. Writes nothing; needs no workspace. */
export async function inspectBundle(
  path: string,
  trust: ReviewTrust,
  options: { signal?: AbortSignal; onProgress?: (fraction: number) => void; question?: VerdictQuestion } = {}
): Promise<ReviewedBundle> {
  assertAllowed(path)
  const { report, files, verified } = await examineBundle(path, () => readTrust(trust), { ...options, judgeGate })
  const problems = new Map(report.checks.flatMap((check) => check.files.map((file) => [file.name, file.problem])))
  const stateOf = (name: string): FileState => {
    const problem = problems.get(name)
    if (problem === 'changed' || problem === 'added' || problem === 'set-aside') return problem
    if (verified.has(name)) return 'verified'
    return name === 'model.sig' || name.startsWith('attestations/') ? 'uncovered' : 'unsigned'
  }
  const listed = files.map(({ name, bytes }) => ({ path: name, size: bytes, state: stateOf(name), sha256: verified.get(name) ?? null }))
  const missing = [...problems].filter(([, problem]) => problem === 'missing').map(([name]) => name)
  const sha256 = verified.get(CARD)
  // An altered card says nothing about the model, so only a verified one is read.
  const card = sha256 === undefined ? NO_CARD : readCard((await readBundleFile(path, CARD, sha256)).text)
  return {
    path,
    report,
    files: [...listed, ...missing.map((name) => ({ path: name, size: 0, state: 'missing' as const, sha256: null }))],
    ...card
  }
}

const notKnown: Independence = { sameTable: false, shared: null, share: null, verdict: 'not-known' }

/** All of them in one, as grave as the gravest, which comes first. */
function gravest(all: readonly Concern[]): Concern | null {
  const sorted = [...all.filter(({ tone }) => tone === 'error'), ...all.filter(({ tone }) => tone === 'warn')]
  return sorted[0] ? { tone: sorted[0].tone, text: sorted.map(({ text }) => text).join(' ') } : null
}

/** What the bundle says of its own gate: that a bundle holds must not hide it from whoever did not ask for the gate. */
function gateNotes({ model: { stage }, gate, gateChanged }: z.infer<typeof modelCard>): Concern[] {
  const stands = { stage, gate: gate ?? null }
  const word = gate ? gateWord(gate) : 'not run'
  if (isWithoutGate(stands))
    return [
      {
        tone: word === 'failed' ? 'error' : 'warn',
        text: `The model is a ${describeStage(stands)}, as the bundle itself says: ${says[word]}`
      }
    ]
  if (word !== 'passed') return [{ tone: word === 'failed' ? 'error' : 'warn', text: `As the bundle itself says, ${says[word]}` }]
  return gateChanged ? [{ tone: 'warn', text: `The policy of its gate was changed: ${gateChanged}.` }] : []
}

const says = {
  'not run': 'no gate was run.',
  failed: 'its gate failed.',
  undecided: 'its gate is undecided, which counts as failed.',
  'no gate': 'its policy has no rule that blocks, so it is no gate.',
  passed: 'its gate passed.'
}

/** The card says what the bundle is about; one that cannot be read only loses its title, the verification stands. */
function readCard(text: string): Pick<ReviewedBundle, 'model' | 'demo'> {
  try {
    const card = modelCard.parse(JSON.parse(text))
    const { name, version, description } = card.model
    // A card of an earlier Drydock does not say whether the judged rows were new.
    const { independence, splitCheck } = card.evaluation
    const concern = gravest([...gateNotes(card), ...judgedRowsNotes(independence ?? notKnown, splitCheck)])
    return { model: { name, version: String(version), summary: description, concern }, demo: card.demo }
  } catch {
    return NO_CARD
  }
}

/** How a file is shown, by the end of its name; every other one is binary. */
const KINDS = new Map<string, 'json' | 'yaml' | 'html' | 'text'>([
  ['.json', 'json'],
  ['.sig', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.html', 'html'],
  ['.md', 'text'],
  ['.txt', 'text'],
  ['.sql', 'text'],
  ['.py', 'text'],
  ['.csv', 'text']
])

/**
 * One file of a bundle as text for display, at most 4 MiB. With the digest that the file was verified to have, all of it is read and held
 * against that, so that what is shown is what was verified. Throws NOT_FOUND for a name that is not in the bundle, DIGEST_MISMATCH when
 * the bundle was changed since it was verified.
 */
export async function readBundleFile(
  path: string,
  name: string,
  sha256?: Sha256 | null
): Promise<{ kind: 'json' | 'yaml' | 'html' | 'text' | 'binary'; text: string; size: number; truncated: boolean }> {
  assertAllowed(path)
  const bundle = await openBundle(path)
  try {
    const entry = bundle.list().find((file) => file.name === name)
    if (!entry) throw new WorkbenchError('NOT_FOUND', `The bundle has no file "${name}". Refresh the list.`)
    const kind = KINDS.get(extname(name).toLowerCase()) ?? 'binary'
    if (kind === 'binary') return { kind, text: '', size: entry.bytes, truncated: false }
    const shown: Buffer[] = []
    const hash = createHash('sha256')
    let taken = 0
    for await (const chunk of bundle.chunks(name)) {
      if (sha256) hash.update(chunk)
      if (taken < PREVIEW_LIMIT) shown.push(Buffer.from(chunk.subarray(0, PREVIEW_LIMIT - taken)))
      taken += chunk.length
      if (!sha256 && taken >= PREVIEW_LIMIT) break
    }
    if (sha256 && digestFrom(hash) !== sha256)
      throw new WorkbenchError(
        'DIGEST_MISMATCH',
        `"${name}" was changed after the bundle was verified. It is not shown. Verify the bundle again.`
      )
    return { kind, text: Buffer.concat(shown).toString('utf8'), size: entry.bytes, truncated: entry.bytes > PREVIEW_LIMIT }
  } finally {
    await bundle.close()
  }
}
