import { independenceOf } from '../../../model/evidence'
import { type Evaluation } from '../../../model/evaluation'
import { speedOf, taskOf as modelTaskOf } from '../../../model/tasks'
import {
  modelCardSchemaName,
  modelCardSchemaVersion,
  type CardEvidence,
  type CardInput,
  type CardMetric,
  type ModelCard
} from '../../../model/model-card'
import { unlistedOf, type SignatureInput } from '../../../model/training'
import { taskOf } from '../../tasks'
import { modelReference, type BundleFacts, type BundleFileFact } from './bundle-facts'
import { commandWords, notPortable } from '../../../model/external-scorer'
import { describeParity } from '../../../model/parity'
import { datasetReference, printDigest } from '../../../model/reference'

export const conformityStatement =
  'Drydock supplies evidence: it records what was done, computes the figures and lets people sign for their decisions. ' +
  'It does not certify the model. Conformity with a law, a standard or an internal rule also needs procedures and people outside ' +
  'this file: independent validation, human oversight, change control and monitoring in production.'

/** Counts nothing, or what only the target or the objective says. */
const ofNoUnit: ReadonlySet<string> = new Set(['none', 'target', 'loss', 'costs'])

const claims: readonly (readonly [string, string])[] = [
  ['model/model.onnx', 'The model itself, preprocessing included'],
  ['model/scorer.json', 'The model itself: a command and its frozen code. Not portable'],
  ['model/signature.json', 'What the model reads and answers, with ranges and categories'],
  ['model/sample-inputs.arrow', 'Values of the test table, each column mixed by itself: no row is a case; to prove a runtime with'],
  ['model/sample-outputs.arrow', 'What the model answers to them'],
  ['evidence/evaluation.json', 'Every figure and curve of the evaluation'],
  ['evidence/cross-validation.json', 'What models fitted on parts of the rows were worth on the rest, fold by fold'],
  ['evidence/calibration.json', 'How the probabilities were corrected, and what they were worth before and after'],
  ['evidence/decision.json', 'How it was chosen what counts as the event, and what else could have been'],
  ['evidence/intervals.json', 'What lies around each answer, and on which rows that was measured'],
  ['evidence/fairness.json', 'The comparison of groups'],
  ['evidence/glass-box.json', 'The whole model for reading: its shapes, or its table of points'],
  ['evidence/explanation.json', 'Importance of each feature'],
  ['evidence/import.json', 'Where the model comes from, and how it was adapted'],
  ['evidence/original.onnx', 'The model as it was brought'],
  ['evidence/contributions.json', 'What drives the answers of the model, column by column, with intervals'],
  ['evidence/dependence.json', 'How the answers go with the values of the columns'],
  ['evidence/parity.json', 'The model beside what the program that trained it predicted'],
  ['evidence/quality-report.json', 'Quality findings of the data'],
  ['evidence/quality-report.html', 'Quality report for reading'],
  ['evidence/trials.json', 'Every run of the experiment, discarded and failed ones included'],
  ['policy/policy.yaml', 'The policy with its tests'],
  ['policy/results.json', 'What the policy gate decided, and on which facts'],
  ['policy/history.json', 'Every gate that was run over the model'],
  ['lineage/provenance.slsa.json', 'Which steps made the model, from which inputs'],
  ['lineage/pipeline.yaml', 'The pipeline document that ran'],
  ['lineage/environment.json', 'Runtime, machine and packages of the run'],
  ['operate/rollout.yaml', 'Rollout plan'],
  ['operate/slo.yaml', 'Service level objectives'],
  ['operate/runbook.md', 'Instructions for operators'],
  ['log/events.json', 'Recorded events']
]

/** What a reader must know of a model that was made elsewhere. */
function originLimits({ imported, parity }: BundleFacts): string[] {
  if (!imported) return parity ? [describeParity(parity)] : []
  const { original, producer, adapted, external } = imported
  if (external)
    return [
      `${notPortable} It is started by "${commandWords(external.command)}"; its code is frozen in ${original.name}, ${printDigest(original.sha256)}. How it was trained is not on record here.`
    ]
  return [
    `This model was made elsewhere${producer ? ` (${producer})` : ''}; how it was trained is not on record here. The file it came as is ${original.name}, ${printDigest(original.sha256)}${adapted.length > 0 ? ', enclosed as evidence/original.onnx; its inputs and outputs were adapted' : ''}.`,
    parity ? describeParity(parity) : 'It was not compared with predictions of the program that trained it.'
  ]
}

