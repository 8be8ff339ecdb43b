import { extname, basename, resolve } from 'node:path'
import type { ImportChoices, WorkProgress } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { ExplainedFile, ExplainedRow, Explanation } from '../../model/explanation'
import type { PaperSize, PrintPage } from '../../model/printed-page'
import { sha256File, writeFileDurably } from '../../storage/objects/durable-files'
import { documentOf, saveDocument } from '../documents'
import { selectRows, type Frame } from '../frames'
import type { ScoredModel } from '../scored-models'
import { evenRows } from './cells'
import { nearestCounterfactuals, type CounterfactualOptions } from './counterfactual'
import { measureDependence, usualDependence } from './dependence'
import { ModelExplainer } from './model-explainer'
import { describe } from './describe'
import { tellRow } from './narrative'
import { readReasonCodes, rowsOfFile, sampleRows } from './read-rows'
import { decisionPage } from './sheet'
import type { ExplainMethod } from './spaces'
import { writeArrow, writeCsv } from './write-contributions'

export interface ExplainFileOptions {
  file: string
  choices?: ImportChoices
  /** FILE.csv or FILE.arrow. */
  out?: string
  background?: string
  method?: ExplainMethod
  rows?: number
  /** Row of the sheet, from 1. */
  row?: number
  /** Path of a table of reason codes. */
  reasons?: string
  /** The nearest rows with another answer than the told one. */
  counterfactuals?: AskedCounterfactuals
  /** FILE.json for the curves of dependence, and the columns that they are of. */
  dependence?: string
  features?: readonly string[]
  seed?: number
  html?: string
  pdf?: string
  paper?: PaperSize
  /** Folder for what is written on the way. */
  temporary: string
  /** Arrow file of the training rows, where it is known. */
  training?: string
  print: PrintPage
  signal?: AbortSignal
  onProgress?: (progress: WorkProgress) => void
}

export type AskedCounterfactuals = Pick<CounterfactualOptions, 'count' | 'rules' | 'wanted'>

/** Rows of the training whose values are tried. */
export const mostValues = 5000
const usualRows = 1000
/** A black box is asked thousands of rows for each that is explained. */
const usualBlackBoxRows = 20
export const backgroundRows = { interventional: 500, auto: 500, kernel: 50, 'path-dependent': 10_000 } as const

/**
 * Explains rows of a file by what the model's ONNX file does, and writes the contributions, one row as a sheet, or both.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED where contributions do not add up, CANCELLED
 */
