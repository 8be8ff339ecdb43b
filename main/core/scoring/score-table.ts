import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import type { WorkProgress } from '../../model/dataset'
import type { Sha256 } from '../../model/reference'
import type { ScoreReport } from '../../model/scoring'
import { arrowColumns } from '../../storage/arrow'
import { inspectArrowFile } from '../../storage/arrow/inspect'
import { readSignature } from '../training'
import { assertColumns, decisionOf, referenceOf, type ScoredModel } from '../scored-models'
import { assertKept, scoreColumns } from './score-columns'
import { withReasons } from './reasons'
import { reportOf } from './score-report'
import { scoreStaged } from './score-staged'
import { writeScores } from './write-scores'

export interface ScoreTableOptions {
  /** Paths of model.onnx and signature.json. */
  model: string
  signature: string
  /** What it is called in the report, and the digest of model.onnx. */
  name: string
  sha256: Sha256
  decidesFrom: number | null
  /** Arrow file of the rows. */
  table: { path: string; sha256: Sha256; name: string }
  /** Arrow file of the training rows, or why there is none. */
  training: string | { why: string }
  keep: readonly string[]
  strict: boolean
  /** Columns with so many of the largest contributions to each answer; 0 for none. */
  explain: number
  /** Arrow file for the scores. */
  out: string
  /** A model that is a program may be started. */
  programs?: 'allowed'
  /** Folder for what is written on the way. */
  temporary: string
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
}

/**
 * Scores every row of a table that is an Arrow file already, in the memory of a batch.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED, CANCELLED
 */
export async function scoreTableFile(options: ScoreTableOptions): Promise<ScoreReport> {
  const { model: path, name, sha256, table, training, keep, strict, out, programs, signal, onProgress } = options
  const signature = await readSignature(path, options.signature)
  const seen = arrowColumns(table.path).map((column) => column.name)
  assertColumns(
    signature,
    keep,
    seen.map((each) => ({ name: each, source: each, kind: 'other' })),
    table.name
  )
  const count = Math.min(options.explain, signature.inputs.length)
  const decidesFrom = decisionOf(signature, options.decidesFrom)
  const columns = scoreColumns(signature, decidesFrom, count)
  assertKept(keep, columns.names)
  const reference = typeof training === 'string' ? await referenceOf(signature, training, signal) : training
  const known = typeof training === 'string' && { training }
  const model: ScoredModel = { name, path, sha256, signature, decidesFrom, reference, ...known }
  const { rows } = await inspectArrowFile(table.path)
  const directory = join(options.temporary, `scores-${randomUUID()}`)
  await fs.mkdir(directory, { recursive: true })
  try {
    const scores = keep.length === 0 ? out : join(directory, 'scores.arrow')
    const staged = { file: table.path, rows, lineOf: () => null }
    const tally = await withReasons(model, staged, { count, programs, signal }, (reasons) =>
      scoreStaged(model, staged, { columns, scores, strict, reasons, programs, signal, onProgress })
    )
    if (keep.length > 0) await writeScores({ out, format: 'arrow', keep, scores, table: table.path, temporary: directory, signal })
    const lost = { count: 0, rows: [], reasons: [] }
    const file = { sha256: table.sha256, format: 'arrow' as const, rows, lost }
    return reportOf(model, table.name, file, tally, { seen, keep, columns: columns.names })
  } finally {
    await fs.rm(directory, { recursive: true, force: true })
  }
}
