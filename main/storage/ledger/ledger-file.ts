import { existsSync, readSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import { withLedgerBytes } from './ledger-connection'

const MAGIC = 'SQLite format 3\0'
/** Below this many free bytes a failed write is taken to be the full disk's fault, although SQLite calls it an I/O error. */
const NEARLY_FULL = 256 * 1024

interface LedgerHeader {
  /** Newest migration that the file has; 0 in files made before the number was kept here. */
  format: number
  /** Bytes that the file must have. */
  expectedBytes: number
}

const damaged = (file: string, what: string, cause?: unknown): WorkbenchError =>
  new WorkbenchError(
    'STORAGE_CORRUPT',
    `The ledger "${file}" ${what}. It was left as it is, and so are the data files beside it. Repair it with "workspace doctor", or restore a backup.`,
    { cause, details: { file } }
  )

/** Reads the first 100 bytes (SQLite file format, section 1.3) as plain bytes, so that not even a lock is taken. */
function readHeader(file: string): LedgerHeader | undefined {
  const header = Buffer.alloc(100)
  const length = withLedgerBytes(file, (descriptor) => readSync(descriptor, header, 0, 100, 0))
  if (length === 0) return undefined
  if (length < 100 || header.toString('latin1', 0, 16) !== MAGIC)
    throw damaged(file, 'is not a ledger any more: its beginning was overwritten')
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  // The page count counts only where both change counters agree.
  const isCountValid = header.readUInt32BE(24) === header.readUInt32BE(92)
  return { format: header.readUInt32BE(60), expectedBytes: isCountValid ? header.readUInt32BE(28) * pageSize : 0 }
}

const newer = (found: number, supported: number): WorkbenchError =>
  new WorkbenchError(
    'UNSUPPORTED_VERSION',
    `This workspace was last opened by a newer Drydock (ledger format ${found}; this version knows ${supported}). Nothing was changed. Open it with the newer Drydock.`,
    { details: { found, supported } }
  )

/**
 * Looks at a ledger without opening it: nothing in the folder changes. A missing or empty file passes.
 * Throws UNSUPPORTED_VERSION for a newer one, STORAGE_CORRUPT for a file that is none.
 */
export function assertKnownLedger(file: string, supported: number): void {
  if (!existsSync(file)) return
  const header = readHeader(file)
  if (header && header.format > supported) throw newer(header.format, supported)
}

/** As `assertKnownLedger`, for a ledger that no other process holds: also throws STORAGE_CORRUPT when the file's end is missing. */
export function assertWholeLedger(file: string, supported: number): void {
  assertKnownLedger(file, supported)
  const header = existsSync(file) ? readHeader(file) : undefined
  if (!header) return
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })
  const { size } = statSync(file)
  // With a log beside it the file may lawfully be shorter than its first page says: the rest is in the log.
  if (!log?.size && size < header.expectedBytes) throw damaged(file, `is cut off: it has ${size} of ${header.expectedBytes} bytes`)
}

function isNearlyFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file))
    return bavail * bsize < NEARLY_FULL
  } catch {
    return false
  }
}

/** What SQLite's complaint means to a person; errors about the statement itself are passed on as they are. */
export function toLedgerError(error: unknown, file: string): unknown {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof WorkbenchError) return error
  if (code.startsWith('SQLITE_FULL') || (/^SQLITE_(IOERR|CANTOPEN)/.test(code) && isNearlyFull(file)))
    return new WorkbenchError('DISK_FULL', 'The disk of the workspace is full. Nothing was changed. Free some space and try again.', {
      cause: error
    })
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code))
    return new WorkbenchError('FORBIDDEN', `The ledger "${file}" cannot be written: ${text}. Check that you may write to the folder.`, {
      cause: error
    })
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return new WorkbenchError('STORAGE_LOCKED', `Another program holds the ledger "${file}". Close it there and try again.`, {
      cause: error
    })
  if (/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(code)) return damaged(file, `cannot be read: ${text}`, error)
  return error
}
