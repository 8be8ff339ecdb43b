import { DuckDBTableFunction, VARCHAR } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { fromSystemError, type WorkbenchError } from '../../model/errors'
import { type ArrowFile, assertUncompressed, createDictionaries, loadBatchColumn, openArrowFile, type PlacedBatch } from './arrow-file'
import { columnNames } from './arrow-types'
import { duckTypeOf } from './duck-types'
import type { FilePool } from './file-handles'
import { type ColumnFiller, createFiller, type FillContext } from './vector-fill'

interface BindState {
  arrow: ArrowFile
}

interface ScanState {
  arrow: ArrowFile
  /** File column of each output column; undefined for one DuckDB asks for without reading it (row counts). */
  columns: (number | undefined)[]
  context: FillContext
  nextBatch: number
  batch?: PlacedBatch
  row: number
  fillers: (ColumnFiller | undefined)[]
}

export interface ReadArrowOptions {
  /** SQL name. */
  name?: string
  pool: FilePool
  /** Resolves and permits a path, or throws. */
  guard: (path: string) => string
  /** Keeps the error behind a message, so that the caller of the query gets it back whole. */
  onError?: (error: WorkbenchError) => void
  /** Reads value by value instead of in bulk. */
  plain?: boolean
}

/**
 * `read_arrow('path')`: scans an uncompressed Arrow IPC file. Projection is pushed down, rows come in file order on one thread, and the scan
 * stops where DuckDB stops asking. Every offset is checked before DuckDB sees a byte.
 */
export function createReadArrow(options: ReadArrowOptions): DuckDBTableFunction {
  const { name = 'read_arrow', pool, guard, onError, plain } = options
  const report = (error: unknown, info: { setError(message: string): void }): void => {
    const known = fromSystemError(error, 'reading an Arrow file')
    onError?.(known)
    info.setError(known.message)
  }
  return DuckDBTableFunction.create({
    name,
    parameterTypes: [VARCHAR],
    supportsProjectionPushdown: true,
    bindFunction: (info) => {
      try {
        const arrow = openArrowFile(pool.get(guard(String(info.getParameter(0)))))
        const types = arrow.fields.map((field) => duckTypeOf(field))
        assertUncompressed(arrow)
        columnNames(arrow.fields).forEach((column, index) => {
          const type = types[index]
          if (type) info.addResultColumn(column, type)
        })
        info.setCardinality(arrow.rows, true)
        info.setBindData({ arrow } satisfies BindState)
      } catch (error) {
        report(error, info)
      }
    },
    initFunction: (info) => {
      try {
        const { arrow } = info.bindData as BindState
        const columns = info.getColumnIndexes().map((index) => (index >= 0 && index < arrow.fields.length ? index : undefined))
        const context: FillContext = { dictionaries: createDictionaries(arrow), cells: new Map(), plain }
        info.setInitData({ arrow, columns, context, nextBatch: 0, row: 0, fillers: [] } satisfies ScanState)
      } catch (error) {
        report(error, info)
      }
    },
    mainFunction: (info, chunk) => {
      try {
        chunk.rowCount = 0
        const scan = info.initData as ScanState
        if (!advance(scan) || !scan.batch) return
        const count = Math.min(duckdb.vector_size(), scan.batch.rows - scan.row)
        chunk.rowCount = count
        scan.fillers.forEach((fill, index) => fill?.(chunk, index, scan.row, count))
        scan.row += count
      } catch (error) {
        chunk.rowCount = 0
        report(error, info)
      }
    }
  })
}

/** Moves to the next batch that has rows left; loads and checks its projected columns. */
function advance(scan: ScanState): boolean {
  while (!scan.batch || scan.row >= scan.batch.rows) {
    const batch = scan.arrow.batches[scan.nextBatch++]
    scan.fillers = []
    scan.batch = batch
    scan.row = 0
    if (!batch) return false
    if (batch.rows === 0) continue
    scan.fillers = scan.columns.map((column) =>
      column === undefined ? undefined : createFiller(loadBatchColumn(scan.arrow, batch, column), scan.context)
    )
  }
  return true
}
