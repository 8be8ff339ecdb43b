import { z } from 'zod'
import { Passphrase } from '../passphrase'
import { AttestationDecision, DecisionCount, SignatureMeaning, VerdictQuestion, VerificationReport } from '../bundle'
import { placeInput } from '../place'
import { ModelName } from '../registry'
import { documentPlaces, SavedDocument } from './documents'
import { shape } from './shape'
import { digestSchema, Sha256, PersonId } from '../reference'

export const ExportedBundle = z.object({
  id: z.string(),
  model: ModelName,
  version: z.number(),
  path: z.string(),
  /** False when the file was moved or deleted after the export. */
  available: z.boolean(),
  size: z.number(),
  rootSha256: Sha256,
  signatureSha256: Sha256,
  signer: z.string(),
  fingerprint: Sha256,
  createdAt: z.string(),
  /** Nobody in the workspace had the key when it signed. */
  unowned: z.literal(true).optional(),
  /** What its reader will stumble over, said by the export alone. */
  warnings: z.array(z.string()).optional()
})
export type ExportedBundle = z.infer<typeof ExportedBundle>
/** What was decided about an export, by people of the workspace; what others say stands apart. */
export const DecidedBundle = DecisionCount.extend({
  /** Of the export. */
  id: z.string(),
  model: ModelName,
  version: z.number(),
  /** Decisions that the record names and whose files are gone. */
  lost: z.number()
})
export type DecidedBundle = z.infer<typeof DecidedBundle>
/** A rejection of a version by a person of the workspace, which the same person did not take back. */
export const StandingRejection = z.object({
  person: z.string(),
  /** By the clock of the signer. */
  at: z.string(),
  /** What was signed; null where its file is gone and only the record knows of it. */
  statement: z.string().nullable(),
  fingerprint: Sha256,
  /** Left the workspace, and so decides nothing more. */
  left: z.literal(true).optional()
})
export type StandingRejection = z.infer<typeof StandingRejection>
/** A bundle that was reviewed here. */
export const ReviewedPlace = z.object({ id: z.string(), path: z.string() })
export type ReviewedPlace = z.infer<typeof ReviewedPlace>
const version = { name: ModelName, version: z.number().int().positive() }

/** A moment in UTC or with its offset, or a day, which begins at midnight UTC. */
export const Moment = z.iso.datetime({ offset: true, error: 'Write a moment such as 2026-11-29T12:00:00Z.' }).or(z.iso.date())

/** Who is trusted, and how certificates are judged: what the options of `verify` say. Nobody is trusted unless told. */
export const TrustChoice = z.object({
  publicKeyPath: placeInput('read').optional(),
  rootCertificatePath: placeInput('read').optional(),
  /** A trust document: people with their keys and roles, and roots. */
  trustPath: placeInput('read').optional(),
  /** The people kept in the open workspace, with their roles there; instead of a trust document. */
  keptPeople: z.literal(true).optional(),
  /** SHA-256 of the signer's public key, as the signer gave it by another way. */
  fingerprint: digestSchema('A fingerprint has 64 hexadecimal digits.').optional(),
  /** Public keys or certificates of reviewers, each of another person. */
  reviewerPaths: z.array(placeInput('read')).max(100).optional(),
  /** Whose certificates count under the roots: subject, organisation or alternative name. */
  identities: z.array(z.string().trim().min(1).max(1000)).max(100).optional(),
  /** Roots of time-stamping authorities. */
  tsaRootPath: placeInput('read').optional(),
  /** Lists of revoked certificates. */
  revocationListPaths: z.array(placeInput('read')).max(100).optional(),
  /** When certificates must be valid; now unless told. */
  at: Moment.optional()
})
export type TrustChoice = z.infer<typeof TrustChoice>

/** What this user asked of a bundle the last time; its files in the words of a page. */
export const AskedBefore = z.object({ trust: TrustChoice, question: VerdictQuestion.optional(), at: z.string() })
export type AskedBefore = z.infer<typeof AskedBefore>

