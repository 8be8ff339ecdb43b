import { z } from 'zod'
import { wireErrorCodes } from './errors'

const Id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

/** What a caller may send. The id is chosen by the caller, once per call. */
export const CallerFrame = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: Id, path: z.string().min(3).max(100), input: z.unknown() }),
  /** Asks for up to n more items of a stream. */
  z.strictObject({ kind: z.literal('pull'), id: Id, n: z.number().int().min(1).max(1024) }),
  z.strictObject({ kind: z.literal('cancel'), id: Id })
])
export type CallerFrame = z.infer<typeof CallerFrame>

/** What means to be a call, whatever is wrong with the rest of it: its caller waits for an answer. */
export const CallAttempt = z.object({ kind: z.literal('call'), id: Id })

const ErrorBody = z.object({
  code: z.enum(wireErrorCodes),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional()
})

/** What a server answers: any number of items, then exactly one of done and fail. */
export const ServerFrame = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('item'), id: Id, value: z.unknown() }),
  z.object({ kind: z.literal('done'), id: Id, value: z.unknown() }),
  z.object({ kind: z.literal('fail'), id: Id, error: ErrorBody })
])
export type ServerFrame = z.infer<typeof ServerFrame>

/** Largest frame a caller may send and largest value a server may answer, in approximate bytes. */
export const callerFrameLimit = 16 * 1024 * 1024
export const serverFrameLimit = 64 * 1024 * 1024

/**
 * Whether a structured-cloneable value is larger than `limit` bytes, roughly (strings at two bytes a character). Stops
 * counting at the limit, so a hostile value, even a cyclic one, costs no more than an honest one of the limit's size.
 */
export function isLargerThan(value: unknown, limit: number): boolean {
  const open: unknown[] = [value]
  let size = 0
  while (open.length > 0) {
    const next = open.pop()
    size += 8
    if (typeof next === 'string') size += 2 * next.length
    else if (next instanceof ArrayBuffer || ArrayBuffer.isView(next)) size += next.byteLength
    else if (Array.isArray(next)) {
      if (size + 8 * next.length > limit) return true
      for (const entry of next) open.push(entry)
    } else if (next instanceof Map || next instanceof Set) {
      for (const entry of next.entries()) open.push(entry[0], entry[1])
    } else if (next !== null && typeof next === 'object') {
      for (const [key, entry] of Object.entries(next)) {
        size += 2 * key.length
        open.push(entry)
      }
    }
    if (size > limit) return true
  }
  return false
}
