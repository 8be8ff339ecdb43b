import { randomUUID } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { basename, join } from 'node:path'
import type { WorkProgress } from '../../model/dataset'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { ApprovedFiles } from '../../model/commands/imports'
import type { DraftRequest, ImportDraft, ModelOutline } from '../../model/model-import'
import type { Parity } from '../../model/parity'
import { sha256, sha256File } from '../../storage/objects/durable-files'
import type { Datasets } from '../datasets'
import type { Frame } from '../frames'
import type { Imported } from '../imported-models'
import type { WorkspaceContext } from '../workspace'
import { placeFile, type PlacedFiles } from './place-files'

export interface ModelImportsNeeds {
  readonly datasets: Pick<Datasets, 'checked'>
}

/** Models that were made elsewhere, before they are taken in: what the file says, and what would become of it. */
export interface ModelImports {
  /** What a file says of itself; nothing of it is run. Throws INVALID_INPUT for what can never be taken in, NOT_FOUND. */
  outline(path: string): Promise<ModelOutline>
  /**
   * Drafts the signature of a file from its graph and the rows of a dataset, runs it on them and holds it against the predictions of the
   * original. Nothing is kept.
   * @throws WorkbenchError INVALID_INPUT naming tensor or column, JOB_TIMEOUT, NOT_FOUND, DIGEST_MISMATCH, CANCELLED
   */
  draft(request: DraftRequest, signal: AbortSignal): AsyncGenerator<WorkProgress, ImportDraft, void>
}
export interface ModelImportsWriter extends ModelImports {
  /** @throws WorkbenchError DIGEST_MISMATCH where a file is another than the one that was approved, NOT_FOUND, DISK_FULL, FORBIDDEN */
  place(file: string, predictions?: string, approved?: ApprovedFiles): Promise<PlacedFiles>
}

const load = () => Promise.all([import('../imported-models'), import('../frames'), import('../onnx-file')])

export const createModelImports = (context: WorkspaceContext, { datasets }: ModelImportsNeeds): ModelImportsWriter => ({
  outline: async (path) => (await load())[0].outlineModel(path),
  async *draft(request, signal) {
    const folder = join(context.directory, 'tmp', `import-draft-${randomUUID()}`)
    try {
      yield { fraction: null, message: 'Reading the rows' }
      const [{ importModel }, { readFrame }, { readOnnxBytes }] = await load()
      const table = await datasets.checked(request.dataset, { signal })
      const frame = await readFrame(table.path, undefined, signal)
      yield { fraction: null, message: 'Running the model on the rows' }
      const { file, choices } = request
      const bytes = await readOnnxBytes(file)
      const own = { name: basename(file), bytes, frame, table: table.sha256, choices, folder, signal }
      const imported = await importModel(own)
      if (request.predictions !== undefined) yield { fraction: null, message: 'Comparing with the original' }
      const parity = await certify(context, request, { folder, frame, imported, table: { input: 'rows', sha256: table.sha256 } }, signal)
      return { imported: imported.record, signature: imported.signature, parity }
    } catch (error) {
      if (signal.aborted) throw new WorkbenchError('CANCELLED', 'Looking at the model was stopped. Nothing was taken in.', { cause: error })
      throw error
    } finally {
      await fs.rm(folder, { recursive: true, force: true })
    }
  },
  async place(file, predictions, approved) {
    const placed = await placeFile(context.directory, file, approved?.model)
    if (predictions === undefined) return { file: placed, predictions: null }
    return { file: placed, predictions: await placeFile(context.directory, predictions, approved?.predictions ?? undefined) }
  }
})

interface Drafted {
  folder: string
  frame: Frame
  imported: Imported
  table: Parity['table']
}

/** The certificate; null where there are no predictions of the original. */
async function certify(
  { duckdb }: Pick<WorkspaceContext, 'duckdb'>,
  { predictions, threshold }: DraftRequest,
  { folder, frame, imported: { record, signature }, table }: Drafted,
  signal: AbortSignal
): Promise<Parity | null> {
  if (predictions === undefined) return null
  const [{ certifyFile }] = await load()
  const model = join(folder, 'model.onnx')
  // SQL reads files of the workspace only.
  const path = join(folder, 'predictions')
  await fs.copyFile(predictions, path).catch((error: unknown) => {
    throw fromSystemError(error, `reading ${basename(predictions)}`)
  })
  const given = { name: basename(predictions), path, sha256: await sha256File(path) }
  return certifyFile(
    { database: () => Promise.resolve(duckdb), path: (name) => join(folder, name), signal },
    { model, signature, frame, threshold },
    given,
    {
      model: sha256(await fs.readFile(model)),
      original: record.adapted.length > 0 ? record.original.sha256 : null,
      table
    }
  )
}
