export type { Audit, AuditEntry, AuditWriter } from './audit'
export { manifest } from './manifest'
