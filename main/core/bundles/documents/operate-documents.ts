import { stringify } from 'yaml'
import type { SignatureInput } from '../../../model/training'
import { modelReference, type BundleFacts } from './bundle-facts'
import { fenced, inlineCode, markdownText } from './markdown'

/** Two significant digits, rounded up: a limit a person can remember. */
function roundUp(value: number): number {
  if (!(value > 0)) return 0
  const power = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / power - 1e-9) * power).toPrecision(2))
}

export interface OperatingLimits {
  /** Seconds; three times the measured p99, so that a slower machine of the same class still fits. */
  latencyP99: number
  measuredP99: number
  /** Share of rows decided positive in the evaluation. */
  selectionRate: number
  /** Outside of this band over a window of 1,000 rows the input has changed (four standard errors). */
  selectionBand: readonly [number, number]
  /** Rows to shadow until 50 positive cases are expected. */
  shadowRows: number
}

/** Derives the limits of operation from the evaluation; every one of them can be traced to a measured figure. */
export function deriveOperatingLimits(facts: BundleFacts): OperatingLimits {
  const { confusion, rows, latency } = facts.evaluation
  const judged = Math.max(1, rows.judged)
  const selectionRate = (confusion.truePositive + confusion.falsePositive) / judged
  const error = 4 * Math.sqrt(Math.max(selectionRate * (1 - selectionRate), 1 / judged) * (1 / 1000 + 1 / judged))
  const positives = Math.max(1 / judged, rows.positives / judged)
  const round = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4
  return {
    latencyP99: roundUp(latency.p99 * 3),
    measuredP99: latency.p99,
    selectionRate: round(selectionRate),
    selectionBand: [round(selectionRate - error), round(selectionRate + error)],
    shadowRows: roundUp(Math.ceil(50 / positives))
  }
}

/** operate/slo.yaml */
export function buildServiceLevels(facts: BundleFacts): string {
  const limits = deriveOperatingLimits(facts)
  const { metrics } = facts.evaluation
  return stringify({
    schema: 'drydock.slo',
    version: 1,
    model: modelReference(facts),
    objectives: [
      {
        id: 'latency',
        measure: '99th percentile of the time to score one row',
        unit: 's',
        at_most: limits.latencyP99,
        measured_before_release: limits.measuredP99,
        window: '15 minutes'
      },
      {
        id: 'refused',
        measure: 'share of rows refused because a value is out of range or missing against the signature',
        unit: '0..1',
        at_most: 0.02,
        window: '1 day'
      },
      {
        id: 'selection-rate',
        measure: `share of rows scored at or above ${facts.evaluation.threshold}`,
        unit: '0..1',
        at_least: limits.selectionBand[0],
        at_most: limits.selectionBand[1],
        measured_before_release: limits.selectionRate,
        window: '1000 rows'
      },
      ...(metrics.auc.interval === null
        ? []
        : [
            {
              id: 'ranking',
              measure: 'AUC once the outcomes are known',
              unit: '0..1',
              at_least: metrics.auc.interval.lower,
              measured_before_release: metrics.auc.value,
              window: 'at least 50 positive outcomes'
            }
          ])
    ]
  })
}

/** operate/rollout.yaml */
export function buildRolloutPlan(facts: BundleFacts): string {
  const limits = deriveOperatingLimits(facts)
  return stringify({
    schema: 'drydock.rollout',
    version: 1,
    model: modelReference(facts),
    before: [
      'drydock verify of this bundle succeeds with the key you trust',
      'an approval by somebody other than the author is in attestations/',
      'the answers to model/sample-inputs.arrow equal model/sample-outputs.arrow within 1e-6, where these files are enclosed'
    ],
    phases: [
      {
        name: 'shadow',
        traffic: 0,
        until: `${limits.shadowRows} rows were scored beside the present procedure`,
        continue_when: ['latency', 'refused', 'selection-rate']
      },
      { name: 'pilot', traffic: 0.1, until: '7 days', continue_when: ['latency', 'refused', 'selection-rate'] },
      { name: 'half', traffic: 0.5, until: '7 days', continue_when: ['latency', 'refused', 'selection-rate'] },
      { name: 'full', traffic: 1, until: 'replaced or retired', continue_when: ['latency', 'refused', 'selection-rate', 'ranking'] }
    ],
    rollback: {
      when: [
        'an objective of slo.yaml is missed in two windows in a row',
        'drydock verify fails on the deployed files',
        'the owner or a reviewer asks for it'
      ],
      to:
        facts.model.version > 1
          ? `the version that was released before model:${facts.model.name}@${facts.model.version}`
          : 'the procedure without a model',
      within: '15 minutes',
      tell: facts.model.owner.name
    }
  })
}

