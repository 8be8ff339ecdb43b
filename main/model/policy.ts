import { z } from 'zod'

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
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'use lower-case words joined by hyphens, such as discrimination-floor')
  .max(80)

/** What a failing rule does: `block` fails the gate, `warn` is reported and lets the gate pass. */
export const ruleSeverity = z.enum(['block', 'warn'])
export type RuleSeverity = z.infer<typeof ruleSeverity>

/** `error` means that the expression could not be decided (missing fact, wrong type); it counts as a failure. */
export const ruleOutcome = z.enum(['pass', 'fail', 'error'])
export type RuleOutcome = z.infer<typeof ruleOutcome>

export const policyRule = z.strictObject({
  id: identifier,
  title: z.string().min(1).max(200),
  severity: ruleSeverity,
  /** A CEL expression over the fact vocabulary below; it must yield a boolean. */
  expression: z.string().min(1).max(maximumExpressionLength),
  /** What the reader is told when the rule does not hold: what it means and what to do. */
  message: z.string().min(1).max(1_000),
  /** The clause of a regulation or standard behind the rule, such as "SR 26-2" or "EU AI Act Annex IV 3". */
  reference: z.string().min(1).max(200).optional()
})
export type PolicyRule = z.infer<typeof policyRule>

/** A value that a fact may have: what JSON and CEL have in common. */
export type FactValue = null | boolean | number | string | FactValue[] | { [name: string]: FactValue }
export const factValue: z.ZodType<FactValue> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(factValue), z.record(z.string(), factValue)])
)

const factGroup = z.record(z.string(), factValue)

/** The groups an expression may name. A group that was not supplied is empty: naming a fact in it is an error. */
export const factGroups = ['metrics', 'fairness', 'data', 'model', 'run', 'evaluation'] as const
export type FactGroup = (typeof factGroups)[number]

/** The evidence a gate decides on, by group; the well-known names are in `factVocabulary`. */
export const gateFacts = z.strictObject({
  metrics: factGroup.optional(),
  fairness: factGroup.optional(),
  data: factGroup.optional(),
  model: factGroup.optional(),
  run: factGroup.optional(),
  evaluation: factGroup.optional()
})
export type GateFacts = z.infer<typeof gateFacts>

export interface FactDescription {
  /** How an expression names it: `metrics.auc`. */
  path: string
  kind: 'number' | 'text' | 'boolean' | 'list'
  unit?: string
  /** Which way is better, where there is one. */
  better?: 'higher' | 'lower'
  meaning: string
}

/**
 * The facts that the workbench supplies to a gate. Custom metrics of a run appear under `metrics` by their own name
 * and are not listed here. A fact that was not measured is absent, and a rule that names it errs, and so fails.
 */
