import { promises as fs } from 'node:fs'
import type { VerificationReport } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import { modelSignatureSchema } from '../../model/training'
import { decisionOf, type ScoredModel } from '../scored-models'
import { withVerifiedBundle, type Trust } from './verified-bundle'

/** The graph, or the program of a model without ONNX form, which starts only where that was asked for. */
const MODELS = ['model/model.onnx', 'model/scorer.json']
const SIGNATURE = 'model/signature.json'
const EVALUATION = 'evidence/evaluation.json'

/**
 * The model of a bundle as it can score, after the bundle was verified as `verify` does it. `folder` takes the graph, whose bytes are those that
 * were verified.
 * @throws WorkbenchError SIGNATURE_INVALID where the bundle does not hold, POLICY_DENIED where somebody whom the reader trusts rejects it,
 * INVALID_INPUT for a bundle without model.onnx and signature.json
 */
export const bundleModel = (
  bundle: string,
  trust: Trust,
  folder: string,
  signal?: AbortSignal
): Promise<{ model: ScoredModel; report: VerificationReport }> =>
  withVerifiedBundle(bundle, trust, signal, async ({ report, name, digests, extract }) => {
    const own = MODELS.find((path) => digests.has(path)) ?? MODELS[0]!
    const sha256 = digests.get(own)
    if (!sha256 || !digests.has(SIGNATURE))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${bundle}" has no ${MODELS[0]} with a ${SIGNATURE}, so it cannot score. Ask for a bundle of a model that was exported with both.`
      )
    const read = async (file: string): Promise<unknown> => JSON.parse(await fs.readFile(await extract(file, folder), 'utf8'))
    const signature = modelSignatureSchema.parse(await read(SIGNATURE))
    const evaluation = digests.has(EVALUATION) ? ((await read(EVALUATION)) as { threshold?: unknown }) : null
    const model: ScoredModel = {
      name,
      path: await extract(own, folder),
      sha256,
      signature,
      decidesFrom: decisionOf(signature, typeof evaluation?.threshold === 'number' ? evaluation.threshold : null),
      reference: { why: 'A bundle does not hold what the training rows looked like. Score in the workspace of the model to be told.' }
    }
    return { model, report }
  })