function exampleValue(input: SignatureInput): string {
  if (input.tensor === 'string') return `np.array([[${JSON.stringify(input.categories?.[0] ?? '')}]], dtype=object)`
  const middle = input.range ? input.range.min + (input.range.max - input.range.min) / 2 : 0
  return `np.array([[${Number(middle.toPrecision(6))}]], dtype=np.float32)`
}

function inputLine(input: SignatureInput): string {
  const { categories = [], range, unit } = input
  const named = categories
    .slice(0, 12)
    .map((category) => inlineCode(category))
    .join(', ')
  const seen = range
    ? `${range.min} to ${range.max}${unit ? ` ${markdownText(unit)}` : ''}`
    : `${named}${categories.length > 12 ? ` and ${categories.length - 12} more (model/signature.json)` : ''}`
  const missing = input.missingShare > 0 ? `missing is allowed: pass ${input.missing}` : `missing was never seen in training: refuse it`
  return `- ${inlineCode(input.input)} (${input.kind}, ${input.tensor} tensor): ${seen || 'any'}; ${missing}.`
}

/** operate/runbook.md */
export function buildRunbook(facts: BundleFacts): string {
  const limits = deriveOperatingLimits(facts)
  const { signature, evaluation, model } = facts
  const snippet = [
    'import os',
    '',
    'os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # newer releases report to their maker otherwise',
    'import numpy as np',
    'import onnxruntime as ort',
    '',
    'session = ort.InferenceSession("model/model.onnx", providers=["CPUExecutionProvider"])',
    'row = {',
    ...signature.inputs.map((input) => `    ${JSON.stringify(input.input)}: ${exampleValue(input)},`),
    '}',
    `names = ${JSON.stringify(signature.outputs.map((output) => output.name))}`,
    'for name, value in zip(names, session.run(names, row)):',
    '    print(name, value)'
  ]
  const outputs = signature.outputs.map(
    (output) => `- ${inlineCode(output.name)} (${output.tensor} ${markdownText(output.shape)}): ${markdownText(output.description)}`
  )
  return `# Runbook: ${markdownText(model.name)}, version ${model.version}

${facts.demo ? '**DEMO IDENTITIES: this bundle comes from the sample. Do not put it to work.**\n\n' : ''}Owner: ${markdownText(model.owner.name)}. Risk tier: ${markdownText(model.riskTier)}.

## Before every start

Verify the bundle with the key you trust (see README.md). Do not load a model from a bundle that does not verify.

## Score a row

The graph holds the whole preparation; pass raw values, each input as a column of shape [N, 1]. At most 4,096 rows in one
call keep memory low.

${fenced(snippet.join('\n'), 'python')}

Answers:

${outputs.join('\n')}

A row counts as positive from a probability of ${evaluation.threshold} on.

## Refuse what the model has not seen

A numeric value outside its range, or a missing value where none was seen in training: do not score it, count it as refused, and
hand the case to the procedure without a model. A category that is not listed is scored as rare or unknown: mark the answer.

${signature.inputs.map(inputLine).join('\n')}

## What is normal

- Latency: the 99th percentile of one row was ${(limits.measuredP99 * 1000).toPrecision(3)} ms when measured; the limit is ${(limits.latencyP99 * 1000).toPrecision(3)} ms.
- Memory: the scoring process used up to ${(evaluation.latency.peakMemory / 1024 / 1024).toFixed(0)} MiB.
- Between ${limits.selectionBand[0]} and ${limits.selectionBand[1]} of 1,000 rows are decided positive (${limits.selectionRate} in the evaluation).

## Roll back

When an objective of slo.yaml is missed in two windows in a row, or the deployed files no longer verify: stop sending cases to
this version, go back as rollout.yaml says, keep the inputs and answers of the last 24 hours, and tell the owner. Do not retrain
in place; a new version is a new bundle with its own approval.

## Out of scope

${markdownText(model.outOfScope || 'Not stated.')}
`
}
