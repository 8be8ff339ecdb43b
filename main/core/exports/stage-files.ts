import { promises as fs } from 'node:fs'
import { dirname, join } from 'node:path'
import { modelSignatureSchema } from '../../model/training'
import type { RunDetail } from '../../model/run'
import { assertDigest } from '../../storage/objects/digest-check'
import { sha256File } from '../../storage/objects/durable-files'
import type { BundleFileFact } from '../bundles'
import { scoreTable } from '../training'
import type { WorkspaceContext } from '../workspace'
import { artifactSha } from './collect-facts'

const SAMPLE_ROWS = 100

/** Copies an object into the staging folder, checked against its name. */
async function copyObject(context: WorkspaceContext, sha256: string, staging: string, path: string): Promise<void> {
  const target = join(staging, path)
  await fs.mkdir(dirname(target), { recursive: true })
  await fs.writeFile(target, await context.objects.read(sha256))
}

/**
 * Writes the files that are copied, not composed: the model, its signature, and the first rows of the test table with
 * what the model answers to them, so that an operator can prove that his runtime gives the same numbers.
 */
export async function stageModelFiles(context: WorkspaceContext, run: RunDetail, staging: string, signal?: AbortSignal): Promise<void> {
  const modelSha = artifactSha(run, 'model')!
  await copyObject(context, modelSha, staging, 'model/model.onnx')
  const signatureSha = artifactSha(run, 'signature')
  if (signatureSha !== undefined) {
    await copyObject(context, signatureSha, staging, 'model/signature.json')
    const test = run.inputs.find((input) => input.role === 'test')
    if (test) await stageSampleRows(context, staging, test.sha256, signal)
  }
}

async function stageSampleRows(context: WorkspaceContext, staging: string, testSha256: string, signal?: AbortSignal): Promise<void> {
  const signature = modelSignatureSchema.parse(JSON.parse(await fs.readFile(join(staging, 'model/signature.json'), 'utf8')))
  const columns = signature.inputs.map((input) => `"${input.name.replaceAll('"', '""')}"`).join(', ')
  const file = join(context.directory, 'data', `${testSha256}.arrow`)
  await assertDigest(file, testSha256, 'The test table of the model')
  const table = file.replaceAll("'", "''")
  const inputs = join(staging, 'model/sample-inputs.arrow')
  await context.duckdb.exportArrow(`SELECT ${columns} FROM read_arrow('${table}') LIMIT ${SAMPLE_ROWS}`, inputs, { signal })
  const { probabilities, labels } = await scoreTable({ model: join(staging, 'model/model.onnx'), signature, table: inputs, signal })
  const rows = [...probabilities].map((p, i) => `(${i}, CAST(${labels[i]} AS BIGINT), CAST(${p} AS DOUBLE))`)
  if (rows.length > 0)
    await context.duckdb.exportArrow(
      `SELECT label, probability FROM (VALUES ${rows.join(', ')}) AS answer(i, label, probability) ORDER BY i`,
      join(staging, 'model/sample-outputs.arrow'),
      { signal }
    )
}

/** Every file of a folder with size and digest, in byte order of their paths. */
export async function listStaged(folder: string): Promise<BundleFileFact[]> {
  const found: BundleFileFact[] = []
  const walk = async (relative: string): Promise<void> => {
    for (const entry of await fs.readdir(join(folder, relative), { withFileTypes: true })) {
      const path = relative ? `${relative}/${entry.name}` : entry.name
      if (entry.isDirectory()) await walk(path)
      else found.push({ path, sha256: await sha256File(join(folder, path)), size: (await fs.stat(join(folder, path))).size })
    }
  }
  await walk('')
  return found.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}
