import { promises as fs } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SCORER_FILE } from '../../model/external-scorer'
import { modelSignatureSchema, type SignatureInput } from '../../model/training'
import type { RunDetail } from '../../model/run'
import { assertDigest } from '../../storage/objects/digest-check'
import type { LineageNode } from '../../model/pipeline-run'
import { digestOf, type Sha256 } from '../../model/reference'
import { scoreTable, type TableScores } from '../training'
import type { WorkspaceContext } from '../workspace'
import { digestsOfFile } from './file-digests'
import { artifactSha, type BundleFileFact, type BundleSample } from './collect-facts'
import { quoteName, quoteText } from '../../model/sql-quoting'

const SAMPLE_ROWS = 100
/** Rows of the test table that these are mixed from. */
const MIXED_ROWS = 10_000

/** Copies an object into the staging folder, checked against its name. */
export async function copyObject(context: WorkspaceContext, sha256: Sha256, staging: string, path: string): Promise<void> {
  const target = join(staging, path)
  await fs.mkdir(dirname(target), { recursive: true })
  await fs.writeFile(target, await context.objects.read(sha256))
}

/**
 * Writes the files that are copied, not composed: the model, its signature, and the first rows of the test table with
 * what the model answers to them, so that an operator can prove that his runtime gives the same numbers. Counts on the way how many test
 * rows the signature says to refuse; null when the model has no test table.
 */
export async function stageModelFiles(
  context: WorkspaceContext,
  run: RunDetail,
  staging: string,
  signal?: AbortSignal
): Promise<BundleSample | null> {
  const modelSha = artifactSha(run, 'model')!
  const isProgram = run.artifacts.some(({ kind, name }) => kind === 'model' && name === SCORER_FILE)
  await copyObject(context, modelSha, staging, isProgram ? `model/${SCORER_FILE}` : 'model/model.onnx')
  const signatureSha = artifactSha(run, 'signature')
  if (signatureSha !== undefined) {
    await copyObject(context, signatureSha, staging, 'model/signature.json')
    const test = run.inputs.find((input) => input.role === 'test')
    // An export starts no program, so what one answers is not enclosed.
    if (test && !isProgram) return stageSampleRows(context, staging, test.sha256, signal)
  }
  return null
}

/**
 * Rows of the test table of which each column was mixed by itself, always alike: the values are such as the model meets, and no row is a case.
 */
function rowsOfNobody(inputs: readonly SignatureInput[], file: string): string {
  const names = inputs.map(({ name }) => quoteName(name))
  const mixed = names.map((name, at) => `list(${name} ORDER BY hash(sample_row, ${at}))[:${SAMPLE_ROWS}] AS ${name}`)
  return `SELECT ${names.map((name) => `unnest(${name}) AS ${name}`).join(', ')} FROM (SELECT ${mixed.join(', ')} FROM (SELECT row_number() OVER () AS sample_row, * FROM (SELECT ${names.join(', ')} FROM read_arrow(${quoteText(file)}) LIMIT ${MIXED_ROWS})))`
}

async function stageSampleRows(
  context: WorkspaceContext,
  staging: string,
  testSha256: Sha256,
  signal?: AbortSignal
): Promise<BundleSample> {
  const signature = modelSignatureSchema.parse(JSON.parse(await fs.readFile(join(staging, 'model/signature.json'), 'utf8')))
  const file = join(context.directory, 'data', `${testSha256}.arrow`)
  await assertDigest(file, testSha256, 'The test table of the model')
  const inputs = join(staging, 'model/sample-inputs.arrow')
  await context.duckdb.exportArrow(rowsOfNobody(signature.inputs, file), inputs, { signal })
  const scored = await scoreTable({ model: join(staging, 'model/model.onnx'), signature, table: inputs, signal })
  if (scored.rows > 0) await context.duckdb.exportArrow(answersIn(scored), join(staging, 'model/sample-outputs.arrow'), { signal })
  return { rows: scored.rows, ...(await countRefused(context, signature.inputs, file, signal)) }
}

/**
 * What a model answered, as a query: `label` and `probability` of the event, `label` and the probability of each class by its number
 * (`probability_0`, ...), or the amount as `prediction`.
 */
