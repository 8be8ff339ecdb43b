/** What a new policy starts from: two rules with a passing and a failing case each. */
export const newPolicyText = `schema: drydock.policy
version: 1
name: my-policy
title: What a model must show
description: >-
  Say what the model is for and what it must therefore be able to do.

rules:
  - id: discrimination
    title: Ranks well enough
    severity: block
    expression: metrics.auc_lower >= 0.7
    message: The lower end of the interval of the AUC is below 0.7. Look for better features or more data.
  - id: no-leakage
    title: Reads nothing that was known only afterwards
    severity: block
    expression: data.leakage_findings == 0
    message: A feature carries the outcome. Remove it and train again.

tests:
  - name: a good model passes
    given:
      metrics: { auc_lower: 0.8 }
      data: { leakage_findings: 0 }
    expect: { discrimination: pass, no-leakage: pass }
  - name: a weak model that reads the outcome fails
    given:
      metrics: { auc_lower: 0.6 }
      data: { leakage_findings: 1 }
    expect: { discrimination: fail, no-leakage: fail }
`
