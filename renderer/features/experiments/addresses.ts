import { hrefTo, navigate } from '../../ui'

export const RUN_LIMIT = 50

export const runHref = (id: string): string => hrefTo('experiments', ['runs', id])
export const openRun = (id: string): void => navigate('experiments', ['runs', id])

/** The comparison of these runs; the first is the baseline. */
export const compareQuery = (ids: readonly string[]): Record<string, string> => ({ ids: ids.join(',') })
export const openComparison = (ids: readonly string[], options: { replace?: boolean } = {}): void =>
  navigate('experiments', ['compare'], compareQuery(ids), options)

/** Run ids of an address; what is not an id is left out. */
export function parseIds(text: string | undefined): string[] {
  return [...new Set((text ?? '').split(',').filter((id) => /^[0-9a-f]{32}$/.test(id)))]
}