function answersIn({ rows, width, scores, labels }: TableScores): string {
  const hasLabel = labels.length > 0
  const places = Array.from({ length: width }, (_, place) => place)
  const names = hasLabel ? ['label', ...(width === 1 ? ['probability'] : places.map((place) => `probability_${place}`))] : ['prediction']
  const answers = Array.from({ length: rows }, (_, row) => {
    // As text, because a literal would be a decimal first and lose its last bit.
    const own = places.map((place) => `CAST('${scores[row * width + place]}' AS DOUBLE)`)
    return `(${[row, ...(hasLabel ? [`CAST(${labels[row]} AS BIGINT)`] : []), ...own].join(', ')})`
  })
  return `SELECT ${names.join(', ')} FROM (VALUES ${answers.join(', ')}) AS answer(i, ${names.join(', ')}) ORDER BY i`
}

/** How many rows a table has, and how many of them the runbook says to refuse. */
export async function countRefused(
  { duckdb }: Pick<WorkspaceContext, 'duckdb'>,
  inputs: readonly SignatureInput[],
  file: string,
  signal?: AbortSignal
): Promise<{ tested: number; refused: number }> {
  const refused = inputs.flatMap(refusals).join(' OR ')
  const [counted] = await duckdb.all<{ tested: number; refused: number }>(
    `SELECT count(*)::DOUBLE AS tested, count(*) FILTER (WHERE ${refused || 'false'})::DOUBLE AS refused FROM read_arrow(${quoteText(file)})`,
    [],
    { signal }
  )
  return counted
}

/** When the runbook says to refuse a row for this input: out of the range seen in training, or missing where that was never seen. */
function refusals({ name, kind, range, missingShare }: SignatureInput): string[] {
  const column = quoteName(name)
  const found: string[] = []
  if (missingShare === 0) found.push(`${column} IS NULL`)
  if (kind === 'number' && range)
    found.push(`(NOT isnan(${column}::DOUBLE) AND (${column}::DOUBLE < ${range.min} OR ${column}::DOUBLE > ${range.max}))`)
  return found
}

/**
 * Copies the code that script steps ran, as it was frozen: lineage/code/<digest>-<name>, flat, because folders such as `a` beside `a-b` could
 * not be signed, with an index of the true paths. What a script step carries in its own parameters is in pipeline.yaml.
 */
export async function stageCode(context: WorkspaceContext, lineage: readonly LineageNode[], staging: string): Promise<void> {
  const used = lineage.flatMap((node) =>
    node.inputs.filter(({ port }) => port.startsWith('code/')).map((input) => ({ step: node.stepId, ...input }))
  )
  const index: { step: string; path: string; sha256: Sha256; file: string }[] = []
  for (const { step, port, reference } of used) {
    const sha256 = digestOf(reference)
    if (sha256 === undefined) continue
    const path = port.slice('code/'.length)
    const safe =
      basename(path)
        .replace(/[^A-Za-z0-9._-]+/g, '-')
        .replace(/^[.-]+|[.-]+$/g, '')
        .slice(-60) || 'file'
    const file = `lineage/code/${sha256.slice(0, 12)}-${safe.toLowerCase()}`
    if (!index.some((entry) => entry.file === file)) await copyObject(context, sha256, staging, file)
    index.push({ step, path, sha256, file })
  }
  if (index.length > 0)
    await fs.writeFile(
      join(staging, 'lineage/code/index.json'),
      `${JSON.stringify({ schema: 'drydock.code', version: 1, files: index }, null, 2)}\n`
    )
}

/** Every file of a folder with size and digest, in byte order of their paths. */
export async function listStaged(folder: string): Promise<BundleFileFact[]> {
  const found: BundleFileFact[] = []
  const walk = async (relative: string): Promise<void> => {
    for (const entry of await fs.readdir(join(folder, relative), { withFileTypes: true })) {
      const path = relative ? `${relative}/${entry.name}` : entry.name
      if (entry.isDirectory()) await walk(path)
      else found.push({ path, ...(await digestsOfFile(join(folder, path))), size: (await fs.stat(join(folder, path))).size })
    }
  }
  await walk('')
  return found.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}
