export type { Audit, AuditWriter } from './audit'
export { manifest } from './manifest'
export { walkChain, type ChainWalk } from './walk-chain'
