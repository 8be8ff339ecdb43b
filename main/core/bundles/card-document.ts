import { contentReference, printReference } from '../../model/reference'
import { buildBundleDocuments } from '../bundle-format'
import { documentOf, type WorkbenchDocument } from '../documents'
import type { WorkspaceContext } from '../workspace'
import { artifactSha, collectBundleFacts, type ExportSources } from './collect-facts'

/**
 * The card of a model version as a bundle that is exported now would carry it.
 * @throws WorkbenchError NOT_FOUND, and as an export does for evidence that does not belong together
 */
export async function makeCardDocument(
  context: WorkspaceContext,
  sources: ExportSources,
  name: string,
  version: number
): Promise<WorkbenchDocument> {
  const model = sources.models.get(name, version)
  const run = sources.experiments.run(model.run)
  const sha256 = artifactSha(run, 'model')!
  const { name: file, size } = run.artifacts.find((artifact) => artifact.kind === 'model')!
  const files = [{ path: `model/${file}`, sha256, size }]
  const facts = await collectBundleFacts(context, sources, { model, signer: null, files, sample: null })
  const page = String((await buildBundleDocuments(facts)).get('card/model-card.html'))
  const reference = `${printReference({ kind: 'model', name, number: version })} \u00b7 ${contentReference('model', null, sha256)}`
  return documentOf(page, { reference, at: facts.generatedAt })
}