/** What is made of a bundle for people who decide on paper: the decisions in it, or a page that is signed by hand. */
export const BundleSheet = z.enum(['decisions', 'sign-off'])
export type BundleSheet = z.infer<typeof BundleSheet>

export const bundleShapes = {
  /** Writes the model card of a version as it would be exported now. */
  saveCard: shape(z.object({ ...version, ...documentPlaces }), SavedDocument, []),
  /** Verifies a bundle and writes what is found as a document; works without a workspace. */
  saveSheet: shape(
    z
      .object({
        sheet: BundleSheet,
        path: placeInput('read'),
        question: VerdictQuestion.optional()
      })
      .extend({ ...TrustChoice.shape, ...documentPlaces }),
    SavedDocument,
    []
  ),
  /** Signs with a person's key. `path` ends in `.drydock` for one file, else it is a new directory. */
  export: shape(z.object({ ...version, path: placeInput('write').optional(), person: PersonId, passphrase: z.string() }), ExportedBundle, [
    'bundles',
    'models'
  ]),
  /** Signs with any key file, with its certificate chain when given. */
  exportWithKey: shape(
    z.object({
      ...version,
      path: placeInput('write'),
      keyPath: placeInput('key'),
      passphrase: z.string(),
      chainPath: placeInput('read').optional(),
      /** What the person at the command line runs to ask a time-stamping authority. */
      tsaCommand: z.string().min(1).max(10_000).optional(),
      /** Where that is run, when another program does it. */
      tsaDirectory: z.string().optional()
    }),
    ExportedBundle,
    ['bundles', 'models']
  ),
  countersign: shape(
    z.object({
      /** Opened for reading: a decision adds one file to what verifies as a bundle and changes no other byte. */
      path: placeInput('read'),
      /** A key of a person in the open workspace or of this machine, or a key file. */
      keyPath: placeInput('key'),
      passphrase: z.string(),
      /** The certificate chain of the key, its own certificate first. */
      chainPath: placeInput('read').optional(),
      /** SHA-256 of the model.sig that was reviewed; another bundle at the same path is not signed. */
      bundleDigest: Sha256.optional(),
      name: z.string().trim().min(1, 'Give your printed name.').max(120),
      meaning: SignatureMeaning,
      decision: AttestationDecision,
      statement: z.string().trim().min(1, 'Write what you checked and decided; you sign this sentence.').max(10_000),
      /** What the signer knows of the author; an author whom it does not vouch for is refused. */
      trust: TrustChoice.optional(),
      /** Signs although nothing vouches for the author. */
      anyAuthor: z.boolean().optional(),
      /** A new `.drydock` file for the bundle with the decision; without it the decision goes into the bundle itself. */
      copyTo: placeInput('write').optional()
    }),
    z.object({
      /** The bundle that carries the decision. */
      path: z.string(),
      attestation: z.string(),
      report: VerificationReport
    }),
    ['bundles']
  ),
  /** Keeps decisions that came back: countersigned bundles, or files of decisions, about exports of this workspace. */
  takeDecisions: shape(
    z.object({ paths: z.array(placeInput('read')).min(1).max(50) }),
    z.object({
      /** Kept now, and known before. */
      kept: z.number(),
      known: z.number(),
      /** What there was no room for: somebody whom nobody here knows signed very often. */
      notKept: z.object({ count: z.number(), reason: z.string() }).optional(),
      /** The versions that they are about, such as `tides@1`. */
      about: z.array(z.string())
    }),
    ['bundles']
  ),
  /** Makes a reviewer's key on this machine, outside any workspace. */
  createKey: shape(
    z.object({
      name: z.string().trim().min(1).max(120),
      passphrase: Passphrase
    }),
    z.object({ name: z.string(), fingerprint: z.string(), keyPath: z.string() }),
    ['bundles']
  ),
  /** Writes the public half of a key of this machine, for those who rely on what it signs. */
  savePublicKey: shape(z.object({ fingerprint: Sha256, path: placeInput('write') }), z.object({ path: z.string() }), [])
}
