import { openArrowFile } from './arrow-file'
import { arrowTypeName } from './arrow-types'
import { FilePool } from './file-handles'
import { resolvePath } from './normalise'

export interface ArrowFileSummary {
  rows: number
  batches: number
  /** `type` is Arrow's name, such as `timestamp[us, UTC]`. */
  columns: { name: string; type: string; nullable: boolean }[]
  compressed: boolean
}

/** What an Arrow IPC file says about itself, from its footer and batch headers; no values are read. Errors: INVALID_INPUT, NOT_FOUND */
export async function inspectArrowFile(path: string): Promise<ArrowFileSummary> {
  const pool = new FilePool(1)
  try {
    const arrow = openArrowFile(pool.get(resolvePath(path)))
    return {
      rows: arrow.rows,
      batches: arrow.batches.length,
      columns: arrow.fields.map((field) => ({ name: field.name, type: arrowTypeName(field), nullable: field.nullable })),
      compressed: arrow.compressed
    }
  } finally {
    pool.closeAll()
  }
}