export const factVocabulary: readonly FactDescription[] = [
  { path: 'metrics.auc', kind: 'number', unit: '0..1', better: 'higher', meaning: 'Area under the ROC curve on the test split' },
  {
    path: 'metrics.auc_low',
    kind: 'number',
    unit: '0..1',
    better: 'higher',
    meaning: 'Lower bound of the 95 % bootstrap interval of the AUC'
  },
  {
    path: 'metrics.auc_high',
    kind: 'number',
    unit: '0..1',
    better: 'higher',
    meaning: 'Upper bound of the 95 % bootstrap interval of the AUC'
  },
  { path: 'metrics.log_loss', kind: 'number', unit: 'nats', better: 'lower', meaning: 'Mean negative log-likelihood on the test split' },
  { path: 'metrics.brier', kind: 'number', unit: '0..1', better: 'lower', meaning: 'Mean squared error of the probability' },
  {
    path: 'metrics.calibration_error',
    kind: 'number',
    unit: '0..1',
    better: 'lower',
    meaning: 'Expected calibration error over the calibration bins'
  },
  { path: 'metrics.accuracy', kind: 'number', unit: '0..1', better: 'higher', meaning: 'Share of right decisions at the threshold' },
  { path: 'metrics.precision', kind: 'number', unit: '0..1', better: 'higher', meaning: 'Share of positive decisions that were right' },
  { path: 'metrics.recall', kind: 'number', unit: '0..1', better: 'higher', meaning: 'Share of positive cases that were found' },
  { path: 'metrics.f1', kind: 'number', unit: '0..1', better: 'higher', meaning: 'Harmonic mean of precision and recall' },
  { path: 'metrics.latency_p50', kind: 'number', unit: 's', better: 'lower', meaning: 'Median time to score one row' },
  { path: 'metrics.latency_p99', kind: 'number', unit: 's', better: 'lower', meaning: '99th percentile of the time to score one row' },
  { path: 'metrics.peak_memory', kind: 'number', unit: 'bytes', better: 'lower', meaning: 'Largest resident memory while training' },
  { path: 'metrics.training_seconds', kind: 'number', unit: 's', better: 'lower', meaning: 'Time that training took' },
  { path: 'fairness.column', kind: 'text', meaning: 'The column whose groups were compared' },
  {
    path: 'fairness.disparate_impact',
    kind: 'number',
    unit: 'ratio',
    better: 'higher',
    meaning: 'Lowest selection rate of a group divided by the highest'
  },
  {
    path: 'fairness.tpr_difference',
    kind: 'number',
    unit: '0..1',
    better: 'lower',
    meaning: 'Largest difference of the true positive rate between groups'
  },
  {
    path: 'fairness.fpr_difference',
    kind: 'number',
    unit: '0..1',
    better: 'lower',
    meaning: 'Largest difference of the false positive rate between groups'
  },
  { path: 'fairness.smallest_group', kind: 'number', unit: 'rows', better: 'higher', meaning: 'Rows in the smallest group compared' },
  { path: 'data.rows', kind: 'number', unit: 'rows', better: 'higher', meaning: 'Rows of the dataset version' },
  { path: 'data.errors', kind: 'number', unit: 'findings', better: 'lower', meaning: 'Quality findings of severity error' },
  { path: 'data.warnings', kind: 'number', unit: 'findings', better: 'lower', meaning: 'Quality findings of severity warning' },
  {
    path: 'data.leakage_findings',
    kind: 'number',
    unit: 'findings',
    better: 'lower',
    meaning: 'Features suspected of carrying the outcome'
  },
  { path: 'model.algorithm', kind: 'text', meaning: 'The trainer that made the model' },
  { path: 'model.features', kind: 'list', meaning: 'Names of the features the model reads' },
  {
    path: 'model.parity',
    kind: 'number',
    unit: 'absolute',
    better: 'lower',
    meaning: 'Largest difference between the trainer and the exported ONNX graph'
  },
  { path: 'run.seeded', kind: 'boolean', meaning: 'Whether every random choice of the run had a recorded seed' },
  { path: 'run.reproducible', kind: 'boolean', meaning: 'Whether code, data and environment of the run are all recorded by digest' },
  { path: 'run.trials', kind: 'number', unit: 'runs', meaning: 'Trials of the experiment, discarded and failed ones counted' },
  { path: 'evaluation.rows', kind: 'number', unit: 'rows', better: 'higher', meaning: 'Rows of the test split' },
  { path: 'evaluation.positives', kind: 'number', unit: 'rows', better: 'higher', meaning: 'Positive rows of the test split' },
  { path: 'evaluation.threshold', kind: 'number', unit: '0..1', meaning: 'The decision threshold' }
]

/** An example that the policy must decide as stated; rules that `expect` does not name are not looked at. */
export const policyTest = z.strictObject({
  name: z.string().min(1).max(200),
  given: gateFacts,
  expect: z.record(identifier, ruleOutcome).refine((expected) => Object.keys(expected).length > 0, 'expect at least one rule')
})
export type PolicyTest = z.infer<typeof policyTest>

export const policyDocument = z
  .strictObject({
    schema: z.literal(policySchemaName),
    /** Version of the document format, not of the policy: a policy version is the SHA-256 of its text. */
    version: z.literal(policySchemaVersion),
    name: identifier,
    title: z.string().min(1).max(200),
    description: z.string().max(4_000).default(''),
    rules: z.array(policyRule).min(1).max(200),
    tests: z.array(policyTest).max(500).default([])
  })
  .superRefine((policy, context) => {
    const seen = new Set<string>()
    policy.rules.forEach((rule, index) => {
      if (seen.has(rule.id))
        context.addIssue({ code: 'custom', path: ['rules', index, 'id'], message: `the rule id "${rule.id}" is used twice` })
      seen.add(rule.id)
    })
    policy.tests.forEach((test, index) => {
      for (const id of Object.keys(test.expect))
        if (!seen.has(id)) context.addIssue({ code: 'custom', path: ['tests', index, 'expect', id], message: `no rule has the id "${id}"` })
    })
  })
export type PolicyDocument = z.infer<typeof policyDocument>

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

export const ruleResult = z.object({
  rule: z.string(),
  title: z.string(),
  outcome: ruleOutcome,
  severity: ruleSeverity,
  expression: z.string(),
  message: z.string(),
  reference: z.string().optional(),
  evidence: z.array(gateEvidence),
  errorDetail: z.string().optional()
})
export type RuleResult = z.infer<typeof ruleResult>

export const gateReport = z.object({
  schema: z.literal('drydock.gate-report'),
  version: z.literal(1),
  policy: z.string(),
  title: z.string(),
  /** SHA-256 of the policy's text, lower-case hex. */
  sha256: z.string(),
  results: z.array(ruleResult),
  /** The policy's own tests, run just before the gate; one that fails keeps the gate shut. */
  tests: z.array(policyTestResult),
  outcome: z.enum(['pass', 'fail']),
  /** One sentence: why the gate passed or did not. */
  reason: z.string(),
  evaluatedAt: z.string()
})
export type GateReport = z.infer<typeof gateReport>