/** Builds the card's value; `written` are the files that the card may point to. */
export function deriveModelCard(facts: BundleFacts, written: readonly BundleFileFact[]): ModelCard {
  const { model, run, evaluation, signature, quality, trials } = facts
  const status = (name: string): number => trials.filter((trial) => trial.status === name).length
  return {
    schema: modelCardSchemaName,
    version: modelCardSchemaVersion,
    generatedAt: facts.generatedAt,
    generator: { name: 'drydock', version: facts.drydockVersion },
    demo: facts.demo,
    model: {
      ...model,
      reference: modelReference(facts),
      limitations: [...model.limitations, ...originLimits(facts)],
      task: signature.task,
      algorithm: signature.algorithm
    },
    people: facts.people.map((person) => ({ ...person })),
    inputs: signature.inputs.map(cardInput),
    output: {
      name: signature.target.name,
      ...taskOf(signature).cardValue.output(signature, evaluation)
    },
    run: {
      id: run.id,
      ...(run.startedAt === null ? {} : { startedAt: run.startedAt }),
      durationSeconds: run.durationSeconds,
      parameters: { ...run.parameters },
      seeds: { ...run.seeds },
      ...(run.codeSha256 === null ? {} : { codeSha256: run.codeSha256 }),
      environment: { runtime: run.environment.runtime, os: run.environment.os, cpu: run.environment.cpu, ...run.environment.versions }
    },
    ...cardCoefficients(facts),
    ...(facts.glassBox?.kind === 'points' && { points: facts.glassBox }),
    ...cardDrivers(facts),
    datasets: facts.datasets.map((dataset) => ({
      name: dataset.name,
      reference: datasetReference(dataset),
      sha256: dataset.sha256,
      rows: dataset.rows,
      columns: dataset.columns.map(({ name, type, role, unit }) => ({ name, type, ...(role ? { role } : {}), ...(unit ? { unit } : {}) })),
      source: dataset.source,
      licence: dataset.licence,
      sensitivity: dataset.sensitivity,
      ...(dataset.use === undefined ? {} : { use: dataset.use })
    })),
    evaluation: cardEvaluation(facts),
    quality: {
      rows: quality?.rows ?? 0,
      errors: quality?.counts.error ?? 0,
      warnings: quality?.counts.warning ?? 0,
      findings: (quality?.findings ?? []).map((finding) => ({
        severity: finding.severity,
        title: finding.title,
        ...(finding.columns.length > 0 ? { column: finding.columns.join(', ') } : {}),
        detail: `${finding.what} ${finding.meaning}`.trim(),
        code: finding.kind,
        count: finding.count
      }))
    },
    ...(facts.gate === null ? {} : { gate: facts.gate }),
    ...(facts.gateSuperseded ? { gateSuperseded: true as const } : {}),
    ...(facts.gateChanged ? { gateChanged: facts.gateChanged } : {}),
    otherGates: facts.gates.filter((gate) => !gate.enclosed).map(({ policy, outcome, at }) => ({ policy, outcome, at })),
    trials: {
      total: trials.length,
      finished: status('finished'),
      failed: status('failed') + status('cancelled'),
      discarded: trials.filter((trial) => trial.discarded).length
    },
    evidence: cardEvidence(written),
    statement: conformityStatement
  }
}

function cardEvidence(written: readonly BundleFileFact[]): CardEvidence[] {
  const named = new Map(claims)
  const rank = new Map(claims.map(([path], index) => [path, index]))
  return written
    .map(({ path, sha256, size }) => ({ claim: named.get(path) ?? claimOfFolder(path), path, sha256, size }))
    .sort((a, b) => (rank.get(a.path) ?? 999) - (rank.get(b.path) ?? 999) || (a.path < b.path ? -1 : 1))
}

function claimOfFolder(path: string): string {
  if (path.startsWith('data/')) return 'Manifest of a dataset version'
  if (path.startsWith('policy/')) return 'Policy source'
  if (path.startsWith('lineage/code/')) return 'Code of the run'
  if (path.startsWith('model/')) return 'Part of the model'
  return 'Enclosed file'
}

