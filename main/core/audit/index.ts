export type { Audit, AuditWriter } from './audit'
export { manifest } from './manifest'
