import type { Attestation, DecisionCount } from '../../model/bundle'
import type { Sha256 } from '../../model/reference'
import { countDecisions } from './decision-count'
import { listKnown, weighDecisions, type KnownDecision, type LeftOut, type Room } from './known-decisions'
import { openBundle } from './open-bundle'
import { createChecks } from './report-checks'
import { describeKey } from './signer-identity'
import { loadPublicKey } from './signing-key'
import { readTrust, type BundleTrust } from './trust-anchors'
import { verifyAttestations } from './verify-attestations'
import { judgeSignature, readSignature } from './verify-bundle'

/** A decision that holds, with its file as it lay under attestations/. */
export interface FoundDecision {
  file: string
  bytes: Buffer
  known: KnownDecision
}

/**
 * The decisions in a bundle, as far as there is room for them, without a look at its other files; null when it cannot be read or its
 * signature does not hold.
 */
export async function readDecisions(
  path: string,
  room: Room = { isKept: () => false }
): Promise<{ bundleDigest: Sha256; decisions: FoundDecision[]; leftOut: LeftOut } | null> {
  const bundle = await openBundle(path).catch(() => null)
  if (!bundle) return null
  try {
    const parsed = await readSignature(bundle, createChecks())
    const anchors = readTrust()
    const author = parsed && (await judgeSignature(parsed.signature, anchors, createChecks()))
    if (!parsed || !author) return null
    const target = { root: parsed.signature.root, bundleDigest: parsed.digest, author, anchors, index: null }
    const { attestations } = await verifyAttestations(bundle, target)
    const decisions: FoundDecision[] = []
    const { chosen, leftOut } = weighDecisions(namedKnown(attestations), room)
    for (const { file, known } of chosen) decisions.push({ file, known, bytes: await bundle.read(file) })
    return { bundleDigest: parsed.digest, decisions, leftOut }
  } finally {
    await bundle.close()
  }
}

/** A bundle that need not be at hand. */
export interface AboutBundle {
  root: Sha256
  bundleDigest: Sha256
  authorFingerprint: Sha256
  /** Null where nobody here knows the key. */
  authorKeyPem: string | null
}

/** A decision that holds, with what its signer wrote and the decisions that lay there when it was signed. */
export interface JudgedDecision extends FoundDecision {
  statement: string | null
  knows: ReadonlySet<string>
}

/** Judges files of decisions about a bundle by what was noted of it, and counts them by person. */
export async function judgeDecisions(
  files: readonly { file: string; bytes: Buffer }[],
  { root, bundleDigest, authorFingerprint, authorKeyPem }: AboutBundle,
  trust?: BundleTrust
): Promise<{ found: JudgedDecision[]; decisions: DecisionCount }> {
  const anchors = readTrust(trust)
  const author = authorKeyPem === null ? null : describeKey(loadPublicKey(authorKeyPem), anchors)
  const held = new Map(files.map(({ file, bytes }) => [file, bytes]))
  const holder = {
    list: () => files.map(({ file, bytes }) => ({ name: file, bytes: bytes.length })),
    read: (name: string) => Promise.resolve(held.get(name)!)
  }
  const judged = await verifyAttestations(holder, { root, bundleDigest, author, anchors, index: null })
  const attestations = judged.attestations.map((each) => ({
    ...each,
    signedByAuthor: each.signedByAuthor || each.signer?.keyFingerprint === authorFingerprint
  }))
  const decisions = countDecisions(attestations, author?.identity ?? null, anchors, { knownTo: judged.knownTo })
  return {
    found: namedKnown(attestations).map(({ file, known }) => ({
      ...{ file, known, bytes: held.get(file)! },
      statement: attestations.find((each) => each.file === file)?.statement ?? null,
      knows: judged.knownTo.get(file) ?? new Set()
    })),
    decisions: { ...decisions, remarks: [...decisions.remarks, ...judged.unread] }
  }
}

function namedKnown(attestations: readonly Attestation[]): { file: string; known: KnownDecision }[] {
  const files = new Map(attestations.map(({ sha256, file }) => [sha256, file]))
  return listKnown(attestations).map((known) => ({ file: files.get(known.sha256)!, known }))
}
