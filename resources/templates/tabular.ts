import type { TargetValue } from '../../main/model/tasks'

/** What the two documents of a first model are filled in with. */
export interface TabularChoices {
  /** Of both documents and of the model. */
  name: string
  dataset: string
  target: string
  /** Null where it cannot be told yet. */
  event: TargetValue | null
  /** Columns that say when a row was and to what it belongs: rows are divided by them, and nothing is learned from them. */
  dividing: readonly string[]
}

/** The share of the rows that judge a first model. */
export const TEST_SHARE = 0.25

/** JSON is YAML, and quotes whatever a name or a value holds. */
const text = (value: TargetValue): string => JSON.stringify(value)

/** The pipeline: check, split by the roles of the columns, train, evaluate, hold the gate, and keep the version whatever the gate said. */
export const tabularPipeline = ({
  name,
  dataset,
  target,
  event,
  dividing
}: TabularChoices): string => `# From a table to a first model. The test rows are held back by the roles of the columns (group, time), else at random.
schema: drydock.pipeline
version: 1
name: ${name}
title: ${text(`First model for ${target}`)}
steps:
  - id: data
    type: source
    title: Dataset
    parameters:
      dataset: ${text(dataset)}
    position: { x: 0, y: 105 }
  - id: quality
    type: quality-check
    title: Quality of the data
    inputs:
      table: data.table
    parameters:
      target: ${text(target)}
${event === null ? '' : `      positive: [${text(String(event))}]\n`}      columnsOf: ${text(dataset)}
    position: { x: 270, y: 0 }
  - id: split
    type: split
    title: Train and test
    inputs:
      table: data.table
    parameters:
      by: roles
      test: ${TEST_SHARE}
      seed: 42
    position: { x: 270, y: 210 }
  - id: train
    type: train
    title: Gradient boosting
    inputs:
      train: split.train
    parameters:
      experiment: ${name}
      target: ${text(target)}
      ${event === null ? '# positive: name the value of the target that is the event' : `positive: ${text(event)}`}
${dividing.length > 0 ? `      # They divide the rows; a model that learned them would know the past by its date and a group by its name.\n      exclude: [${dividing.map(text).join(', ')}]\n` : ''}      algorithm: gradient-boosting
      seed: 42
    position: { x: 540, y: 210 }
  - id: evaluate
    type: evaluate
    title: Evaluate on the test rows
    inputs:
      model: train.model
      test: split.test
    parameters:
      seed: 42
    position: { x: 810, y: 210 }
  - id: gate
    type: gate
    title: Policy gate
    inputs:
      model: train.model
      evaluation: evaluate.evaluation
      quality: quality.report
    parameters:
      policy: ${name}
    position: { x: 1080, y: 40 }
  - id: register
    type: register
    title: Keep the version
    inputs:
      model: train.model
      gate: gate.decision
    parameters:
      name: ${name}
      # A first model is kept as a draft whatever the gate said. Set this to true once only a pass may be registered.
      requireGate: false
    position: { x: 1350, y: 130 }
`

/** What the documents of this template hold where a baseline chooses it: the event and the columns that divide the rows. */
export function chosenIn(
  steps: readonly { id: string; parameters?: Record<string, unknown> }[]
): Pick<TabularChoices, 'event' | 'dividing'> {
  const { positive, exclude } = steps.find(({ id }) => id === 'train')?.parameters ?? {}
  return { event: (positive as TargetValue | undefined) ?? null, dividing: (exclude as string[] | undefined) ?? [] }
}

/** The policy: what any model of a yes-or-no question must show. Limits of the field at hand are for its people to add. */
export const tabularPolicy = ({
  name,
  target
}: {
  name: string
  target?: string
}): string => `# What a model must show before it counts as more than a draft. Every expression is CEL; a rule that cannot be decided
# has failed. These rules ask only what any such model owes; add the limits of your own field.
schema: drydock.policy
version: 1
name: ${name}
title: ${text(target === undefined ? 'What a model must show' : `A model for ${target}`)}
description: >-
  The model must rank better than chance, state probabilities that say more than the base rate, read nothing that was
  known only after the outcome, be judged on enough cases, and be repeatable.

rules:
  - id: better-than-chance
    title: Ranks better than chance
    severity: block
    expression: metrics.auc_lower > 0.5
    message: The lower end of the 95 % interval of the AUC is not above 0.5, so the ranking may be no better than chance. Look for better features or more data.

  - id: better-than-base-rate
    title: Probabilities say more than the base rate
    severity: block
    expression: metrics.brier_skill_lower > 0.0
    message: The lower end of the 95 % interval of the Brier skill is not above 0, so the probabilities may be no better than always stating the base rate.

  - id: no-leakage
    title: Reads nothing that was known only afterwards
    severity: block
    expression: data.leakage_findings == 0
    message: A feature carries the outcome, or test rows are tied to training rows. Give the column the role it has in Data, or leave it out, and train again.

  - id: data-quality
    title: The table has no quality errors
    severity: block
    expression: data.errors == 0
    message: The quality report lists errors in the table that the model was made from. Mend the data, or give the columns that are not for learning the role ignored.

  - id: enough-evidence
    title: Judged on enough cases
    severity: block
    expression: evaluation.rows >= 100 && evaluation.positives >= 20
    message: The test rows are too few, or hold too few events, to trust the figures. Bring more data or hold back more rows.

  - id: calibration
    title: Probabilities mean what they say
    severity: warn
    expression: metrics.calibration_debiased_lower <= 0.05
    message: Stated probabilities differ from observed shares by more than 0.05, and not by chance.

  - id: same-in-production
    title: The exported graph answers as the trained model does
    severity: block
    expression: model.parity <= 0.000001
    message: The ONNX graph and the trained model differ by more than 1e-6. Do not ship it; report the model.

  - id: repeatable
    title: The run can be repeated
    severity: block
    expression: run.seeded && run.reproducible
    message: A seed, the code, the data or the environment of the run was not recorded, so nobody can repeat it. Train again from a pipeline.

tests:
  - name: a sound model passes
    given:
      metrics: { auc_lower: 0.71, brier_skill_lower: 0.1, calibration_debiased_lower: 0.01 }
      data: { errors: 0, leakage_findings: 0 }
      model: { parity: 0.0000002 }
      evaluation: { rows: 400, positives: 60 }
      run: { seeded: true, reproducible: true }
    expect:
      better-than-chance: pass
      better-than-base-rate: pass
      no-leakage: pass
      data-quality: pass
      enough-evidence: pass
      calibration: pass
      same-in-production: pass
      repeatable: pass

  - name: a model no better than chance fails
    given:
      metrics: { auc_lower: 0.48, brier_skill_lower: -0.01, calibration_debiased_lower: 0.09 }
      data: { errors: 1, leakage_findings: 1 }
      model: { parity: 0.01 }
      evaluation: { rows: 60, positives: 4 }
      run: { seeded: true, reproducible: false }
    expect:
      better-than-chance: fail
      better-than-base-rate: fail
      no-leakage: fail
      data-quality: fail
      enough-evidence: fail
      calibration: fail
      same-in-production: fail
      repeatable: fail

  - name: what was not measured cannot pass
    given: {}
    expect:
      better-than-chance: error
      no-leakage: error
      enough-evidence: error
`
