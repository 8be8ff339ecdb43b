import { WorkbenchError } from '../../model/errors'

/** Errors raised inside a callback of DuckDB, found again by their message. */
export class CallbackErrors {
  private readonly recent: WorkbenchError[] = []

  remember(error: WorkbenchError): void {
    this.recent.push(error)
    if (this.recent.length > 50) this.recent.shift()
  }

  find(message: string): WorkbenchError | undefined {
    return [...this.recent].reverse().find((error) => message.includes(error.message))
  }
}

/** Where DuckDB's caret points, 1-based. */
function positionOf(message: string): { line: number; column: number } | undefined {
  const lines = message.split('\n')
  const at = lines.findIndex((line) => /^LINE \d+: /.test(line))
  const prefix = /^LINE (\d+): /.exec(lines[at] ?? '')
  const caret = lines[at + 1]?.indexOf('^') ?? -1
  if (!prefix || caret < prefix[0].length) return undefined
  // a long line is shown from its middle, behind three dots: the caret then counts from there
  if ((lines[at] ?? '').slice(prefix[0].length).startsWith('...')) return undefined
  return { line: Number(prefix[1]), column: caret - prefix[0].length + 1 }
}

/** DuckDB's message without its source excerpt, and the position in words. */
export function toSqlError(error: unknown, callbacks: CallbackErrors): WorkbenchError {
  if (error instanceof WorkbenchError) return error
  const message = (error instanceof Error ? error.message : String(error)).replace(/^Failed to extract statements: /, '')
  const known = callbacks.find(message)
  if (known) return known
  const cause = { cause: error }
  if (/^INTERRUPT Error|Interrupted!/i.test(message))
    return new WorkbenchError('CANCELLED', 'The query was cancelled. Run it again when you need it.', cause)
  if (/no space left|ENOSPC|max_temp_directory_size/i.test(message))
    return new WorkbenchError('DISK_FULL', 'The disk is full while a query was running. Free some space and run it again.', cause)
  if (/^Out of Memory Error/i.test(message))
    return new WorkbenchError(
      'OUT_OF_MEMORY',
      `The query needs more memory than it may use: ${firstLine(message)} Ask for fewer rows or columns, or raise the memory limit.`,
      cause
    )
  if (isCorruption(message))
    return new WorkbenchError(
      'STORAGE_CORRUPT',
      `The cache database is damaged: ${firstLine(message)} It holds nothing that cannot be made again; reopen the workspace to rebuild it.`,
      cause
    )
  if (/^Permission Error/.test(message))
    return new WorkbenchError(
      'FORBIDDEN',
      `${firstLine(message)} Only the files of the workspace are readable here; import the file first.`,
      cause
    )
  const position = positionOf(message)
  const where = position ? ` It is at line ${position.line}, column ${position.column}.` : ''
  const text = (message.split('\nLINE ')[0] ?? message).replaceAll(/\s*\n\s*/g, ' ').trim()
  return new WorkbenchError('INVALID_INPUT', `${text}${/[.!?]$/.test(text) ? '' : '.'}${where} Correct the SQL and run it again.`, {
    ...cause,
    details: { ...position }
  })
}

const firstLine = (message: string): string => {
  const line = message.split('\n')[0] ?? message
  return /[.!?]$/.test(line) ? line : `${line}.`
}

/** True for what DuckDB says about a file with wrong checksums, and about an instance that gave up after such an error. */
export function isCorruption(message: string): boolean {
  return /corrupt|checksum|database has been invalidated|^FATAL Error|Serialization Error/i.test(message)
}
