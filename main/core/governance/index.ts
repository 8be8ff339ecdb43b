export { evaluatePolicy } from './gate'
export { deriveGateFacts } from './gate-facts'
export { parsePolicy } from './policy-document'
export { createPolicies, type Policies } from './policies'
