import { availableParallelism } from 'node:os'

/** Values to put into bins below which another thread costs more than it saves. */
const valuesPerThread = 400_000
const mostThreads = 8

/** How many threads a fit takes, of the cores of the machine; what it finds does not depend on it. */
export function threadsFor(rows: number, features: number, cores = availableParallelism()): number {
  return Math.max(1, Math.min(mostThreads, cores, Math.floor((rows * features) / valuesPerThread)))
}
