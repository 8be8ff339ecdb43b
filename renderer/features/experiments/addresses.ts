import { hrefTo, navigate } from '../../ui'
import type { RunId } from '../../../main/model/reference'
import { MOST_COMPARED } from '../../../main/model/run'

export const RUN_LIMIT = MOST_COMPARED

export const runHref = (id: RunId): string => hrefTo('experiments', ['runs', id])
export const openRun = (id: string): void => navigate('experiments', ['runs', id])

/** The comparison of these runs; without a chosen baseline the host names one and says why. */
export const compareQuery = (ids: readonly string[], baseline?: string): Record<string, string> => ({
  ids: ids.join(','),
  ...(baseline !== undefined && ids.includes(baseline) && { baseline })
})
export const openComparison = (ids: readonly string[], { baseline, ...options }: { baseline?: string; replace?: boolean } = {}): void =>
  navigate('experiments', ['compare'], compareQuery(ids, baseline), options)

/** Names by run id; runs of the same name are told apart by the beginning of their id. */
export function distinctNames(runs: readonly { id: string; name: string }[]): Map<string, string> {
  const uses = new Map<string, number>()
  for (const run of runs) uses.set(run.name, (uses.get(run.name) ?? 0) + 1)
  return new Map(runs.map((run) => [run.id, (uses.get(run.name) ?? 0) > 1 ? `${run.id.slice(0, 8)} ${run.name}` : run.name]))
}

/** Run ids of an address; what is not an id is left out. */
export function parseIds(text: string | undefined): string[] {
  return [...new Set((text ?? '').split(',').filter((id) => /^[0-9a-f]{32}$/.test(id)))]
}
