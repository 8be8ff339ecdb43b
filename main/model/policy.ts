import { z } from 'zod'
import { gateSubject } from './evidence'
import { didYouMean } from './near-names'
import { gateShortfall } from './gate-standing'
import { describeFact, METRICS, taskFacts, type FactDescription, type MetricDefinition } from './tasks'
import { Sha256, RunId, PipelineRunId, GateResultId } from './reference'
import { ReportedNumber } from './reported-number-schema'

/**
 * A policy is a YAML document of CEL expressions with tests beside them. A gate evaluates it against facts.
 * CEL: https://github.com/google/cel-spec. Every rule must be true; an expression that errors has failed.
 */
export const policySchemaName = 'drydock.policy'
export const policySchemaVersion = 1

/** The longest CEL expression a rule may hold, in characters. */
export const maximumExpressionLength = 4_000

const identifier = z
  .string()
  // Where an id cannot be read, nothing is said of the places that name it.
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, {
    error: 'use lower-case words joined by hyphens, such as discrimination-floor',
    abort: true
  })
  .max(80, { abort: true })

/** What a failing rule does: `block` fails the gate, `warn` is reported and lets the gate pass. */
export const ruleSeverity = z.enum(['block', 'warn'])

/** `error` means that the expression could not be decided (missing fact, wrong type); it counts as a failure. */
export const ruleOutcome = z.enum(['pass', 'fail', 'error'])

export const policyRule = z.strictObject({
  id: identifier.describe('Its name within the policy; the tests name it.'),
  title: z.string().min(1).max(200).describe('What must hold, in a few words.'),
  severity: ruleSeverity.describe('block fails the gate; warn is reported and lets it pass.'),
  expression: z.string().min(1).max(maximumExpressionLength).describe('A CEL expression over the gate facts; it must give true or false.'),
  message: z.string().min(1).max(1_000).describe('What the reader is told when the rule does not hold: what it means and what to do.'),
  reference: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The clause of a regulation or standard behind the rule, such as "SR 26-2" or "EU AI Act Annex IV 3".')
})
export type PolicyRule = z.infer<typeof policyRule>

/** A value that a fact may have: what JSON and CEL have in common, and numbers that are not finite (`.nan` and `.inf` in a policy's tests). */
export type FactValue = null | boolean | number | string | FactValue[] | { [name: string]: FactValue }
export const factValue: z.ZodType<FactValue> = z.lazy(() =>
  z.union([z.null(), z.boolean(), ReportedNumber, z.string(), z.array(factValue), z.record(z.string(), factValue)])
)

const factGroup = z.record(z.string(), factValue)

/** The groups an expression may name. A group that was not supplied is empty: naming a fact in it is an error. */
export const factGroups = ['metrics', 'fairness', 'data', 'model', 'run', 'evaluation', 'split'] as const

/** The evidence a gate decides on, by group; the well-known names are in `factVocabulary`. */
export const gateFacts = z.strictObject({
  metrics: factGroup.optional(),
  fairness: factGroup.optional(),
  data: factGroup.optional(),
  model: factGroup.optional(),
  run: factGroup.optional(),
  evaluation: factGroup.optional(),
  split: factGroup.optional()
})
export type GateFacts = z.infer<typeof gateFacts>

const units: Record<MetricDefinition['unit'], string | undefined> = {
  share: '0..1',
  nats: 'nats',
  seconds: 's',
  bytes: 'bytes',
  'rows/s': 'rows/s',
  ratio: 'ratio',
  difference: '0..1',
  target: 'unit of the target',
  classes: 'classes',
  loss: 'loss of the objective',
  costs: 'unit of the costs',
  none: undefined
}

/**
 * The facts that the workbench supplies to a gate: every metric of an evaluation under `metrics` by its key, and those
 * below. Custom metrics of a run appear under `metrics` by their own name and are not listed. A fact that was not
 * measured is absent, and a rule that names it errs, and so fails. Durations are seconds, sizes bytes, shares 0..1.
 */
