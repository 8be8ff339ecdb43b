import { modelFileIn, modelReference, type BundleFacts, type BundleFileFact, type BundleReference, type BundleStep } from './bundle-facts'
import { type Sha256, contentReference, printReference, datasetReference } from '../../../model/reference'

/**
 * Names what a Drydock pipeline run is, for `buildDefinition.buildType`. Version 1 means: `externalParameters.parameters`
 * are the run's parameters, `internalParameters.steps` the step runs in order (each with its references), and
 * `resolvedDependencies` everything that was read and not made by one of the steps.
 */
export const pipelineRunBuildType = 'urn:drydock:pipeline-run:v1'
export const builderId = 'urn:drydock:workbench'

interface ResourceDescriptor {
  uri?: string
  name: string
  digest: { sha256: Sha256 }
  mediaType?: string
}

const descriptor = (reference: BundleReference): ResourceDescriptor => ({
  uri: encodeURI(reference.reference),
  name: reference.name,
  digest: { sha256: reference.sha256 }
})

/** One descriptor for each reference; of several names for it the first counts. */
function unique(items: readonly ResourceDescriptor[]): ResourceDescriptor[] {
  const first = new Map<string, ResourceDescriptor>()
  for (const item of items) {
    const key = `${item.digest.sha256} ${item.uri ?? item.name}`
    if (!first.has(key)) first.set(key, item)
  }
  return [...first.values()]
}

/** An in-toto Statement v1 with a SLSA Provenance v1 predicate (https://slsa.dev/spec/v1.0/provenance) about the files in model/. */
export function buildProvenance(facts: BundleFacts, subjects: readonly BundleFileFact[]): unknown {
  const { run, lineage } = facts
  // A step that hands on what it read, such as a source, made nothing: its dataset stays a dependency.
  const outputsOf = (step: BundleStep) => step.outputs.filter((output) => !step.inputs.some((input) => input.sha256 === output.sha256))
  const made = new Set(lineage.steps.flatMap((step) => outputsOf(step).map((output) => output.sha256)))
  const steps = [...lineage.steps].sort((a, b) => (a.startedAt ?? '9').localeCompare(b.startedAt ?? '9'))
  const read = steps.flatMap((step) => step.inputs.filter((input) => !made.has(input.sha256)))
  const released = new Set(subjects.map((file) => file.sha256))
  const dependencies = unique([
    ...facts.datasets
      .filter((dataset) => !made.has(dataset.sha256))
      .map((dataset) => descriptor({ reference: datasetReference(dataset), name: dataset.name, sha256: dataset.sha256 })),
    ...read.map(descriptor),
    ...(lineage.pipeline
      ? [
          descriptor({
            reference: contentReference('pipeline', lineage.pipeline.name, lineage.pipeline.sha256),
            name: 'pipeline',
            sha256: lineage.pipeline.sha256
          })
        ]
      : []),
    ...(run.codeSha256 === null ? [] : [{ name: 'code snapshot', digest: { sha256: run.codeSha256 } }])
  ])
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjects.map((file) => ({ name: file.path, digest: { sha256: file.sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: pipelineRunBuildType,
        externalParameters: {
          pipeline: lineage.pipeline ? contentReference('pipeline', lineage.pipeline.name, lineage.pipeline.sha256) : null,
          model: modelReference(facts),
          parameters: run.parameters,
          seeds: run.seeds
        },
        internalParameters: {
          steps: steps.map((step) => ({
            ...step,
            inputs: step.inputs.map(descriptor),
            outputs: step.outputs.map(descriptor)
          }))
        },
        resolvedDependencies: dependencies
      },
      runDetails: {
        builder: {
          id: builderId,
          version: { drydock: facts.drydockVersion, runtime: run.environment.runtime, ...enginesOf(run.environment.versions) }
        },
        metadata: {
          invocationId: lineage.pipelineRun === null ? printReference({ kind: 'run', id: run.id }) : `pipeline-run:${lineage.pipelineRun}`,
          ...(run.startedAt === null ? {} : { startedOn: run.startedAt }),
          ...(run.finishedAt === null ? {} : { finishedOn: run.finishedAt })
        },
        byproducts: unique(
          steps.flatMap((step) =>
            outputsOf(step)
              .filter((output) => !released.has(output.sha256))
              .map(descriptor)
          )
        )
      }
    }
  }
}

/** The files that the provenance is about: the model and what lies beside it. */
export function provenanceSubjects(files: readonly BundleFileFact[]): BundleFileFact[] {
  const inModel = files.filter((file) => file.path.startsWith('model/'))
  const model = modelFileIn(files)
  return [...inModel.filter((file) => file === model), ...inModel.filter((file) => file !== model)]
}

/** Runs of earlier programs do not say which engines computed. */
const enginesOf = (versions: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(versions).flatMap(([key, version]) => (key.startsWith('engines.') ? [[key.slice('engines.'.length), version]] : []))
  )
