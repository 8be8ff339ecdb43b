/** The error codes that may cross the wire; a test holds this list equal to the model's. */
export const wireErrorCodes = [
  'INVALID_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'FORBIDDEN',
  'RESTRICTED',
  'UNSUPPORTED_VERSION',
  'CANCELLED',
  'DIGEST_MISMATCH',
  'SIGNATURE_INVALID',
  'SIGNER_UNTRUSTED',
  'POLICY_DENIED',
  'EVIDENCE_MISMATCH',
  'JOB_FAILED',
  'JOB_TIMEOUT',
  'OUT_OF_MEMORY',
  'STORAGE_LOCKED',
  'STORAGE_CORRUPT',
  'DISK_FULL',
  'INTERNAL'
] as const
export type WireErrorCode = (typeof wireErrorCodes)[number]

/** What crosses: never a stack, never a cause. */
export interface ErrorBody {
  code: WireErrorCode
  message: string
  details?: Record<string, unknown>
}

/** The error a caller of the contract sees. `details.reason` is `disconnected` when the host went away during the call. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireErrorCode
  readonly details?: Record<string, unknown>
  constructor(body: ErrorBody) {
    super(body.message)
    this.code = body.code
    this.details = body.details
  }
}

export interface ErrorReport {
  /** Shown to the user and written to the log, so that the two can be brought together. */
  reportId: string
  path: string
  error: unknown
}

const isKnownCode = (code: unknown): code is WireErrorCode => (wireErrorCodes as readonly unknown[]).includes(code)

/** JSON-serialisable details only; what cannot be serialised is left out rather than failing the error itself. */
function plainDetails(details: unknown): Record<string, unknown> | undefined {
  if (details === null || typeof details !== 'object') return undefined
  try {
    const text = JSON.stringify(details)
    return text.length > 262_144 ? { omitted: 'the details are too large to send' } : (JSON.parse(text) as Record<string, unknown>)
  } catch {
    return undefined
  }
}

const asBody = (code: WireErrorCode, message: string, details?: Record<string, unknown>): ErrorBody =>
  details ? { code, message, details } : { code, message }

/**
 * Turns anything thrown into what may cross. Errors that carry a known code keep code, message and details; every
 * other one becomes INTERNAL with a report id, and `report` gets the original with its stack.
 */
export function toErrorBody(error: unknown, path: string, report: (report: ErrorReport) => void): ErrorBody {
  if (error instanceof Error && 'code' in error && isKnownCode(error.code)) {
    const details = 'details' in error ? plainDetails(error.details) : undefined
    if (error.code !== 'INTERNAL') return asBody(error.code, error.message, details)
    const reportId = newReportId()
    report({ reportId, path, error })
    return asBody('INTERNAL', error.message, { ...details, reportId })
  }
  if (error instanceof Error && error.name === 'AbortError') return cancelled()
  const reportId = newReportId()
  report({ reportId, path, error })
  return asBody(
    'INTERNAL',
    `Something unexpected went wrong in the workbench (report ${reportId}). Finished work is kept. Try again; if it returns, send the log with this report id.`,
    { reportId }
  )
}

export const cancelled = (): ErrorBody => asBody('CANCELLED', 'The action was cancelled. Nothing more will be done.')

export const disconnected = (): ErrorBody =>
  asBody('INTERNAL', 'The workbench process stopped before it answered. Finished work is kept. Try again in a moment.', {
    reason: 'disconnected'
  })

/** Eight hexadecimal digits, enough to find an entry of a log. Node 18, on which older runtimes stand, has no global `crypto`. */
function newReportId(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}
