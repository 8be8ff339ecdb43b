import { z } from 'zod'

/** A file by its name, with its size. */
export const SizedFile = z.object({ name: z.string(), bytes: z.number() })

/** What of a workspace a finding is about. */
export const FindingArea = z.enum(['workspace file', 'ledger', 'record', 'objects', 'data', 'references', 'files'])
export type FindingArea = z.infer<typeof FindingArea>

/** What leads out: `doctor --repair`, `doctor --salvage`, a backup; `none` where nothing has to be done. */
export const WayBack = z.enum(['repair', 'salvage', 'restore', 'none'])
export type WayBack = z.infer<typeof WayBack>

/** One thing that a check of a workspace found. */
export const Finding = z.object({
  area: FindingArea,
  /** A note is worth knowing; with notes alone a workspace is sound. */
  severity: z.enum(['damage', 'note']),
  /** The file, table or digest. */
  subject: z.string(),
  /** What is so, what it means, what to do. */
  message: z.string(),
  way: WayBack
})
export type Finding = z.infer<typeof Finding>

/** What a check of a whole workspace came to. */
export const DoctorReport = z.object({
  directory: z.string(),
  name: z.string().nullable(),
  /** No damage was found. */
  sound: z.boolean(),
  /** The workspace can be opened as it is. */
  opens: z.boolean(),
  findings: z.array(Finding),
  /** What of the ways leads out of the damage, best first. */
  ways: z.array(WayBack),
  /** What was read. */
  checked: z.object({
    tables: z.number(),
    events: z.number(),
    objects: z.number(),
    dataFiles: z.number(),
    references: z.number(),
    bytes: z.number()
  })
})
export type DoctorReport = z.infer<typeof DoctorReport>

/** What became of the rows of one table of a damaged ledger. */
export const TableSalvage = z.object({
  table: z.string(),
  /** Rows that could be read. */
  kept: z.number(),
  /** Rows that were taken from an earlier copy. */
  filled: z.number(),
  /** Rows that were left out because what they belong to is lost. */
  orphans: z.number(),
  /** Rows that are known to be lost. */
  lost: z.number(),
  /** A page of it could not be read, so that more may be lost than can be counted. */
  isUncertain: z.boolean()
})
export type TableSalvage = z.infer<typeof TableSalvage>

/** One thing that a repair or salvage did or could not do. */
export const RecoveryNote = z.object({ subject: z.string(), message: z.string() })
export type RecoveryNote = z.infer<typeof RecoveryNote>

/** What a repair or salvage came to. */
export const RecoveryReport = z.object({
  directory: z.string(),
  /** The workspace that is left opens. */
  opens: z.boolean(),
  mended: z.array(RecoveryNote),
  lost: z.array(RecoveryNote),
  /** Tables that lost rows, or got some from an earlier copy. */
  tables: z.array(TableSalvage),
  /** Where what was damaged was put; null where nothing was. */
  aside: z.string().nullable(),
  /** The workspace as it is now. */
  now: DoctorReport
})
export type RecoveryReport = z.infer<typeof RecoveryReport>

/** What was written into a backup, after it was read again. */
export const BackupReport = z.object({
  path: z.string(),
  files: z.number(),
  bytes: z.number(),
  /** Place of the last entry of the record in it. */
  entry: z.number(),
  /** Files that were damaged in the workspace already, and are so in the backup. */
  damaged: z.array(z.string()),
  /** Files that the ledger names and the workspace does not have. */
  missing: z.array(z.string())
})
export type BackupReport = z.infer<typeof BackupReport>

const Amount = z.object({ files: z.number(), bytes: z.number() })
/** Which files nothing needs any more. */
export const GarbageReport = z.object({
  directory: z.string(),
  /** Nothing was deleted. */
  dryRun: z.boolean(),
  kept: Amount,
  /** Files that nothing names, and that are too young to go. */
  young: Amount,
  removed: z.array(SizedFile),
  /** Of what was removed. */
  bytes: z.number()
})
export type GarbageReport = z.infer<typeof GarbageReport>
