export { createAudit } from './audit'
export type { Audit, AuditWriter } from './audit'
export { manifest } from './manifest'
export { entryOf, walkChain, type ChainWalk } from './walk-chain'
