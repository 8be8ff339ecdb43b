import { taskOf } from '../../tasks'
import { createHash } from 'node:crypto'
import { WorkbenchError } from '../../../model/errors'
import type { ModelCard } from '../../../model/model-card'
import { modelFileIn, modelReference, personLabel, type BundleFacts } from './bundle-facts'
import { printDigest, printReference, datasetReference } from '../../../model/reference'

/** A CycloneDX 1.7 component, as far as this document uses one (https://cyclonedx.org/docs/1.7/json/). */
interface Component {
  type: 'machine-learning-model' | 'data' | 'library' | 'application' | 'file'
  'bom-ref': string
  name: string
  version?: string
  description?: string
  purl?: string
  hashes?: { alg: 'SHA-256' | 'SHA-512'; content: string }[]
  licenses?: { license: { name: string } }[]
  properties?: { name: string; value: string }[]
  data?: unknown[]
  modelCard?: unknown
}

/** Both digests, as the guideline BSI TR-03183-2 asks for SHA-512; the second one where the file was read. */
const hashesOf = ({ sha256, sha512 }: { sha256: string; sha512?: string }): Component['hashes'] => [
  { alg: 'SHA-256', content: sha256 },
  ...(sha512 === undefined ? [] : [{ alg: 'SHA-512' as const, content: sha512 }])
]

/** A version 8 UUID (RFC 9562) from the content, so that equal facts give equal documents. */
function contentUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** purl of an npm package (https://github.com/package-url/purl-spec): the scope's "@" and the version are percent-encoded. */
export function npmPurl(name: string, version: string): string {
  return `pkg:npm/${name.split('/').map(encodeURIComponent).join('/')}@${encodeURIComponent(version)}`
}

/**
 * Writes the bill of materials (CycloneDX 1.7 with a model card) as JSON and checks it against the strict schema that
 * ships with the library. Throws INTERNAL when it does not fit, so that no invalid document is ever signed.
 */
export async function buildBillOfMaterials(facts: BundleFacts, card: ModelCard): Promise<string> {
  const model = modelComponent(facts, card)
  const datasets = facts.datasets.map((dataset) => datasetComponent(facts, dataset))
  const packages = Object.entries(facts.run.environment.packages)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, version]): Component => ({
      type: 'library',
      'bom-ref': `package:${name}@${version}`,
      name,
      version,
      purl: npmPurl(name, version)
    }))
  const body = {
    metadata: {
      timestamp: facts.generatedAt,
      lifecycles: [{ phase: 'post-build' }],
      tools: { components: [{ type: 'application', name: 'drydock', version: facts.drydockVersion }] },
      authors: facts.people.map((person) => ({ name: personLabel(person) })),
      component: model
    },
    components: uniqueByReference([...datasets, ...packages]),
    // The packages are those that a run records, not everything that was installed.
    compositions: [{ aggregate: 'incomplete', assemblies: [model['bom-ref']] }],
    dependencies: [{ ref: model['bom-ref'], dependsOn: [...new Set([...datasets, ...packages].map((component) => component['bom-ref']))] }]
  }
  return finishBillOfMaterials(body)
}

function uniqueByReference(components: readonly Component[]): Component[] {
  return [...new Map(components.map((component) => [component['bom-ref'], component])).values()]
}

