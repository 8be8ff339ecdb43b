import { type Evaluation } from '../../model/evaluation'
import { CROSS_VALIDATION, crossValidatedFactNames, crossValidatedFacts, type CrossValidation } from '../../model/cross-validation'
import { claimedName } from '../../model/model-manifest'
import { independenceOf } from '../../model/evidence'
import { parseDatasetRef } from '../../model/dataset'
import { taskFacts, taskOf } from '../../model/tasks'
import type { CountedFinding, FactValue, GateFacts } from '../../model/policy'
import type { QualityFinding, QualityReport } from '../../model/quality'
import { describeUnchecked, splitFigures, type SplitCheck } from '../../model/split-check'
import type { ImportedModel } from '../../model/imported-model'
import type { Parity } from '../../model/parity'
import type { ModelSignature, TrainedModel } from '../../model/training'
import { leakageOf, type Leakage } from './leakage'

/** The documents that a gate decides on; what is not there gives no facts, and a rule on it errs. */
export interface GateFactSources {
  evaluation?: Evaluation | null
  quality?: QualityReport | null
  training?: TrainedModel | null
  /** What the way it was trained is worth over folds, where it is the final fit of a cross-validation. */
  crossValidation?: CrossValidation | null
  /** What the model reads and answers, whoever trained it. */
  signature?: ModelSignature | null
  /** Where a model that was made elsewhere comes from, and how it answers beside the original. */
  imported?: ImportedModel | null
  parity?: Parity | null
  /** Whether it is an ONNX graph that runs anywhere; absent where the documents do not tell. */
  portable?: boolean
  /** Records of our own form that a script left beside its model, by the names they were kept under: what it says of itself. */
  claims?: readonly string[]
  /** `trials` counts every run of the experiment. */
  run?: { seeded: boolean; reproducible: boolean; trials: number } | null
  /** Metrics of the run that no evaluation of the workbench made; they never replace a measured one. */
  customMetrics?: Readonly<Record<string, number>>
}

type Facts = Record<string, FactValue>

/** Derives the facts of a gate (see `factVocabulary`) from the documents of a run. */
export function deriveGateFacts(sources: GateFactSources): GateFacts {
  const { evaluation, training, run, crossValidation, customMetrics = {} } = sources
  const measured = evaluation ? taskOf(evaluation).metricsOf(evaluation) : {}
  const own = evaluation ? taskOf(evaluation).factsOf(evaluation) : undefined
  return {
    metrics: withoutMissing({ ...customMetrics, ...(crossValidation && crossValidatedFacts(crossValidation)), ...measured }),
    fairness: withoutMissing(own?.fairness ?? {}),
    data: dataFacts(sources),
    split: splitFacts(sources),
    model: { ...(training ? trainedFacts(training) : {}), ...importedFacts(sources) },
    run: run ? { ...run } : {},
    evaluation: evaluation
      ? { split: evaluation.split, rows: evaluation.rows.judged, ...own?.evaluation, ...independenceFacts(evaluation) }
      : {}
  }
}

const trainedFacts = (training: TrainedModel): Facts => ({
  algorithm: training.algorithm,
  features: training.features.map((feature) => feature.name),
  ...withoutMissing({ parity: parityOf(training) })
})

/** A model of another program has no record of a training here: its signature tells what it reads. */
function importedFacts({ training, imported, signature, parity, portable }: GateFactSources): Facts {
  return withoutMissing({
    ...(!training && imported && signature && { algorithm: signature.algorithm, features: signature.inputs.map(({ name }) => name) }),
    original_difference: parity?.largest,
    original_flips: parity?.flips,
    portable
  })
}

/** What the exported graph answers otherwise than the trained model does on the rows as the table has them; records of old know only rounded ones. */
const parityOf = ({ parity: { rows, maxDifference, unrounded } }: TrainedModel): number | null =>
  rows > 0 ? Math.max(maxDifference, unrounded?.maxDifference ?? 0) : null

/** Absent when the training rows are not known: a rule on them errs then, and so fails. */
function independenceFacts(evaluation: Evaluation): Facts {
  const { verdict, shared } = independenceOf(evaluation)
  return withoutMissing({ independent: verdict === 'not-known' ? null : verdict !== 'not-independent', rows_shared: shared })
}

/** Why facts that a rule may name are absent, and what to do about it, by the fact's name. */
export function explainAbsent(sources: GateFactSources): Record<string, string> {
  const leakage = leakageIn(sources)
  return {
    ...('unknown' in leakage && { 'data.leakage_findings': leakage.unknown }),
    ...(!('split_findings' in dataFacts(sources)) && { 'data.split_findings': whySplitUnknown(sources) }),
    ...(!sources.quality &&
      explained(['data.rows', 'data.errors', 'data.warnings'], `${noReport} Connect the one of a quality check of the table.`)),
    ...(sources.evaluation && !taskOf(sources.evaluation).factsOf(sources.evaluation).fairness && explained(fairnessFacts, noGroups)),
    ...(!sources.quality?.imported && explained(['data.rows_left_out', 'data.cells_lost', 'data.cells_altered'], unknownImport)),
    ...explainClaims(sources.claims ?? []),
    ...(!sources.parity && explained(['model.original_difference', 'model.original_flips'], noParity)),
    ...explained(
      ['split.groups_shared', 'split.group_rows_share'],
      `no column with the role group or identifier was found on both sides. ${whySplitUnknown(sources)}`
    ),
    ...explained(
      ['split.time_overlap', 'split.time_overlap_share'],
      `no column with the role time was found on both sides. ${whySplitUnknown(sources)}`
    )
  }
}

