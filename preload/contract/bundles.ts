import { z } from 'zod'
import {
  AskedBefore,
  bundleShapes,
  DecidedBundle,
  ExportedBundle,
  ReviewedPlace,
  StandingRejection,
  TrustChoice
} from '../../main/model/commands/bundles'
import { VerdictQuestion, VerificationReport } from '../../main/model/bundle'
import { modelVersionKey } from '../../main/model/commands/models'
import { placeInput } from '../../main/model/place'
import { command, query, stream } from '../wire/definitions'
import { Sha256 } from '../../main/model/reference'

export const BundleProgress = z.object({ stage: z.string(), fraction: z.number() })

export const bundles = {
  list: query({ input: z.object({}), output: z.array(ExportedBundle) }),
  export: stream({ ...bundleShapes.export, item: BundleProgress }),
  /** Opens and checks a bundle; works without a workspace and writes nothing. */
  inspect: stream({
    input: z
      .object({
        path: placeInput('read'),
        question: VerdictQuestion.optional(),
        /** Keeps what is asked for the next time that this user reviews this bundle on this machine. */
        remember: z.boolean().optional()
      })
      .extend(TrustChoice.shape),
    item: BundleProgress,
    output: z.object({
      path: z.string(),
      report: VerificationReport,
      files: z.array(
        z.object({
          path: z.string(),
          size: z.number(),
          /** `uncovered` carries a signature of its own; `set-aside` is among those and counts for nothing; `unsigned` means that no signature holds that could cover it. */
          state: z.enum(['verified', 'changed', 'added', 'missing', 'uncovered', 'set-aside', 'unsigned']),
          /** What a verified file was verified to be. */
          sha256: Sha256.nullish()
        })
      ),
      model: z
        .object({
          name: z.string(),
          version: z.string(),
          summary: z.string(),
          concern: z.object({ tone: z.enum(['error', 'warn']), text: z.string() }).nullable()
        })
        .nullable(),
      demo: z.boolean(),
      /** As it was before this question. */
      askedBefore: AskedBefore.optional()
    })
  }),
  /** Forgets what this user asked of the bundle with this model.sig. */
  forgetAsked: command({ input: z.object({ bundleDigest: Sha256 }), output: z.null(), topics: [] }),
  /** One file of a bundle for display; text up to 4 MiB, never executed. Refused when it is not what `sha256` says it was verified to be. */
  file: query({
    input: z.object({ path: placeInput('read'), file: z.string().min(1).max(4096), sha256: Sha256.nullish() }),
    output: z.object({
      kind: z.enum(['json', 'yaml', 'html', 'text', 'binary']),
      text: z.string(),
      size: z.number(),
      truncated: z.boolean()
    })
  }),
  /** What is known here of decisions about exports. */
  decisions: query({ input: z.object({}), output: z.array(DecidedBundle) }),
  /** By whom of the workspace a version is rejected, over all of its exports; it is neither approved nor released while that stands. */
  rejections: query({ input: modelVersionKey, output: z.array(StandingRejection) }),
  takeDecisions: command(bundleShapes.takeDecisions),
  /** Bundles that were reviewed on this machine, newest first; the window opens one again by its id. */
  reviewed: query({ input: z.object({}), output: z.array(ReviewedPlace) }),
  countersign: command(bundleShapes.countersign),
  /** Keys on this machine that a reviewer without a workspace can sign with. */
  keys: query({
    input: z.object({}),
    output: z.array(z.object({ name: z.string(), fingerprint: z.string(), keyPath: z.string(), demo: z.boolean() }))
  }),
  createKey: command(bundleShapes.createKey),
  saveCard: command(bundleShapes.saveCard),
  saveSheet: command(bundleShapes.saveSheet),
  savePublicKey: command(bundleShapes.savePublicKey)
}
