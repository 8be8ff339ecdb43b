import { WorkbenchError } from '../../../model/errors'
import { breathe } from '../../numerics'

/** A run whose scores lie in the file that its evaluation kept. */
export interface Filed {
  path: string
}

/** What files of scores say of their runs, as plain data. */
export interface MeasuredOfFiles<Measured> {
  /** By run: why its scores cannot be read. */
  unreadable: (string | null)[]
  /** By run: judged on the rows and outcomes of the first run that can be read. */
  onSameRows: boolean[]
  /** These have too many rows to be compared row by row. */
  tooMany: boolean
  /** Runs on the same rows in their order; null where there are none to compare. */
  measured: Measured | null
}

export interface FileMeasuring<Run extends Filed, Scores extends { scores: Float64Array }, Measured> {
  read(path: string): Scores
  areSameRows(a: Scores, b: Scores): boolean
  /** Scores of all runs together that are compared row by row: beyond, they do not fit in memory with room to spare. */
  mostScores: number
  measure(runs: readonly (Omit<Run, 'path'> & { scores: Scores })[]): Promise<Measured>
}

/**
 * Reads the scores of runs, and looks at the rows of those that were judged on the same ones.
 * @throws WorkbenchError CANCELLED
 */
export async function measureRunFiles<Run extends Filed, Scores extends { scores: Float64Array }, Measured>(
  runs: readonly Run[],
  { read, areSameRows, mostScores, measure }: FileMeasuring<Run, Scores, Measured>,
  signal?: AbortSignal
): Promise<MeasuredOfFiles<Measured>> {
  const unreadable: (string | null)[] = []
  const onSameRows: boolean[] = []
  const same: (Omit<Run, 'path'> & { scores: Scores })[] = []
  for (const { path, ...asked } of runs) {
    await breathe(signal)
    const scores = readOr(read, path)
    unreadable.push(typeof scores === 'string' ? scores : null)
    const isSame = typeof scores !== 'string' && (same.length === 0 || areSameRows(same[0]!.scores, scores))
    onSameRows.push(isSame)
    if (isSame) same.push({ ...asked, scores })
  }
  const tooMany = same.length > 1 && same.length * same[0]!.scores.scores.length > mostScores
  return { unreadable, onSameRows, tooMany, measured: same.length < 2 || tooMany ? null : await measure(same) }
}

function readOr<Scores>(read: (path: string) => Scores, path: string): Scores | string {
  try {
    return read(path)
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    return error.message
  }
}
