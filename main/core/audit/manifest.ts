import { opened, type Manifest } from '../manifest'
import { createAudit, type Audit, type AuditWriter } from './audit'
import { auditTables } from './tables'

export const manifest = {
  tables: auditTables,
  open: (context, { actor }: { actor(): string }) => opened<Audit, AuditWriter>(createAudit(context, actor))
} satisfies Manifest
