import { commandWords, notPortable } from '../../../model/external-scorer'
import { unlistedOf, unlistedWords, type SignatureInput } from '../../../model/training'
import { taskOf } from '../../tasks'
import { personLabel, type BundleFacts } from './bundle-facts'
import { fenced, inlineCode, markdownText } from './markdown'
import { deriveOperatingLimits } from './operate-documents'
import { exitCodes, verifyCommand } from './verify-command'

function exampleValue(input: SignatureInput): string {
  if (input.tensor === 'string') return `np.array([[${JSON.stringify(input.categories?.[0] ?? '')}]], dtype=object)`
  const middle = input.range ? input.range.min + (input.range.max - input.range.min) / 2 : 0
  return input.tensor === 'double'
    ? `np.array([[${Number(middle.toPrecision(15))}]], dtype=np.float64)`
    : `np.array([[${Number(middle.toPrecision(6))}]], dtype=np.float32)`
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
  const unlisted = unlistedOf(input)
  const other = unlisted
    ? `; any other text is scored as ${unlistedWords[unlisted]}`
    : input.tensor === 'string'
      ? '; how any other text is scored was not stated'
      : ''
  return `- ${inlineCode(input.input)} (${input.kind}, ${input.tensor} tensor): ${seen || 'any'}${other}; ${missing}.`
}

function refusedText({ sample }: BundleFacts): string {
  return sample && sample.tested > 0
    ? `${sample.refused} of the ${sample.tested} test rows would have been.`
    : 'not measured before release; count it in the shadow phase.'
}

/** What the gate let through with a warning, and the groups with the most misses: the operator meets these first. */
function weaknesses({ gate, evaluation }: BundleFacts): string {
  const unmet = gate?.results.filter((result) => result.outcome !== 'pass') ?? []
  const worst = taskOf(evaluation).operation.weakestGroup(evaluation)
  const lines = [
    ...unmet.map(
      // What a rule says where it does not hold is not known to be so while it is undecided.
      ({ outcome, title, message, errorDetail }) =>
        `- Rule of the policy that ${outcome === 'error' ? 'could not be decided' : 'does not hold'}: ${markdownText(title)}. ${markdownText(errorDetail ?? message)}`
    ),
    ...(worst && evaluation.fairness
      ? [`- Finds least where ${inlineCode(evaluation.fairness.column)} is ${inlineCode(worst.group)}: ${worst.finds}.`]
      : [])
  ]
  return lines.length > 0 ? `\n## Known weaknesses\n\n${lines.join('\n')}\n` : ''
}

/** operate/runbook.md */
export function buildRunbook(facts: BundleFacts): string {
  const limits = deriveOperatingLimits(facts)
  const { signature, evaluation, model } = facts
  const { text } = taskOf(evaluation).operation
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
  const external = facts.imported?.external
  const scoring = external
    ? `${notPortable} It is started as ${inlineCode(commandWords(external.command))} in a folder with the files that model/scorer.json holds (each with its
SHA-256); it reads the CSV file that DRYDOCK_INPUT_ROWS names and writes the one that DRYDOCK_OUTPUT_SCORES names. Drydock does it:

${fenced('drydock score BUNDLE ROWS.csv --run-program --out scores.csv', 'sh')}`
    : `The graph holds the whole preparation; pass raw values, each input as a column of shape [N, 1]. At most 4,096 rows in one
call keep memory low.

${fenced(snippet.join('\n'), 'python')}`
  const outputs = signature.outputs.map(
    (output) => `- ${inlineCode(output.name)} (${output.tensor} ${markdownText(output.shape)}): ${markdownText(output.description)}`
  )
  return `# Runbook: ${markdownText(model.name)}, version ${model.version}

${facts.demo ? '**DEMO IDENTITIES: this bundle comes from the sample. Do not put it to work.**\n\n' : ''}Owner: ${markdownText(personLabel(model.owner))}. Risk tier: ${markdownText(model.riskTier)}.

## Before every start

${fenced(verifyCommand(facts, { approvals: true, gate: true, stage: true }), 'sh')}

Load the model only after exit code 0. Otherwise do not: ${exitCodes
    .slice(1)
    .map(([code, meaning]) => `${code} is ${meaning}`)
    .join('; ')}. README.md says where the keys come from.

## Score a row

${scoring}

Answers:

${outputs.join('\n')}

${text.decides(evaluation)}

## Refuse what the model has not seen

A numeric value outside its range, or a missing value where none was seen in training: do not score it, count it as refused, and
hand the case to the procedure without a model. A category that is not listed is scored as its line says: mark the answer.

${signature.inputs.map(inputLine).join('\n')}

## What is normal

- Latency: the 99th percentile of one row was ${(limits.measuredP99 * 1000).toPrecision(3)} ms when measured; the limit is ${(limits.latencyP99 * 1000).toPrecision(3)} ms.
- Memory: the scoring process used up to ${(evaluation.latency.peakMemory / 1024 / 1024).toFixed(0)} MiB.
- ${text.rate}: ${Math.round(limits.selectionRate * 1000)} of 1,000 rows in the evaluation; between ${Math.round(limits.selectionBand[0] * 1000)} and ${Math.round(limits.selectionBand[1] * 1000)} is normal.
- Right and wrong${'threshold' in evaluation ? ' at this threshold' : ''}, in the evaluation: ${text.rightAndWrong(evaluation)}
- Refused: ${refusedText(facts)}
${weaknesses(facts)}
## Roll back

When an objective of slo.yaml is missed in two windows in a row, or the deployed files no longer verify: stop sending cases to
this version, go back as rollout.yaml says, keep the inputs and answers of the last 24 hours, and tell the owner. Do not retrain
in place; a new version is a new bundle with its own approval.

## Out of scope

${markdownText(model.outOfScope || 'Not stated.')}
`
}
