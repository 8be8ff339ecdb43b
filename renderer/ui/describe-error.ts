import { errorCodes, type ErrorCode } from '../../main/model/errors'
import { formatUtc } from './format'

export interface DescribedError {
  code: ErrorCode
  message: string
  details?: unknown
  /** The first sentence: what happened. */
  headline: string
  /** What it means and the next step. */
  rest: string
}

/** Reads any thrown value. What is not a WorkbenchError is a defect of the program and is called INTERNAL. */
export function describeError(error: unknown): DescribedError {
  const record = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
  const code = errorCodes.find((known) => known === record['code']) ?? 'INTERNAL'
  const message =
    typeof record['message'] === 'string' && record['message']
      ? record['message']
      : typeof error === 'string'
        ? error
        : 'Something unexpected happened.'
  const end = /[.?!](?=\s+\S)/.exec(message)
  const cut = end ? end.index + 1 : message.length
  return { code, message, details: record['details'], headline: message.slice(0, cut).trim(), rest: message.slice(cut).trim() }
}

/** Plain text for a support mail: time, code, message, details, and the stack of a defect. */
export function errorDetailsText(error: unknown): string {
  const { code, message, details } = describeError(error)
  const lines = [`Drydock error ${code} at ${formatUtc(Date.now())}`, message]
  if (details !== undefined) lines.push(JSON.stringify(details, null, 2))
  if (code === 'INTERNAL' && error instanceof Error && error.stack) lines.push(error.stack)
  return lines.join('\n')
}

/** True for the code that means "the person stopped it": nothing is shown for it. */
export function isCancelled(error: unknown): boolean {
  return describeError(error).code === 'CANCELLED'
}
