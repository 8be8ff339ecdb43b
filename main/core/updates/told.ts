import type { ChangeFeed } from '../changes'

/** Does work on the versions and has every window of this program show them as they are then. */
export async function told<T>(changes: Pick<ChangeFeed, 'publish'>, work: Promise<T>): Promise<T> {
  const result = await work
  changes.publish('updates')
  return result
}