export const factVocabulary: readonly FactDescription[] = [
  ...METRICS.map((metric) => describeFact(`metrics.${metric.key}`, 'number', metric.description, units[metric.unit], metric.direction)),
  ...taskFacts('fairness'),
  describeFact('data.rows', 'number', 'Rows of the table the quality report is about', 'rows', 'higher'),
  describeFact('data.errors', 'number', 'Quality findings of severity error', 'findings', 'lower'),
  describeFact('data.warnings', 'number', 'Quality findings of severity warning', 'findings', 'lower'),
  describeFact('data.leakage_findings', 'number', 'Features of the model declared or suspected to carry the outcome', 'findings', 'lower'),
  describeFact('data.split_findings', 'number', 'Signs that training and test rows are not independent', 'findings', 'lower'),
  describeFact('data.rows_left_out', 'number', 'Rows of the imported files that are not in the table', 'rows', 'lower'),
  describeFact('data.cells_lost', 'number', 'Cells of the imported files that are missing because they did not fit', 'cells', 'lower'),
  describeFact('data.cells_altered', 'number', 'Cells of the imported files that a rule of the import changed', 'cells', 'lower'),
  describeFact('split.groups_shared', 'number', 'Groups and identifiers that are on both sides of the split', 'values', 'lower'),
  describeFact(
    'split.group_rows_share',
    'number',
    'Share of the judged rows whose group or identifier is in training too',
    '0..1',
    'lower'
  ),
  describeFact('split.time_overlap', 'number', 'Training rows later than the first judged row', 'rows', 'lower'),
  describeFact(
    'split.time_overlap_share',
    'number',
    'Share of the training rows later than the first judged row, by columns that the split was not declared to disregard',
    '0..1',
    'lower'
  ),
  describeFact('model.algorithm', 'text', 'The trainer that made the model'),
  describeFact('model.features', 'list', 'Names of the features that the model reads'),
  describeFact(
    'model.parity',
    'number',
    'Largest difference of a probability between the trainer, on the values of the table, and the exported ONNX graph',
    'absolute',
    'lower'
  ),
  describeFact(
    'model.original_difference',
    'number',
    'Largest difference between what the program that trained the model predicted and what the ONNX graph answers, for the same rows',
    'absolute',
    'lower'
  ),
  describeFact(
    'model.original_flips',
    'number',
    'Rows that the ONNX graph decides otherwise than the program that trained the model',
    'rows',
    'lower'
  ),
  describeFact('model.portable', 'boolean', 'Whether the model is an ONNX graph, which runs without the programs that made it'),
  describeFact('run.seeded', 'boolean', 'Whether the run recorded the seed of its random choices'),
  describeFact('run.reproducible', 'boolean', 'Whether code, data and environment of the run are all recorded'),
  describeFact('run.trials', 'number', 'Trials of the experiment, discarded and failed ones counted', 'runs'),
  describeFact('evaluation.split', 'text', 'Name of the split that was judged'),
  describeFact('evaluation.rows', 'number', 'Rows judged', 'rows', 'higher'),
  ...taskFacts('evaluation')
]

/** An example that the policy must decide as stated; rules that `expect` does not name are not looked at. */
export const policyTest = z.strictObject({
  name: z.string().min(1).max(200).describe('What it shows.'),
  given: gateFacts.describe('The facts of the example, by group.'),
  expect: z
    .record(identifier, ruleOutcome)
    .refine((expected) => Object.keys(expected).length > 0, 'expect at least one rule')
    .describe('By rule what it must come to: pass, fail or error.')
})

export const policyDocument = z
  .strictObject({
    schema: z.literal(policySchemaName),
    version: z
      .literal(policySchemaVersion)
      .describe('Version of the document format, not of the policy: a policy version is the SHA-256 of its text.'),
    name: identifier.describe('What gate steps name.'),
    title: z.string().min(1).max(200).describe('What lists show.'),
    description: z.string().max(4_000).default('').describe('What the model is for and must therefore be able to do.'),
    rules: z.array(policyRule).min(1).max(200).describe('Each must hold; one that cannot be decided has failed.'),
    tests: z
      .array(policyTest)
      .max(500)
      .default([])
      .describe('Examples with the outcome they must have; one that fails keeps the gate shut.')
  })
  .superRefine((policy, context) => {
    for (const { path, message } of policyContradictions(policy)) context.addIssue({ code: 'custom', path, message })
  })
export type PolicyDocument = z.infer<typeof policyDocument>

/** Where the parts of a policy do not fit each other: two rules of one id, tests of a rule that is not there. */
export function policyContradictions({
  rules,
  tests
}: {
  rules: readonly PolicyRule[]
  tests: readonly z.infer<typeof policyTest>[]
}): { path: (string | number)[]; message: string }[] {
  const seen = new Set<string>()
  const found: ReturnType<typeof policyContradictions> = []
  rules.forEach(({ id }, index) => {
    if (seen.has(id)) found.push({ path: ['rules', index, 'id'], message: `The rule id "${id}" is used twice. Rename one.` })
    seen.add(id)
  })
  tests.forEach(({ expect }, index) => {
    for (const id of Object.keys(expect))
      if (!seen.has(id)) found.push({ path: ['tests', index, 'expect', id], message: `No rule has the id "${id}".${didYouMean(id, seen)}` })
  })
  return found
}

