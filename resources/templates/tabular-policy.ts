import type { TaskName } from '../../main/model/tasks'

interface PolicyChoices {
  name: string
  target?: string
  /** Which kind of question the model answers; a yes or no where it is left out. */
  task?: TaskName
}

const text = (value: string): string => JSON.stringify(value)

/** What any model must show that answers this kind of question. Limits of the field at hand are for its people to add. */
export const tabularPolicy = (choices: PolicyChoices): string =>
  (choices.task ?? 'binary') === 'binary' ? binaryPolicy(choices) : otherPolicy(choices)

/** The policy: what any model of a yes-or-no question must show. Limits of the field at hand are for its people to add. */
const binaryPolicy = ({
  name,
  target
}: PolicyChoices): string => `# What a model must show before it counts as more than a draft. Every expression is CEL; a rule that cannot be decided
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

/** The policy of an amount or of classes: no worse than knowing nothing, no leaks, sound data, enough rows, the same answers outside, repeatable. */
const otherPolicy = ({
  name,
  target,
  task
}: PolicyChoices): string => `# What a model must show before it counts as more than a draft. Every expression is CEL; a rule that cannot be decided
# has failed. These rules ask only what any such model owes; add the limits of your own field.
schema: drydock.policy
version: 1
name: ${name}
title: ${text(target === undefined ? 'What a model must show' : `A model for ${target}`)}
description: >-
  The model must do better than stating the same for every row, read nothing that was known only after the outcome, be
  made from sound data, be judged on enough rows, and be repeatable.

rules:
  - id: better-than-constant
    title: Does better than stating the same for every row
    severity: block
    expression: evaluation.beats_baseline
    message: The loss is not smaller than that of ${task === 'regression' ? 'one amount' : 'the class shares'} stated for every row by more than chance explains. Look for better features or more data.

  - id: no-leakage
    title: Reads nothing that was known only afterwards
    severity: block
    expression: data.leakage_findings == 0
    message: A feature carries the outcome. Give the column the role it has in Data, or leave it out, and train again.

  - id: data-quality
    title: The table has no quality errors
    severity: block
    expression: data.errors == 0
    message: The quality report lists errors in the table that the model was made from. Mend the data, or give the columns that are not for learning the role ignored.

  - id: enough-evidence
    title: Judged on enough rows
    severity: block
    expression: evaluation.rows >= 100
    message: The test rows are too few to trust the figures. Bring more data or hold back more rows.

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
      data: { errors: 0, leakage_findings: 0 }
      model: { parity: 0.0000002 }
      evaluation: { rows: 400, beats_baseline: true }
      run: { seeded: true, reproducible: true }
    expect:
      better-than-constant: pass
      no-leakage: pass
      data-quality: pass
      enough-evidence: pass
      same-in-production: pass
      repeatable: pass

  - name: a model that knows nothing fails
    given:
      data: { errors: 1, leakage_findings: 1 }
      model: { parity: 0.01 }
      evaluation: { rows: 60, beats_baseline: false }
      run: { seeded: true, reproducible: false }
    expect:
      better-than-constant: fail
      no-leakage: fail
      data-quality: fail
      enough-evidence: fail
      same-in-production: fail
      repeatable: fail

  - name: what was not measured cannot pass
    given: {}
    expect:
      better-than-constant: error
      no-leakage: error
      enough-evidence: error
`
