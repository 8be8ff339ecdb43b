import { freeImportName, importPipeline, type DraftRequest, type ImportDraft } from '../../../../main/model/model-import'
import { placeText } from '../../../../main/model/place'
import type { HostClient } from '../../../host'
import { fileNameOf } from '../../../ui'
import type { ImportForm } from './form-type'

/** A name for the pipeline that no other has, also none in the trash: a pipeline of somebody is never replaced. */
async function freeName(client: HostClient, file: string): Promise<string> {
  const present = (await Promise.all([client.pipelines.list({}), client.pipelines.list({ removed: true })])).flat()
  return freeImportName(
    fileNameOf(placeText(file)),
    present.map(({ name }) => name)
  )
}

/** Starts the run that takes in what was looked at: the very files and rows of the draft. Throws DIGEST_MISMATCH where a file was changed since. */
export async function takeModel(
  client: HostClient,
  { learned, test, policy }: Pick<ImportForm, 'learned' | 'test' | 'policy'>,
  { file, predictions, dataset, choices }: Omit<DraftRequest, 'threshold'>,
  { imported, parity }: Pick<ImportDraft, 'imported' | 'parity'>
): Promise<NonNullable<ImportForm['taken']>> {
  const name = await freeName(client, file)
  const approved = { model: imported.original.sha256, predictions: parity?.predictions.sha256 ?? null }
  const placed = await client.imports.place({ file, approved, ...(predictions !== undefined && { predictions }) })
  const yaml = importPipeline({
    ...{ name, dataset, file: placed.file, choices, learned },
    ...(imported.check.table !== null && { datasetVersion: imported.check.table }),
    ...(placed.predictions !== null && { predictions: placed.predictions }),
    ...(test !== null && { test }),
    ...(policy !== null && { policy })
  })
  await client.pipelines.save({ yaml })
  const { runId } = await client.pipelines.run({ name })
  return { pipeline: name, runId }
}
