/** A policy of one rule, written as YAML: the rule at line 6, its expression at line 9 from column 17 on, in quotes. */
export function policyOf(expression: string, more: { severity?: string; tests?: string } = {}): string {
  return `schema: drydock.policy
version: 1
name: example
title: Example
rules:
  - id: rule
    title: A rule
    severity: ${more.severity ?? 'block'}
    expression: ${JSON.stringify(expression)}
    message: It does not hold.
${more.tests ?? ''}`
}