/** A problem in a policy's text or in one of its expressions. Lines and columns count from 1. */
export const policyProblem = z.object({
  severity: z.enum(['error', 'warning']),
  /** Where in the document, such as `rules.0.expression`. */
  path: z.string(),
  message: z.string(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  rule: z.string().optional(),
  /** Half-open character range inside the rule's expression, for an editor to underline. */
  from: z.number().int().optional(),
  to: z.number().int().optional()
})
export type PolicyProblem = z.infer<typeof policyProblem>

export const policyTestResult = z.object({
  name: z.string(),
  passed: z.boolean(),
  /** One entry for each expectation that did not hold. */
  differences: z.array(z.object({ rule: z.string(), expected: ruleOutcome, actual: ruleOutcome, detail: z.string().optional() }))
})
export type PolicyTestResult = z.infer<typeof policyTestResult>

/** A fact that a rule looked at; `value` is absent when the fact was missing. */
export const gateEvidence = z.object({ fact: z.string(), value: factValue.optional(), present: z.boolean() })
export type GateEvidence = z.infer<typeof gateEvidence>

/** A finding of a quality report that a fact counts: what to mend where the rule on it does not hold. */
const countedFinding = z.object({
  columns: z.array(z.string()),
  title: z.string(),
  next: z.string(),
  /** Whose columns they are, where the table was made of one. */
  dataset: z.string().optional()
})
export type CountedFinding = z.infer<typeof countedFinding>

export const ruleResult = z.object({
  rule: z.string(),
  title: z.string(),
  outcome: ruleOutcome,
  severity: ruleSeverity,
  expression: z.string(),
  message: z.string(),
  reference: z.string().optional(),
  evidence: z.array(gateEvidence),
  /** Of a rule that does not hold: the findings behind the facts it looked at, at most 10; absent where none is counted, and in earlier reports. */
  findings: z.array(countedFinding).optional(),
  errorDetail: z.string().optional()
})
export type RuleResult = z.infer<typeof ruleResult>

/** What the rules of a policy came to. */
export const gateOutcome = z.enum(['pass', 'fail'])

/** A saved text of a policy. */
export const policyVersion = z.object({
  sha256: Sha256,
  savedAt: z.string(),
  savedBy: z.string(),
  /** The version in force. */
  current: z.boolean(),
  /** How many gates it decided. */
  gates: z.number()
})
export type PolicyVersion = z.infer<typeof policyVersion>

/** A gate result as lists show it. */
export const gateSummary = z.object({
  id: GateResultId,
  run: RunId,
  policy: z.string(),
  policySha256: Sha256,
  outcome: gateOutcome,
  shortfall: gateShortfall.optional(),
  at: z.string(),
  /** The execution whose gate step decided; null in what an earlier program recorded without one. */
  pipelineRun: PipelineRunId.nullable()
})
export type GateSummary = z.infer<typeof gateSummary>

const currentGateReport = z.object({
  schema: z.literal('drydock.gate-report'),
  version: z.literal(2),
  /** What was judged, by digest; null in reports of version 1. */
  subject: gateSubject.nullable(),
  policy: z.string(),
  title: z.string(),
  /** SHA-256 of the policy's text, lower-case hex. */
  sha256: Sha256,
  results: z.array(ruleResult),
  /** The policy's own tests, run just before the gate; one that fails keeps the gate shut. */
  tests: z.array(policyTestResult),
  outcome: gateOutcome,
  shortfall: gateShortfall.optional(),
  /** One sentence: why the gate passed or did not. */
  reason: z.string(),
  evaluatedAt: z.string()
})

/** Version 1 did not say what it is about. */
function upcastGateReport(document: unknown): unknown {
  const isOld = typeof document === 'object' && document !== null && (document as { version?: unknown }).version === 1
  return isOld ? { ...document, version: 2, subject: null } : document
}

/** What a gate decided, rule by rule; the document behind a gate result. Reads every version. */
export const gateReport = z.preprocess(upcastGateReport, currentGateReport)
export type GateReport = z.infer<typeof currentGateReport>