export async function explainFile(model: ScoredModel, options: ExplainFileOptions): Promise<ExplainedFile> {
  const { file, temporary, signal, onProgress, method = 'auto', seed = 42 } = options
  const out = options.out === undefined ? undefined : resolve(options.out)
  if (out !== undefined) assertOut(out, resolve(file))
  const isSheet = options.html !== undefined || options.pdf !== undefined
  const curves = options.dependence === undefined ? undefined : resolve(options.dependence)
  if (curves !== undefined) assertCurves(curves, options)
  if (out === undefined && !isSheet && options.row === undefined && curves === undefined)
    throw new WorkbenchError('INVALID_INPUT', 'Nothing was asked for. Give a file for the contributions or the curves, a sheet, or a row.')
  if (options.counterfactuals && !isSheet && options.row === undefined)
    throw new WorkbenchError('INVALID_INPUT', 'Say of which row another answer is looked for, or ask for its sheet.')
  const codes = options.reasons === undefined ? null : await readReasonCodes(options.reasons)
  const { signature } = model
  onProgress?.({ fraction: null, message: 'Reading the rows' })
  const most = Math.max(options.rows ?? usualRows, options.row ?? 1)
  const read = await rowsOfFile(temporary, file, signature, { choices: options.choices, most, isSample: false, signal })
  if (options.row !== undefined && options.row > read.rows)
    throw new WorkbenchError('INVALID_INPUT', `"${basename(file)}" has ${read.rows} rows, no row ${options.row}. Nothing was explained.`)
  const { background, from } = await backgroundOf(model, options, read)
  const explainer = await ModelExplainer.open({ model: model.path, signature, background, method, seed, signal })
  try {
    const isFew = explainer.method === 'kernel' && options.rows === undefined
    const wanted = isFew ? Math.min(read.rows, Math.max(usualBlackBoxRows, options.row ?? 1)) : read.rows
    const frame =
      wanted < read.rows
        ? selectRows(
            read,
            Uint32Array.from({ length: wanted }, (_, row) => row)
          )
        : read
    const found = await explainer.explain(frame, signal, (share) =>
      onProgress?.({ fraction: 0.1 + 0.8 * share, message: 'Explaining the rows' })
    )
    const explanation = describe(explainer, { model: { name: model.name, sha256: model.sha256 }, signature, frame, found, from, seed })
    const asked = isSheet || options.row !== undefined ? (options.row ?? 1) : undefined
    const plain = asked === undefined ? undefined : tellRow(explainer, { signature, frame, found, row: asked - 1 }, explainer.space, codes)
    const row = plain && (await withCounterfactuals(plain, explainer, model, read, options))
    const dependence =
      curves === undefined
        ? undefined
        : await measureDependence(explainer, {
            ...{ model: explanation.model, signature, seed, signal, features: options.features, ranking: explanation.outputs },
            frame: evenRows(frame, usualDependence.rows)
          })
    const at = new Date().toISOString()
    const page =
      isSheet && row
        ? documentOf(decisionPage({ row, explanation, signature, at }), { reference: `${model.name} · row ${row.row}`, at })
        : null
    const sheet = page ? await saveDocument(page, options, options.print, signal) : null
    if (out !== undefined) {
      const table = { features: explainer.features, outputs: explainer.outputs, base: explainer.base, found }
      await (extname(out).toLowerCase() === '.csv' ? writeCsv(out, table, signal) : writeArrow(out, table))
    }
    if (dependence) await writeFileDurably(curves!, JSON.stringify(dependence))
    return {
      ...(dependence && { dependence: { path: curves!, narrative: dependence.narrative } }),
      ...(out !== undefined && { path: out, sha256: await sha256File(out) }),
      explanation,
      ...(row && { row }),
      ...(sheet && { sheet: sheet.files })
    }
  } finally {
    await explainer.close()
  }
}

/** The told row with the nearest rows that get another answer, over values of the training where it is known, else of the explained file. */
async function withCounterfactuals(
  row: ExplainedRow,
  explainer: ModelExplainer,
  { signature, decidesFrom }: ScoredModel,
  read: Frame,
  { counterfactuals: asked, training, signal }: ExplainFileOptions
): Promise<ExplainedRow> {
  if (!asked) return row
  const values = training === undefined ? read : await sampleRows(training, signature, mostValues, signal)
  const own = selectRows(read, Uint32Array.of(row.row - 1))
  const about = { signature, decidesFrom, row: own, number: row.row, training: values, signal }
  const found = await nearestCounterfactuals(explainer, { ...asked, ...about })
  return { ...row, counterfactuals: found }
}

function assertCurves(curves: string, { file, out }: ExplainFileOptions): void {
  if (curves === resolve(file) || (out !== undefined && curves === resolve(out)))
    throw new WorkbenchError('INVALID_INPUT', 'The curves would replace a file that is needed. Write them to another.')
  if (extname(curves).toLowerCase() !== '.json')
    throw new WorkbenchError('INVALID_INPUT', `"${basename(curves)}" must end in .json, which is what curves are written as.`)
}

function assertOut(out: string, file: string): void {
  if (out === file)
    throw new WorkbenchError('INVALID_INPUT', 'The contributions would replace the file that is explained. Write them to another.')
  if (!['.csv', '.arrow'].includes(extname(out).toLowerCase()))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${basename(out)}" must end in .csv or .arrow, which says how the contributions are written.`
    )
}

/** Rows that stand for what a column usually is: those given, else of the training, else those that are explained. */
async function backgroundOf(
  { signature }: ScoredModel,
  { background, choices, method = 'auto', temporary, training, signal }: ExplainFileOptions,
  explained: Frame
): Promise<{ background: Frame; from: Explanation['background']['from'] }> {
  const most = backgroundRows[method]
  if (background !== undefined)
    return {
      background: await rowsOfFile(temporary, background, signature, { choices, most, isSample: true, signal }),
      from: 'given table'
    }
  if (training !== undefined) return { background: await sampleRows(training, signature, most, signal), from: 'training rows' }
  const step = Math.max(1, explained.rows / most)
  const rows = Uint32Array.from({ length: Math.min(most, explained.rows) }, (_, at) => Math.floor(at * step))
  return { background: selectRows(explained, rows), from: 'explained rows' }
}
