import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { ImportChoices, WorkProgress } from '../../model/dataset'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { scoreFormats, type ScoredFile, type ScoreFormat } from '../../model/scoring'
import { renameDurably, sha256File } from '../../storage/objects/durable-files'
import { withStagedTable } from '../datasets'
import { assertColumns, assertNoMisfits, chooseColumns, type ScoredModel } from '../scored-models'
import { assertKept, scoreColumns } from './score-columns'
import { reportOf } from './score-report'
import { withReasons } from './reasons'
import { scoreStaged } from './score-staged'
import { assertReportPlace, writeReport } from './write-report'
import { writeScores } from './write-scores'

export interface ScoreFileOptions {
  file: string
  /** How the file is read, as an import takes it. */
  choices?: ImportChoices
  /** Where the scores go, by ending. */
  out: string
  /** Where the report goes: .json, or .csv with a row for each finding. */
  report?: string
  /** Columns of the file that go with the scores. */
  keep?: readonly string[]
  /** A value that training did not know is an error. */
  strict?: boolean
  /** Columns with so many of the largest contributions to each answer. */
  explain?: number
  /** A model that is a program may be started: a person said so. */
  runProgram?: boolean
  /** Folder for what is written on the way. */
  temporary: string
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
}

/** @throws WorkbenchError INVALID_INPUT for an ending that is none of the formats */
export function formatOf(out: string): ScoreFormat {
  const ending = extname(out).slice(1).toLowerCase()
  const format = scoreFormats.find((each) => each === ending)
  if (format) return format
  throw new WorkbenchError(
    'INVALID_INPUT',
    `"${basename(out)}" must end in ${scoreFormats.map((each) => `.${each}`).join(', ')}, which says how the scores are written.`
  )
}

/**
 * Scores every row of a file, in the order of its rows, and says how its columns differ from what the model met in training. Needs the memory of
 * a batch. A failure or a cancel leaves no file; an older file of that name stays until the new one is whole.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED, CANCELLED, DISK_FULL
 */
export async function scoreFile(model: ScoredModel, options: ScoreFileOptions): Promise<ScoredFile> {
  const { file, choices = {}, keep = [], temporary, signal, onProgress } = options
  const out = resolve(options.out)
  const format = formatOf(out)
  if (options.report !== undefined) assertReportPlace(options.report)
  const { signature } = model
  const reportPath = options.report === undefined ? undefined : resolve(options.report)
  await assertPlaces([out, ...(reportPath === undefined ? [] : [reportPath])], resolve(file))
  const reasonCount = Math.min(options.explain ?? 0, signature.inputs.length)
  const columns = scoreColumns(signature, model.decidesFrom, reasonCount)
  assertKept(keep, columns.names)
  let seen: string[] = []
  const directory = join(temporary, `scores-${randomUUID()}`)
  const beside = join(dirname(out), `.${randomUUID()}.tmp`)
  await fs.mkdir(directory, { recursive: true })
  try {
    return await withStagedTable(
      temporary,
      file,
      choices,
      (found) => {
        assertColumns(signature, keep, found, basename(file))
        seen = found.map(({ name }) => name)
        return chooseColumns(signature, keep, found, choices.columns ?? [], !/\.(arrow|feather|ipc|parquet)$/i.test(file))
      },
      async (staged) => {
        assertNoMisfits(signature, staged.misfits)
        const scores = join(directory, 'scores.arrow')
        const strict = options.strict === true
        const programs = options.runProgram ? ('allowed' as const) : undefined
        const tally = await withReasons(model, staged, { count: reasonCount, programs, signal }, (reasons) =>
          scoreStaged(model, staged, { columns, scores, strict, reasons, programs, signal, onProgress })
        )
        const report = reportOf(model, basename(file), staged, tally, { seen, keep, columns: columns.names })
        onProgress?.({ fraction: 0.95, message: 'Writing the scores' })
        const written = { out: beside, format, keep, scores, table: staged.file, temporary: directory, signal }
        const head = await writeScores(written)
        const { size: bytes } = await fs.stat(beside)
        const sha256 = await sha256File(beside)
        // Scores stand at their place only together with their report.
        if (reportPath !== undefined) await writeReport(reportPath, report)
        await renameDurably(beside, out)
        return { path: out, format, bytes, sha256, ...(reportPath !== undefined && { reportPath }), report, head }
      },
      { signal, onProgress: onProgress && (({ fraction, message }) => onProgress({ fraction: fraction && fraction * 0.3, message })) }
    )
  } catch (error) {
    if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'Scoring was cancelled. Nothing was kept.', { cause: error })
    throw fromSystemError(error, `scoring "${basename(file)}"`)
  } finally {
    await fs.rm(directory, { recursive: true, force: true })
    await fs.rm(beside, { force: true })
  }
}

async function assertPlaces(places: readonly string[], file: string): Promise<void> {
  const taken = new Set<string>()
  for (const place of places) {
    if (place === file)
      throw new WorkbenchError('INVALID_INPUT', `"${basename(place)}" is the file that is scored. Write the result to another file.`)
    const folder = await fs.stat(dirname(place)).catch(() => undefined)
    if (!folder?.isDirectory())
      throw new WorkbenchError(
        'NOT_FOUND',
        `There is no folder "${dirname(place)}" to write "${basename(place)}" into. Make it first, or choose another.`
      )
    if ((await fs.stat(place).catch(() => undefined))?.isDirectory())
      throw new WorkbenchError('INVALID_INPUT', `"${place}" is a folder. Name a file to write.`)
    // A folder has several names where links lead to it.
    const real = join(await fs.realpath(dirname(place)), basename(place))
    if (taken.has(real))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The scores and the report cannot both be written to "${basename(place)}". Name another file for one.`
      )
    taken.add(real)
  }
}