/** The findings that a fact counts, by its name: what a rule that does not hold is about. */
export function findingsBehind(sources: GateFactSources): Record<string, CountedFinding[]> {
  const { quality } = sources
  if (!quality) return {}
  const leakage = leakageIn(sources)
  const [from, ...others] = quality.imported?.from ?? []
  const dataset = from !== undefined && others.length === 0 ? parseDatasetRef(from)?.name : undefined
  const told = (findings: readonly QualityFinding[]): CountedFinding[] =>
    findings.map(({ columns, title, next }) => ({ columns, title, next, ...(dataset !== undefined && { dataset }) }))
  const ofSeverity = (severity: QualityFinding['severity']) => told(quality.findings.filter((finding) => finding.severity === severity))
  return {
    'data.leakage_findings': 'behind' in leakage ? told(leakage.behind) : [],
    'data.split_findings': told(splitSignsOf(quality)),
    'data.errors': ofSeverity('error'),
    'data.warnings': ofSeverity('warning')
  }
}

const explained = (facts: readonly string[], why: string): Record<string, string> => Object.fromEntries(facts.map((fact) => [fact, why]))

function leakageIn({ quality, signature, training }: GateFactSources): Leakage {
  if (!quality) return { unknown: `${noReport} Connect the one of a quality check with the target of the model.` }
  return leakageOf(quality, signature ? { task: signature.task, target: signature.target, features: signature.inputs } : (training ?? null))
}

const noReport = 'no quality report is connected to the gate.'

/** What is known only from records that a script wrote is not known: nobody here measured it. */
const explainClaims = (claims: readonly string[]): Record<string, string> => ({
  ...(claims.includes(claimedName(CROSS_VALIDATION)) &&
    explained(
      crossValidatedFactNames,
      'only the script that left the model says so, and no gate takes its word for it. Judge the folds by a cross-validate step.'
    )),
  ...(claims.includes(claimedName('training.json')) &&
    explained(
      ['model.parity', 'model.algorithm', 'model.features'],
      'the record of the training beside the model is the word of the script that left it. Train by a train step, or bring the model by an import step.'
    ))
})

const fairnessFacts = taskFacts('fairness').map(({ path }) => path)
const noGroups = 'the evaluation compared no groups. Choose their column in the evaluate step and evaluate again.'

const noParity =
  'what the original predicted is not known. Give the import step its predictions (the parameter or the input "predictions").'

const unknownImport =
  'no quality report is connected that knows the import of its table. Connect the one of a quality check whose table is made from imported datasets; one that was imported by an earlier Drydock has to be imported again.'

const unknownSplit =
  'nobody looked whether both sides of the split are apart. Give the columns their roles (group, identifier, time) in Data and evaluate again, or connect the training rows and the judged rows to a quality check.'

/** Why a figure of the split is absent: the columns that a query dropped by name, else that nobody looked. */
function whySplitUnknown(sources: GateFactSources): string {
  const unchecked = [...new Set(splitChecksIn(sources).flatMap(describeUnchecked))]
  return unchecked.length > 0 ? `${unchecked.join(' ')} Keep the column in the query before the split.` : unknownSplit
}

/** What was looked at of the split: by the evaluation, and by a quality report of both sides. */
const splitChecksIn = ({ evaluation, quality }: GateFactSources): SplitCheck[] =>
  [evaluation?.splitCheck, quality?.split].filter((check) => check !== undefined)

/** The worse of what was looked at; absent, not zero, where nobody looked. */
function splitFacts(sources: GateFactSources): Facts {
  const checks = splitChecksIn(sources).map(splitFigures)
  const worst = (of: (figures: ReturnType<typeof splitFigures>) => number | null): number | null =>
    checks.reduce<number | null>((most, figures) => (of(figures) === null ? most : Math.max(most ?? 0, of(figures)!)), null)
  return withoutMissing({
    groups_shared: worst((f) => f.groupsShared),
    group_rows_share: worst((f) => f.groupRowsShare),
    time_overlap: worst((f) => f.timeOverlap),
    time_overlap_share: worst((f) => f.timeOverlapShare)
  })
}

function splitFindingsOf(sources: GateFactSources): number | null {
  const found = splitChecksIn(sources).flatMap((check) => splitFigures(check).findings ?? [])
  const reported = sources.quality ? splitSignsOf(sources.quality).length : 0
  return found.length > 0 || reported > 0 ? Math.max(reported, ...found) : null
}

const splitSignsOf = ({ findings }: QualityReport): QualityFinding[] =>
  findings.filter(({ kind, severity }) => kind.startsWith('split-') && kind !== 'split-not-checked' && severity !== 'info')

/** What a report did not look for is absent, not zero. */
function dataFacts(sources: GateFactSources): Facts {
  const { quality } = sources
  if (!quality) return withoutMissing({ split_findings: splitFindingsOf(sources) })
  const leakage = leakageIn(sources)
  return withoutMissing({
    rows: quality.rows,
    errors: quality.counts.error,
    warnings: quality.counts.warning,
    leakage_findings: 'findings' in leakage ? leakage.findings : null,
    split_findings: splitFindingsOf(sources),
    rows_left_out: quality.imported?.rowsLeftOut,
    cells_lost: quality.imported?.cellsLost,
    cells_altered: quality.imported?.cellsAltered
  })
}

function withoutMissing(facts: Record<string, FactValue | undefined>): Facts {
  const present: Facts = {}
  for (const [name, value] of Object.entries(facts)) if (value !== null && value !== undefined) present[name] = value
  return present
}
