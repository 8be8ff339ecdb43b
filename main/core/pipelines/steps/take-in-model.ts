import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { describeImport, type ImportChoices, type ImportedModel } from '../../../model/imported-model'
import { describeParity } from '../../../model/parity'
import type { Sha256 } from '../../../model/reference'
import type { ModelSignature } from '../../../model/training'
import { sha256 } from '../../../storage/objects/durable-files'
import type { Database } from '../../../storage/duckdb/database'
import type { Frame } from '../../frames'

export const loadImport = async () => {
  const [{ certifyFile, checkBrought, importModel }, { readFrame }] = await Promise.all([
    import('../../imported-models'),
    import('../../frames')
  ])
  return { certifyFile, checkBrought, importModel, readFrame }
}

/** What of a step's context the work needs. */
export interface Taking {
  database(): Promise<Database>
  path(name: string): string
  log(line: string): void
  progress(fraction: number | null, message: string): void
  signal: AbortSignal
}

export interface TakenModel {
  signature: ModelSignature
  record: ImportedModel
  /** Paths by name. */
  parts: Record<string, string>
}

interface ModelFile {
  name: string
  bytes: Uint8Array
  /** Gets the files. */
  folder: string
  choices: ImportChoices
  /** The port with the rows, as the author calls it. */
  rows: { input: string; frame: Frame; sha256: Sha256 }
  learned: boolean
  threshold: number
  predictions?: { name: string; path: string; sha256: Sha256 }
}

/** Drafts, adapts and checks a model that was made elsewhere, and holds it against the predictions of the original where there are some. */
export async function takeInModel(context: Taking, { name, bytes, folder, choices, rows, ...rest }: ModelFile): Promise<TakenModel> {
  const { importModel } = await loadImport()
  context.progress(null, 'Checking the model')
  const request = { name, bytes, frame: rows.frame, table: rows.sha256, choices, folder, signal: context.signal }
  const taken = await importModel(request)
  return complete(context, taken, { folder, rows, ...rest })
}

/** The same for a model that brought its signature: model.onnx and signature.json lie in the folder. */
export async function takeInBrought(
  context: Taking,
  { folder, choices, rows, ...rest }: Omit<ModelFile, 'name' | 'bytes'>
): Promise<TakenModel> {
  const { checkBrought } = await loadImport()
  context.progress(null, 'Checking the model')
  const { target } = choices
  const taken = await checkBrought({ folder, frame: rows.frame, table: rows.sha256, target, signal: context.signal })
  return complete(context, taken, { folder, rows, ...rest })
}

type Taken = { signature: ModelSignature; record: ImportedModel; files: string[] }

async function complete(
  context: Taking,
  { signature, record, files }: Taken,
  { folder, rows, learned, threshold, predictions }: Omit<ModelFile, 'name' | 'bytes' | 'choices'>
): Promise<TakenModel> {
  for (const line of describeImport(record)) context.log(line)
  const parts = Object.fromEntries(files.map((file) => [file, join(folder, file)]))
  const write = async (name: string, document: unknown): Promise<void> => {
    parts[name] = join(folder, name)
    await fs.writeFile(parts[name], `${JSON.stringify(document, null, 2)}\n`)
  }
  if (learned) await write('training.json', { trainingTable: { sha256: rows.sha256 } })
  if (predictions) {
    context.progress(null, 'Comparing with the original')
    const model = parts['model.onnx']!
    const { certifyFile } = await loadImport()
    const parity = await certifyFile(context, { model, signature, frame: rows.frame, threshold }, predictions, {
      model: sha256(await fs.readFile(model)),
      original: record.adapted.length > 0 ? record.original.sha256 : null,
      table: { input: rows.input, sha256: rows.sha256 }
    })
    await write('parity.json', parity)
    context.log(describeParity(parity))
  }
  return { signature, record, parts }
}
