import { z } from 'zod'
import { Sha256Hex, VerificationReport } from '../../main/model/bundle'
import { ModelName } from '../../main/model/registry'
import { command, query, stream } from '../wire/definitions'

export const ExportedBundle = z.object({
  id: z.string(),
  model: ModelName,
  version: z.number(),
  path: z.string(),
  /** False when the file was moved or deleted after the export. */
  available: z.boolean(),
  size: z.number(),
  rootSha256: z.string(),
  signatureSha256: z.string(),
  signer: z.string(),
  fingerprint: z.string(),
  createdAt: z.string()
})

/** How the signer is trusted: by a public key, a root certificate, a fingerprint heard from the signer, or not yet at all. */
export const TrustChoice = z.object({
  publicKeyPath: z.string().optional(),
  rootCertificatePath: z.string().optional(),
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'A fingerprint has 64 hexadecimal digits.')
    .optional()
})

export const BundleProgress = z.object({ stage: z.string(), fraction: z.number() })

export const bundles = {
  list: query({ input: z.object({}), output: z.array(ExportedBundle) }),
  /** Signs with the current person's key. `path` ends in `.drydock` for one file, else it is a new directory. */
  export: stream({
    input: z.object({
      name: ModelName,
      version: z.number().int().positive(),
      path: z.string().min(1).optional(),
      person: z.string(),
      passphrase: z.string()
    }),
    item: BundleProgress,
    output: ExportedBundle,
    topics: ['bundles', 'models', 'workspace']
  }),
  /** Opens and checks a bundle; works without a workspace and writes nothing. */
  inspect: stream({
    input: z.object({ path: z.string().min(1) }).extend(TrustChoice.shape),
    item: BundleProgress,
    output: z.object({
      path: z.string(),
      report: VerificationReport,
      files: z.array(
        z.object({
          path: z.string(),
          size: z.number(),
          /** `uncovered` carries a signature of its own; `unsigned` means that no signature holds that could cover it. */
          state: z.enum(['verified', 'changed', 'added', 'missing', 'uncovered', 'unsigned']),
          /** What a verified file was verified to be. */
          sha256: Sha256Hex.nullish()
        })
      ),
      model: z.object({ name: z.string(), version: z.string(), summary: z.string() }).nullable(),
      demo: z.boolean()
    })
  }),
  /** One file of a bundle for display; text up to 4 MiB, never executed. Refused when it is not what `sha256` says it was verified to be. */
  file: query({
    input: z.object({ path: z.string().min(1), file: z.string().min(1).max(4096), sha256: Sha256Hex.nullish() }),
    output: z.object({
      kind: z.enum(['json', 'yaml', 'html', 'text', 'binary']),
      text: z.string(),
      size: z.number(),
      truncated: z.boolean()
    })
  }),
  countersign: command({
    input: z.object({
      path: z.string().min(1),
      /** A key of a person in the open workspace or of this machine, or a key file. */
      keyPath: z.string().min(1),
      passphrase: z.string(),
      /** SHA-256 of the model.sig that was reviewed; another bundle at the same path is not signed. */
      bundleDigest: Sha256Hex.optional(),
      name: z.string().trim().min(1, 'Give your printed name.').max(120),
      meaning: z.enum(['reviewer', 'approver', 'release']),
      decision: z.enum(['approve', 'reject']),
      statement: z.string().trim().min(1, 'Write what you checked and decided; you sign this sentence.').max(10_000),
      /** A new `.drydock` file for the bundle with the decision; without it the decision goes into the bundle itself. */
      copyTo: z.string().min(1).optional()
    }),
    output: z.object({
      /** The bundle that carries the decision. */
      path: z.string(),
      attestation: z.string(),
      report: VerificationReport
    }),
    topics: ['bundles']
  }),
  /** Keys on this machine that a reviewer without a workspace can sign with. */
  keys: query({
    input: z.object({}),
    output: z.array(z.object({ name: z.string(), fingerprint: z.string(), keyPath: z.string(), demo: z.boolean() }))
  }),
  /** Makes a reviewer's key on this machine, outside any workspace. */
  createKey: command({
    input: z.object({
      name: z.string().trim().min(1).max(120),
      passphrase: z.string().min(8, 'The passphrase needs at least 8 characters.')
    }),
    output: z.object({ name: z.string(), fingerprint: z.string(), keyPath: z.string() }),
    topics: ['bundles']
  })
}
