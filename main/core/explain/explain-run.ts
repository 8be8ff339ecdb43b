import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkProgress } from '../../model/dataset'
import type { Explanation } from '../../model/explanation'
import type { RunArtifact } from '../../model/run'
import type { WorkspaceContext } from '../workspace'
import { usualDependence } from './dependence'
import { explainTable } from './explain-table'
import { tablesOf, type KnownModel } from './known-model'
import type { ExplainMethod } from './spaces'

export interface ExplainRunOptions {
  method: ExplainMethod
  /** As many as are quick for the model where it is not said. */
  rows?: number
  seed: number
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
}

/** How often each column is shuffled, as in the step. */
const usualShuffles = 5

/**
 * Explains rows that a run was judged on, or else learned from, against the training rows; the documents are put into the store.
 * @throws WorkbenchError what `explainTable` and `tablesOf` throw, CANCELLED
 */
export async function explainRun(
  { directory, objects }: Pick<WorkspaceContext, 'directory' | 'objects'>,
  model: KnownModel,
  { method, rows, seed, signal, onProgress }: ExplainRunOptions
): Promise<{ explanation: Explanation; artifacts: RunArtifact[] }> {
  const { rows: explained } = tablesOf(model)
  onProgress?.({ fraction: null, message: 'Reading the rows' })
  const part = join(directory, 'tmp', `contributions-${randomUUID()}.arrow`)
  try {
    const { explanation, dependence } = await explainTable({
      ...{ model: model.path, signature: model.signature, name: model.name, sha256: model.sha256 },
      ...{ table: explained.table, background: model.training, from: 'training rows', weight: model.weight },
      clusters: model.clusters,
      ...{ method, rows, seed, out: part, signal },
      explained: { table: explained.sha256, split: explained.split },
      // What is lost on rows that were learned from is no loss of skill.
      shuffles: explained.split === 'training' ? 0 : usualShuffles,
      ...{ curveRows: usualDependence.rows, grid: usualDependence.grid, lines: usualDependence.lines },
      onProgress: (share) => onProgress?.({ fraction: share, message: 'Explaining the rows' })
    })
    const [document, contributions, curves] = [
      await objects.putBytes(JSON.stringify(explanation)),
      await objects.putFile(part, { move: true }),
      await objects.putBytes(JSON.stringify(dependence))
    ]
    return {
      explanation,
      artifacts: [
        { name: 'explanation.json', kind: 'explanation', ...document },
        { name: 'contributions.arrow', kind: 'contributions', ...contributions },
        { name: 'dependence.json', kind: 'dependence', ...curves }
      ]
    }
  } finally {
    await rm(part, { force: true })
  }
}