function cardInput(input: SignatureInput): CardInput {
  const unlisted = unlistedOf(input)
  return {
    name: input.name,
    type: input.kind,
    ...(input.unit === undefined ? {} : { unit: input.unit }),
    ...(input.range === undefined ? {} : { minimum: input.range.min, maximum: input.range.max }),
    ...(input.categories === undefined ? {} : { categories: [...input.categories] }),
    ...(unlisted === null ? {} : { unlisted }),
    missingAllowed: input.missingShare > 0
  }
}

function cardMetrics(evaluation: Evaluation): CardMetric[] {
  const task = modelTaskOf(evaluation)
  const speed: Record<string, number | null> = speedOf(evaluation)
  return task.metrics.flatMap((definition): CardMetric[] => {
    const estimate = task.estimateOf(evaluation, definition.key)
    const value = estimate?.value ?? speed[definition.key] ?? null
    if (value === null || !Number.isFinite(value)) return []
    const interval = estimate?.interval
    return [
      {
        name: definition.key,
        label: definition.label,
        value,
        ...(interval ? { low: interval.lower, high: interval.upper } : {}),
        ...(interval?.method === undefined ? {} : { method: interval.method }),
        ...(ofNoUnit.has(definition.unit) ? {} : { unit: definition.unit }),
        better: definition.direction
      }
    ]
  })
}

type Importance = Pick<ModelCard['evaluation'], 'importance' | 'importanceOn' | 'importanceShuffles'>

/** What was measured on the judged rows stands before what the training measured, and that before its gains. */
function cardImportance({ evaluation, training }: BundleFacts): Importance {
  const bar = (feature: string, measure: 'permutation' | 'gain', value: number, low?: number | null, high?: number | null) => ({
    feature,
    measure,
    value,
    ...(typeof low === 'number' && typeof high === 'number' ? { low, high } : {})
  })
  if (evaluation.importance) {
    const { rows, repeats, columns } = evaluation.importance
    const importance = columns.map(({ feature, value, low, high }) => bar(feature, 'permutation', value, low, high))
    return { importanceOn: 'judged', importanceShuffles: { rows, repeats }, importance }
  }
  const { importances = [], shuffled, rows } = training ?? {}
  const byValue = (bars: Importance['importance']) => bars.sort((a, b) => b.value - a.value)
  if (importances.length === 0 || importances.some(({ permutation }) => permutation === null))
    return { importance: byValue(importances.map(({ feature, gain }) => bar(feature, 'gain', gain))) }
  return {
    importanceOn: rows!.validation > 0 ? 'validation' : 'training',
    ...(shuffled && { importanceShuffles: { rows: shuffled.rows, repeats: shuffled.repeats } }),
    importance: byValue(importances.map(({ feature, permutation, low, high }) => bar(feature, 'permutation', permutation!, low, high)))
  }
}

/** Columns that the card names; all are in the document that is enclosed beside it. */
const mostDrivers = 20

/** What drives the answers, where the run was explained. */
function cardDrivers({ explanation }: BundleFacts): Pick<ModelCard, 'drivers'> {
  if (!explanation) return {}
  const { rows, background, method, space, outputs, narrative } = explanation
  const most = outputs.map(({ name, base, features }) => ({ name, base, features: features.slice(0, mostDrivers) }))
  return { drivers: { rows, background, method, space, outputs: most, narrative } }
}

/** Of a linear model; the classes name what its coefficients are of. */
function cardCoefficients({ training, signature }: BundleFacts): Pick<ModelCard, 'coefficients' | 'classes'> {
  if (!training?.coefficients?.length) return {}
  return { coefficients: training.coefficients, ...('classes' in signature.target && { classes: signature.target.classes }) }
}

function cardEvaluation(facts: BundleFacts): ModelCard['evaluation'] {
  const { evaluation } = facts
  const { fairness } = evaluation
  const { cardValue: own } = taskOf(evaluation)
  return {
    rows: evaluation.rows.judged,
    ...own.counts(evaluation),
    split: evaluation.split,
    independence: independenceOf(evaluation),
    ...(evaluation.splitCheck && { splitCheck: evaluation.splitCheck }),
    intervals: { ...evaluation.bootstrap, rows: evaluation.rows.judged },
    metrics: cardMetrics(evaluation),
    ...own.figures(evaluation),
    ...(evaluation.unlisted?.length && { unlisted: evaluation.unlisted.map(({ column, rows, share }) => ({ column, rows, share })) }),
    ...cardImportance(facts),
    ...(fairness === null ? {} : { fairness: own.fairness(fairness) })
  } as ModelCard['evaluation']
}
