import type { Parity } from '../../model/parity'
import type { Sha256 } from '../../model/reference'
import type { ModelSignature } from '../../model/training'
import { columnOf, type Frame } from '../frames'
import { scoreTable } from '../training'
import { listNames, refuse } from './refuse'

export interface ParityRequest {
  /** Path of model.onnx. */
  model: string
  signature: ModelSignature
  /** The rows, and what the original predicted for them, in the same order. */
  frame: Frame
  predictions: Frame
  threshold: number
  about: Pick<Parity, 'model' | 'original' | 'table'> & { predictions: { name: string; sha256: Sha256 } }
  signal?: AbortSignal
}

/**
 * Scores rows and holds the answers against what the program that trained the model predicted for them.
 * @throws WorkbenchError INVALID_INPUT where the predictions are not as many as the rows, or hold something else than numbers; JOB_FAILED, CANCELLED
 */
export async function certifyParity(request: ParityRequest): Promise<Parity> {
  const { model, signature, frame, predictions, about, threshold, signal } = request
  const name = about.predictions.name
  if (predictions.rows !== frame.rows)
    refuse(
      `"${name}" has ${predictions.rows} predictions, and the table at "${about.table.input}" has ${frame.rows} rows. Write one prediction for each row, in the order of the table.`
    )
  if (frame.rows === 0) refuse(`The table at "${about.table.input}" has no row, so nothing can be compared.`)
  const { scores, width } = await scoreTable({ model, signature, table: frame, signal })
  const columns = chooseColumns(predictions, signature, width, name)
  const original = readPredictions(predictions, columns, name)
  const isAmount = String(signature.task) === 'regression'
  const isBinary = !isAmount && width === 1
  const found = { largest: 0, total: 0, relative: 0, flips: 0, worst: 0 }
  for (let row = 0; row < frame.rows; row++) {
    for (let at = row * width; at < (row + 1) * width; at++) {
      const difference = Math.abs(scores[at]! - original[at]!)
      if (!Number.isFinite(difference))
        refuse(
          `The model gives no number for the row ${row + 1} of the table at "${about.table.input}", so it cannot be compared with "${name}".`
        )
      found.total += difference
      found.relative = Math.max(found.relative, difference / Math.max(1, Math.abs(original[at]!)))
      if (difference <= found.largest) continue
      found.largest = difference
      found.worst = at
    }
    if (
      isBinary
        ? scores[row]! >= threshold !== original[row]! >= threshold
        : !isAmount && most(scores, row, width) !== most(original, row, width)
    )
      found.flips++
  }
  return {
    schema: 'drydock.parity',
    version: 1,
    task: String(signature.task),
    ...about,
    predictions: { ...about.predictions, columns },
    rows: frame.rows,
    largest: found.largest,
    mean: found.total / scores.length,
    largestRelative: isAmount ? found.relative : null,
    flips: isAmount ? null : found.flips,
    threshold: isBinary ? threshold : null,
    worst: { row: Math.floor(found.worst / width), original: original[found.worst]!, model: scores[found.worst]! }
  }
}

function most(values: Float64Array, row: number, width: number): number {
  let best = 0
  for (let at = 1; at < width; at++) if (values[row * width + at]! > values[row * width + best]!) best = at
  return best
}

/** The columns with the predictions: as many as the model has scores a row, by the names of the classes where they have them. */
function chooseColumns({ columns }: Frame, { target }: ModelSignature, width: number, name: string): string[] {
  const numeric = [...columns].filter(([, column]) => column.kind === 'number').map(([each]) => each)
  const classes: unknown[] = 'classes' in target ? (target as { classes: unknown[] }).classes : [(Object.values(target) as unknown[])[1]]
  const named = classes.map((value) => numeric.find((each) => each === String(value)))
  if (width === classes.length && named.every((each) => each !== undefined)) return named as string[]
  if (numeric.length === width) return numeric
  const usual = numeric.filter((each) => /^(prediction|predicted|probability|score|p)$/i.test(each))
  if (width === 1 && usual.length === 1) return usual
  return refuse(
    `"${name}" has ${numeric.length} columns of numbers (${listNames(numeric)}), and the model gives ${width} a row. Write ${width === 1 ? 'one column, "prediction"' : `one for each class, called ${classes.map(String).join(', ')}`}.`
  )
}

function readPredictions(frame: Frame, names: readonly string[], name: string): Float64Array {
  const values = new Float64Array(frame.rows * names.length)
  names.forEach((each, at) => {
    const column = columnOf(frame, each)
    if (column.kind === 'category') return refuse(`The column "${each}" of "${name}" holds texts. Write numbers.`, { column: each })
    for (let row = 0; row < frame.rows; row++) {
      if (Number.isNaN(column.values[row]))
        refuse(`The column "${each}" of "${name}" has no number in row ${row + 1}. Write a prediction for every row.`, { column: each })
      values[row * names.length + at] = column.values[row]!
    }
  })
  return values
}
