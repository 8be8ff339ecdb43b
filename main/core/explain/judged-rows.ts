import { WorkbenchError } from '../../model/errors'
import type { ModelSignature } from '../../model/training'
import { inspectArrowFile } from '../../storage/arrow/inspect'
import { readFrame, selectRows } from '../frames'
import { pickOutcomes, taskOf } from '../tasks'
import { clustersOf } from '../training'
import type { JudgedRows } from './permutation'

export interface JudgedRowsOptions {
  /** Column with what each row counts. */
  weight?: string
  /** How rows belong together. */
  clusters?: { by: 'group' | 'time'; column: string }
  /** An even sample of so many rows with an outcome. */
  most: number
  signal?: AbortSignal
}

/** Rows of an Arrow file whose outcome is known, with it; null where the file has no such column, or nothing in it that the model answers. */
export async function judgedRows(
  table: string,
  signature: ModelSignature,
  { weight, clusters, most, signal }: JudgedRowsOptions
): Promise<JudgedRows | null> {
  const { target, inputs } = signature
  const has = new Set((await inspectArrowFile(table)).columns.map(({ name }) => name))
  if (!has.has(target.name)) return null
  const exposure = 'exposure' in target ? target.exposure : undefined
  const also = [target.name, weight, exposure, clusters?.column].filter((name) => name !== undefined && has.has(name)) as string[]
  const whole = await readFrame(table, [...new Set([...inputs.map(({ name }) => name), ...also])], signal)
  try {
    const { frame, target: outcomes } = taskOf(signature).rowsToJudge(whole, target.name, target, { weight, exposure })
    const step = Math.max(1, frame.rows / most)
    const rows = Uint32Array.from({ length: Math.min(most, frame.rows) }, (_, at) => Math.floor(at * step))
    const picked = selectRows(frame, rows)
    const grouped = clusters && frame.columns.has(clusters.column) ? clustersOf(picked, clusters) : null
    return { frame: picked, ...pickOutcomes(outcomes, rows), clusters: grouped && { column: grouped.column, codes: grouped.codes } }
  } catch (error) {
    // What stands there is no outcome of this model, so nothing can be lost of its skill; the explanation itself does not need one.
    if (error instanceof WorkbenchError && error.code === 'INVALID_INPUT') return null
    throw error
  }
}
