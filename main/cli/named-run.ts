import { WorkbenchError } from '../model/errors'
import { didYouMean } from '../model/near-names'
import type { RunDetail } from '../model/run'
import { everyPage, type WorkspaceClient } from './workspace-client'

const looksLikeId = /^[0-9a-f]{4,32}$/

/**
 * The run of an id, of its beginning (4 digits or more), or of its name.
 * @throws WorkbenchError NOT_FOUND with the names that are near, CONFLICT where several runs have the name
 */
export async function runNamed({ experiments }: Pick<WorkspaceClient, 'experiments'>, given: string): Promise<RunDetail> {
  if (looksLikeId.test(given)) {
    try {
      return await experiments.find({ prefix: given })
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'NOT_FOUND') throw error
    }
  }
  const { entries } = await everyPage(
    100_000,
    1_000,
    (offset, limit) => experiments.runs({ offset, limit }),
    ({ runs }) => runs
  )
  const found = entries.filter(({ name }) => name === given)
  if (found.length === 1) return experiments.run({ id: found[0].id })
  if (found.length > 1)
    throw new WorkbenchError(
      'CONFLICT',
      `${found.length} runs are called "${given}": ${found
        .slice(0, 5)
        .map(({ id }) => id.slice(0, 8))
        .join(', ')}${found.length > 5 ? ' and more' : ''}. Nothing was done. Give the id of one.`
    )
  throw new WorkbenchError(
    'NOT_FOUND',
    `There is no run "${given}" in this workspace.${didYouMean(given, new Set(entries.map(({ name }) => name)))} "drydock runs" lists them, each with its id.`
  )
}
