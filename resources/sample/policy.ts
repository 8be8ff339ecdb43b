/** The policy of the sample workspace, as a person would write it: rules with their reason and tests beside them. */
export const samplePolicyText = `# What a strike-damage model must show before it may be registered for review.
# Every expression is CEL. A rule that cannot be decided (a figure was not measured) has failed.
schema: drydock.policy
version: 1
name: strike-damage
title: Strike damage model
description: >-
  The model ranks reported wildlife strikes by the chance that the aircraft was damaged. It helps to plan
  inspections; it never clears an aircraft. It must rank well, state honest probabilities, work alike for the
  groups compared, answer fast, and must not read what became known only after the outcome.

rules:
  - id: discrimination
    title: Ranks strikes well enough
    severity: block
    expression: metrics.auc_lower >= 0.75
    message: The lower end of the 95 % interval of the AUC is below 0.75. The ranking is too weak to plan inspections by; look for better features or more data.
    reference: EU AI Act Annex IV 3

  - id: probability-error
    title: Probabilities say more than the base rate
    severity: block
    expression: metrics.brier_skill_lower > 0.0
    message: The lower end of the 95 % interval of the Brier skill is not above 0, so the probabilities may be no better than always stating the base rate. Look for better features or more data.
    reference: SR 26-2

  - id: calibration
    title: Probabilities mean what they say
    severity: block
    expression: metrics.calibration_debiased_lower <= 0.03
    message: Stated probabilities differ from observed shares by more than 0.03, and not by chance. Calibrate the model or regularise it more.
    reference: NIST AI RMF Measure 2.5

  - id: groups-alike
    title: Selects no group surely less than four fifths as often
    severity: warn
    expression: fairness.smallest_group >= 30.0 && fairness.disparate_impact_upper >= 0.8
    message: A group is selected less than 0.8 times as often as another, and not by chance. Explain why the difference is real, or mend the data for that group.
    reference: NIST AI RMF Measure 2.11

  - id: no-leakage
    title: Reads nothing that was known only afterwards
    severity: block
    expression: data.leakage_findings == 0
    message: A feature carries the outcome. Its figures on past data mean nothing for new strikes. Remove the feature and train again.
    reference: EU AI Act Annex IV 2

  - id: no-cost-features
    title: Does not use repair costs
    severity: block
    expression: '!model.features.exists(feature, feature.lowerAscii().contains("cost"))'
    message: Costs become known after the damage. Remove them from the features.
    reference: EU AI Act Annex IV 2

  - id: data-quality
    title: The table has no quality errors
    severity: block
    expression: data.errors == 0
    message: The quality report lists errors in the table that the model was made from. Mend the data or accept each finding with a reason first.
    reference: EU AI Act Article 10

  - id: enough-evidence
    title: Judged on enough cases
    severity: block
    expression: evaluation.rows >= 500 && evaluation.positives >= 50
    message: The test split is too small to trust the figures. Hold back more rows.
    reference: SR 26-2

  - id: latency
    title: Usually answers within 5 ms
    severity: block
    expression: metrics.latency_p50 <= 0.005
    message: The median time of scoring one row is above 5 ms, which the inspection desk cannot use. Use fewer trees.

  - id: latency-tail
    title: Slow answers are rare
    severity: warn
    expression: metrics.latency_p99 <= 0.005
    message: One answer in a hundred takes more than 5 ms. If the machine was doing other work while it was measured, measure again when it is idle; otherwise use fewer trees.

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
    reference: 21 CFR 11.10 (e)

tests:
  - name: a sound model passes every rule
    given:
      metrics: { auc_lower: 0.83, brier_skill_lower: 0.2, calibration_debiased_lower: 0.01, latency_p50: 0.0001, latency_p99: 0.0004 }
      fairness: { disparate_impact_upper: 0.91, smallest_group: 120 }
      data: { errors: 0, leakage_findings: 0 }
      model: { features: [species, phase_of_flight, speed], parity: 0.0000002 }
      evaluation: { rows: 2000, positives: 180 }
      run: { seeded: true, reproducible: true }
    expect:
      discrimination: pass
      probability-error: pass
      calibration: pass
      groups-alike: pass
      no-leakage: pass
      no-cost-features: pass
      data-quality: pass
      enough-evidence: pass
      latency: pass
      latency-tail: pass
      same-in-production: pass
      repeatable: pass

  - name: a weak, slow and unfair model fails
    given:
      metrics: { auc_lower: 0.74, brier_skill_lower: -0.02, calibration_debiased_lower: 0.06, latency_p50: 0.01, latency_p99: 0.02 }
      fairness: { disparate_impact_upper: 0.6, smallest_group: 120 }
      data: { errors: 2, leakage_findings: 1 }
      model: { features: [species, Cost_Repair], parity: 0.001 }
      evaluation: { rows: 200, positives: 20 }
      run: { seeded: true, reproducible: false }
    expect:
      discrimination: fail
      probability-error: fail
      calibration: fail
      groups-alike: fail
      no-leakage: fail
      no-cost-features: fail
      data-quality: fail
      enough-evidence: fail
      latency: fail
      latency-tail: fail
      same-in-production: fail
      repeatable: fail

  - name: what was not measured cannot pass
    given: {}
    expect:
      discrimination: error
      groups-alike: error
      no-leakage: error
      latency: error
      repeatable: error
`