function modelComponent(facts: BundleFacts, card: ModelCard): Component {
  const file = modelFileIn(facts.files)
  const { model, run } = facts
  const properties = [
    { name: 'drydock:stage', value: model.stage },
    { name: 'drydock:risk-tier', value: model.riskTier },
    { name: 'drydock:run', value: printReference({ kind: 'run', id: run.id }) },
    ...(run.codeSha256 === null ? [] : [{ name: 'drydock:code-sha256', value: run.codeSha256 }]),
    ...Object.entries(run.seeds).map(([name, value]) => ({ name: `drydock:seed:${name}`, value: String(value) })),
    ...(facts.demo ? [{ name: 'drydock:demo-identities', value: 'true' }] : [])
  ]
  return {
    type: 'machine-learning-model',
    'bom-ref': modelReference(facts),
    name: model.name,
    version: String(model.version),
    description: model.description,
    ...(file ? { hashes: hashesOf(file) } : {}),
    properties,
    modelCard: {
      modelParameters: {
        approach: { type: 'supervised' },
        task: facts.signature.task,
        architectureFamily: facts.signature.algorithm,
        datasets: facts.datasets.map((dataset) => ({ ref: datasetReference(dataset) })),
        inputs: facts.signature.inputs.map((input) => ({ format: `${input.input}: ${input.tensor} [N, 1]` })),
        outputs: facts.signature.outputs.map((output) => ({ format: `${output.name}: ${output.tensor} ${output.shape}` }))
      },
      quantitativeAnalysis: { performanceMetrics: performanceMetrics(card) },
      considerations: {
        useCases: [model.intendedUse, `Out of scope: ${model.outOfScope}`].filter(
          (text) => text.trim() !== '' && text !== 'Out of scope: '
        ),
        technicalLimitations: [...model.limitations],
        fairnessAssessments: groupsOf(card).map((group) => ({
          groupAtRisk: `${card.evaluation.fairness?.column}: ${group.group}`,
          harms: taskOf(facts.signature).card.group(group)
        }))
      },
      properties: Object.entries(run.parameters).map(([name, value]) => ({ name: `parameter:${name}`, value }))
    }
  }
}

const groupsOf = ({ evaluation }: ModelCard): readonly { group: string }[] => evaluation.fairness?.groups ?? []

function performanceMetrics(card: ModelCard): unknown[] {
  return card.evaluation.metrics.map((metric) => ({
    type: metric.name,
    value: String(metric.value),
    slice: card.evaluation.split,
    ...(metric.low === undefined || metric.high === undefined
      ? {}
      : { confidenceInterval: { lowerBound: String(metric.low), upperBound: String(metric.high) } })
  }))
}

function datasetComponent(facts: BundleFacts, dataset: BundleFacts['datasets'][number]): Component {
  return {
    type: 'data',
    'bom-ref': datasetReference(dataset),
    name: dataset.name,
    version: printDigest(dataset.sha256),
    hashes: hashesOf(dataset),
    ...(dataset.licence.trim() === '' ? {} : { licenses: [{ license: { name: dataset.licence } }] }),
    properties: [
      { name: 'drydock:rows', value: String(dataset.rows) },
      { name: 'drydock:columns', value: String(dataset.columns.length) }
    ],
    data: [
      {
        type: 'dataset',
        name: dataset.name,
        classification: dataset.sensitivity,
        description: [dataset.source, dataset.use].filter(Boolean).join('; '),
        governance: { owners: [{ contact: { name: personLabel(facts.model.owner) } }] }
      }
    ]
  }
}

/**
 * Writes a CycloneDX 1.7 document: the same body gives the same text.
 * @throws WorkbenchError INTERNAL when it does not fit the schema, with what does not
 */
export async function finishBillOfMaterials(body: object): Promise<string> {
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    serialNumber: `urn:uuid:${contentUuid(JSON.stringify(body))}`,
    version: 1,
    ...body
  }
  const text = `${JSON.stringify({ $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json', ...document }, null, 2)}\n`
  // Loaded when it is needed: its validators take a quarter of the host's start.
  const { Spec, Validation } = await import('@cyclonedx/cyclonedx-library')
  const problem = await new Validation.JsonStrictValidator(Spec.Version.v1dot7).validate(text)
  if (problem !== null)
    throw new WorkbenchError(
      'INTERNAL',
      'The bill of materials does not fit the CycloneDX 1.7 schema, so nothing was made. Report this with its details.',
      {
        details: { problem: JSON.stringify(problem).slice(0, 2_000) }
      }
    )
  return text
}
