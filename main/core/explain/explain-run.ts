import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkProgress } from '../../model/dataset'
import type { Explanation } from '../../model/explanation'
import type { RunArtifact } from '../../model/run'
import type { WorkspaceContext } from '../workspace'
import { describe } from './describe'
import { backgroundRows } from './explain-file'
import { tablesOf, type KnownModel } from './known-model'
import { ModelExplainer } from './model-explainer'
import { sampleRows } from './read-rows'
import type { ExplainMethod } from './spaces'
import { writeArrow } from './write-contributions'

export interface ExplainRunOptions {
  method: ExplainMethod
  rows?: number
  seed: number
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
}

/** Rows that are explained where nobody says how many: a black box is asked thousands of times for each. */
const usualRows = { whiteBox: 1000, blackBox: 40 } as const

/**
 * Explains rows that a run was judged on, or else learned from, against the training rows; both documents are put into the store.
 * @throws WorkbenchError what `ModelExplainer` and `tablesOf` throw, CANCELLED
 */
export async function explainRun(
  { directory, objects }: Pick<WorkspaceContext, 'directory' | 'objects'>,
  model: KnownModel,
  { method, rows, seed, signal, onProgress }: ExplainRunOptions
): Promise<{ explanation: Explanation; artifacts: RunArtifact[] }> {
  const { signature } = model
  const tables = tablesOf(model)
  onProgress?.({ fraction: null, message: 'Reading the rows' })
  const background = await sampleRows(tables.background, signature, backgroundRows[method], signal)
  const explainer = await ModelExplainer.open({ model: model.path, signature, background, method, seed, signal })
  const part = join(directory, 'tmp', `contributions-${randomUUID()}.arrow`)
  try {
    const most = rows ?? (explainer.method === 'kernel' ? usualRows.blackBox : usualRows.whiteBox)
    const frame = await sampleRows(tables.rows.table, signature, most, signal)
    const found = await explainer.explain(frame, signal, (share) =>
      onProgress?.({ fraction: 0.1 + 0.85 * share, message: 'Explaining the rows' })
    )
    const from = model.training === undefined ? 'explained rows' : 'training rows'
    const explanation = describe(explainer, { model: { name: model.name, sha256: model.sha256 }, signature, frame, found, from, seed })
    await writeArrow(part, { features: explainer.features, outputs: explainer.outputs, base: explainer.base, found })
    const [document, contributions] = [await objects.putBytes(JSON.stringify(explanation)), await objects.putFile(part, { move: true })]
    return {
      explanation,
      artifacts: [
        { name: 'explanation.json', kind: 'explanation', ...document },
        { name: 'contributions.arrow', kind: 'contributions', ...contributions }
      ]
    }
  } finally {
    await rm(part, { force: true })
    await explainer.close()
  }
}
