/** Every way the workbench can fail, grouped by who acts on it (architecture, section 5). */
export const errorGroups = {
  user: ['INVALID_INPUT', 'NOT_FOUND', 'CONFLICT', 'FORBIDDEN', 'RESTRICTED', 'UNSUPPORTED_VERSION'],
  intent: ['CANCELLED'],
  evidence: ['DIGEST_MISMATCH', 'SIGNATURE_INVALID', 'SIGNER_UNTRUSTED', 'POLICY_DENIED', 'EVIDENCE_MISMATCH'],
  work: ['JOB_FAILED', 'JOB_TIMEOUT', 'OUT_OF_MEMORY'],
  machine: ['STORAGE_LOCKED', 'STORAGE_CORRUPT', 'DISK_FULL'],
  bug: ['INTERNAL']
} as const

export type ErrorGroup = keyof typeof errorGroups
export type ErrorCode = (typeof errorGroups)[ErrorGroup][number]
export const errorCodes: readonly ErrorCode[] = Object.values(errorGroups).flat()

/** The group of a code: it decides how the window shows the error. */
export function errorGroupOf(code: ErrorCode): ErrorGroup {
  for (const [group, codes] of Object.entries(errorGroups)) if ((codes as readonly string[]).includes(code)) return group as ErrorGroup
  return 'bug'
}

export interface ErrorOptions {
  /** JSON-serialisable facts a caller can act on (the column, the line, the holder's pid). */
  details?: Record<string, unknown>
  cause?: unknown
}

/** The one error type that core throws. The message says what happened, what it means and the next step. */
export class WorkbenchError extends Error {
  override readonly name = 'WorkbenchError'
  readonly code: ErrorCode
  readonly details?: Record<string, unknown>
  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details
  }
}

/** Turns an operating-system error into a WorkbenchError: a full disk and a read-only folder have a next step of their own. */
export function fromSystemError(error: unknown, doing: string): WorkbenchError {
  if (error instanceof WorkbenchError) return error
  const code = (error as NodeJS.ErrnoException)?.code
  const text = error instanceof Error ? error.message : String(error)
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || /no space left|disk.*full/i.test(text))
    return new WorkbenchError('DISK_FULL', `The disk is full while ${doing}. Nothing was changed. Free some space and try again.`, {
      cause: error
    })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new WorkbenchError('FORBIDDEN', `No permission while ${doing}: ${text}. Choose another folder or ask for write access.`, {
      cause: error
    })
  if (code === 'ENOENT')
    return new WorkbenchError('NOT_FOUND', `A file is missing while ${doing}: ${text}. Check the path.`, { cause: error })
  return new WorkbenchError('INTERNAL', `Something unexpected happened while ${doing}: ${text}.`, { cause: error })
}
