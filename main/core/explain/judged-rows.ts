import { WorkbenchError } from '../../model/errors'
import type { ModelSignature } from '../../model/training'
import { inspectArrowFile } from '../../storage/arrow/inspect'
import { readFrame, selectRows, type Frame } from '../frames'
import { pickOutcomes, taskOf } from '../tasks'
import { clustersOf } from '../training'
import type { JudgedRows } from './permutation'
import { collectRows } from './read-rows'

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
  const { target } = signature
  const has = new Set((await inspectArrowFile(table)).columns.map(({ name }) => name))
  if (!has.has(target.name)) return null
  const exposure = 'exposure' in target ? target.exposure : undefined
  const also = [target.name, weight, exposure, clusters?.column].filter((name) => name !== undefined && has.has(name)) as string[]
  // Outcomes of all rows, and the inputs of the picked ones alone: a wide table is never held whole.
  const outcomesOfAll = await readFrame(table, [...new Set(also)], signal)
  try {
    const { frame, target: outcomes } = taskOf(signature).rowsToJudge(outcomesOfAll, target.name, target, { weight, exposure })
    const step = Math.max(1, frame.rows / most)
    const rows = Uint32Array.from({ length: Math.min(most, frame.rows) }, (_, at) => Math.floor(at * step))
    const known = selectRows(frame, rows)
    const places = new Set(Array.from(rows, (row) => outcomes.rows[row]!))
    const asked = await collectRows(table, signature, (row) => places.has(row), signal)
    const picked: Frame = { rows: rows.length, columns: new Map([...asked.columns, ...known.columns]) }
    const grouped = clusters && frame.columns.has(clusters.column) ? clustersOf(picked, clusters) : null
    return { frame: picked, ...pickOutcomes(outcomes, rows), clusters: grouped && { column: grouped.column, codes: grouped.codes } }
  } catch (error) {
    // What stands there is no outcome of this model, so nothing can be lost of its skill; the explanation itself does not need one.
    if (error instanceof WorkbenchError && error.code === 'INVALID_INPUT') return null
    throw error
  }
}
