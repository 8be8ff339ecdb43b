export { checkPolicy, evaluatePolicy, runPolicyTests } from './gate'
export { deriveGateFacts, type GateFactSources } from './gate-facts'
export { parsePolicy, type ParsedPolicy, type TextPlace } from './policy-document'
export { createPolicies, type GateRow, type Policies, type PolicyListEntry } from './policies'
