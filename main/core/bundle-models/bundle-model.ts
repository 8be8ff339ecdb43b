import { createHash } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { VerificationReport } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import { modelSignatureSchema } from '../../model/training'
import { digestFrom } from '../../storage/objects/durable-files'
import { openBundle } from '../bundle-format'
import { inspectBundle } from '../bundles'
import type { ScoredModel } from '../scoring'

type Trust = Parameters<typeof inspectBundle>[1]
const MODEL = 'model/model.onnx'
const SIGNATURE = 'model/signature.json'
const EVALUATION = 'evidence/evaluation.json'

/**
 * The model of a bundle as it can score, after the bundle was verified as `verify` does it. `folder` takes the graph, whose bytes are those that
 * were verified.
 * @throws WorkbenchError SIGNATURE_INVALID where the bundle does not hold, POLICY_DENIED where somebody whom the reader trusts rejects it,
 * INVALID_INPUT for a bundle without model.onnx and signature.json
 */
export async function bundleModel(
  bundle: string,
  trust: Trust,
  folder: string,
  signal?: AbortSignal
): Promise<{ model: ScoredModel; report: VerificationReport }> {
  const { report, files, model: card } = await inspectBundle(bundle, trust, { signal })
  assertHolds(bundle, report)
  const digests = new Map(files.map(({ path, sha256 }) => [path, sha256]))
  if (!digests.get(MODEL) || !digests.get(SIGNATURE))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${bundle}" has no ${MODEL} with a ${SIGNATURE}, so it cannot score. Ask for a bundle of a model that was exported with both.`
    )
  const opened = await openBundle(bundle)
  try {
    const verified = async (name: string): Promise<string> => {
      const path = join(folder, name.replaceAll('/', '-'))
      const hash = createHash('sha256')
      const handle = await fs.open(path, 'wx', 0o600)
      try {
        for await (const chunk of opened.chunks(name)) {
          hash.update(chunk)
          await handle.writeFile(chunk)
        }
      } finally {
        await handle.close()
      }
      if (digestFrom(hash) === digests.get(name)) return path
      throw new WorkbenchError(
        'DIGEST_MISMATCH',
        `"${name}" was changed after the bundle was verified. Nothing was scored. Verify the bundle again.`
      )
    }
    const read = async (name: string): Promise<unknown> => JSON.parse(await fs.readFile(await verified(name), 'utf8'))
    const signature = modelSignatureSchema.parse(await read(SIGNATURE))
    const evaluation = digests.get(EVALUATION) ? ((await read(EVALUATION)) as { threshold?: unknown }) : null
    const model: ScoredModel = {
      name: card ? `${card.name}@${card.version}` : (report.subjectName ?? 'model'),
      path: await verified(MODEL),
      sha256: digests.get(MODEL)!,
      signature,
      decidesFrom: typeof evaluation?.threshold === 'number' ? evaluation.threshold : null,
      reference: { why: 'A bundle does not hold what the training rows looked like. Score in the workspace of the model to be told.' }
    }
    return { model, report }
  } finally {
    await opened.close()
  }
}

function assertHolds(bundle: string, { verdict, summary }: VerificationReport): void {
  if (verdict === 'altered')
    throw new WorkbenchError(
      'SIGNATURE_INVALID',
      `"${bundle}" does not hold: ${summary} Its model was not run. "drydock verify" names what is wrong; ask the author for the bundle again.`
    )
  if (verdict === 'rejected')
    throw new WorkbenchError('POLICY_DENIED', `"${bundle}" is rejected: ${summary} Its model was not run. "drydock verify" says by whom.`)
}
