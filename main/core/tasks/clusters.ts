/** Rows that belong together where the split kept groups or times apart: intervals draw them together. */
export interface Clusters {
  by: 'group' | 'time'
  column: string
  /** Number of the cluster of each row. */
  codes: Uint32Array
}

/** Clusters as an evaluation names them. */
export const describeClusters = ({ by, column, codes }: Clusters) => ({ by, column, count: new Set(codes).size })

/** With fewer clusters than this an interval knows little of how they differ. */
const fewestClusters = 30

/** Says that intervals rest on few clusters. */
export function clusterWarning(clusters: Clusters | null | undefined, bootstrapSamples: number): string[] {
  if (!clusters || bootstrapSamples === 0) return []
  const { by, column, count } = describeClusters(clusters)
  if (count >= fewestClusters) return []
  return [
    `The judged rows come from only ${count} ${by === 'time' ? 'blocks of time' : `groups of "${column}"`}; intervals from so few say less than they seem to. Judge rows of more of them.`
  ]
}
