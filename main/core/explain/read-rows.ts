import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { LineCounter } from 'yaml'
import type { ImportChoices } from '../../model/dataset'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { reasonCodesSchema, type ReasonCodes } from '../../model/explanation'
import { fit, inOneSentence } from '../../model/schema-words'
import type { ModelSignature } from '../../model/training'
import { inspectArrowFile } from '../../storage/arrow/inspect'
import { parseBoundedYaml } from '../bounded-yaml'
import { withStagedTable } from '../datasets'
import { eachFrame, selectRows, type Frame } from '../frames'
import { assertColumns, assertKinds, assertNoMisfits, chooseColumns } from '../scored-models'
import { stack } from './mixed-rows'

const namesOf = (signature: ModelSignature): string[] => [...new Set(signature.inputs.map(({ name }) => name))]

/** Rows of an Arrow file, those that `isWanted` by their place, in the memory of those rows. */
export async function collectRows(
  file: string,
  signature: ModelSignature,
  isWanted: (row: number) => boolean,
  signal?: AbortSignal
): Promise<Frame> {
  let found: Frame | undefined
  let before = 0
  await eachFrame(
    file,
    namesOf(signature),
    (frame) => {
      assertKinds(signature, frame, before)
      const rows = Uint32Array.from({ length: frame.rows }, (_, row) => row).filter((row) => isWanted(before + row))
      const part = selectRows(frame, rows)
      found = found ? (rows.length > 0 ? stack(found, part) : found) : part
      before += frame.rows
    },
    signal
  )
  return found ?? { rows: 0, columns: new Map() }
}

/** One row of an Arrow file, from 0. */
export const rowOfFile = (file: string, signature: ModelSignature, row: number, signal?: AbortSignal): Promise<Frame> =>
  collectRows(file, signature, (at) => at === row, signal)

/** An even sample of the rows of an Arrow file. */
export async function sampleRows(file: string, signature: ModelSignature, most: number, signal?: AbortSignal): Promise<Frame> {
  const { rows } = await inspectArrowFile(file)
  const step = Math.max(1, rows / most)
  return collectRows(file, signature, (row) => Math.floor(row / step) !== Math.floor((row - 1) / step) || row === 0, signal)
}

/**
 * Rows of a file as an import would read it: the first `most`, or an even sample of so many.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, CANCELLED
 */
export function rowsOfFile(
  temporary: string,
  file: string,
  signature: ModelSignature,
  { choices = {}, most, isSample, signal }: { choices?: ImportChoices; most: number; isSample: boolean; signal?: AbortSignal }
): Promise<Frame> {
  const isText = !/\.(arrow|feather|ipc|parquet)$/i.test(file)
  return withStagedTable(
    temporary,
    file,
    choices,
    (found) => {
      assertColumns(signature, [], found, basename(file))
      return chooseColumns(signature, [], found, choices.columns ?? [], isText)
    },
    async (staged) => {
      assertNoMisfits(signature, staged.misfits)
      if (staged.rows === 0) throw new WorkbenchError('INVALID_INPUT', `"${basename(file)}" has no rows. Nothing was explained.`)
      return isSample
        ? await sampleRows(staged.file, signature, most, signal)
        : await collectRows(staged.file, signature, (row) => row < most, signal)
    },
    { signal }
  )
}

const mostBytes = 1_000_000

/** The team's table of reason codes. @throws WorkbenchError NOT_FOUND, INVALID_INPUT */
export async function readReasonCodes(path: string): Promise<ReasonCodes> {
  const refuse = (reason: string): never => {
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${basename(path)}" is no table of reason codes: ${reason}. Correct it; nothing was explained.`
    )
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fromSystemError(error, `reading the reason codes ${path}`)
  })
  if (text.length > mostBytes) return refuse('it is longer than 1 MB')
  let value: unknown
  try {
    const document = parseBoundedYaml(text, new LineCounter())
    if (document.errors.length > 0) return refuse(document.errors[0]!.message)
    value = document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const codes = fit(reasonCodesSchema, value)
  return codes.success ? codes.data : refuse(inOneSentence(codes.problems))
}
