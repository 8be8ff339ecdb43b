import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/**
 * How two programs of one person know each other: both prove that they read the same token, which only that person can read, and neither
 * says it. Who stands at the address of a holder that was killed learns nothing, and no passphrase is ever sent to it.
 */
const Nonce = z.string().length(32)
const Proof = z.string().length(64)

/** The first frame of a caller. One that stays is a window, which looks at the workspace for hours. */
export const Knock = z.object({ version: z.string(), nonce: Nonce, stays: z.boolean().optional() })
/** What the holder answers. */
export const Welcome = z.object({ welcome: z.string(), pid: z.number().int(), nonce: Nonce, proof: Proof })
/** The second frame of a caller, after which it is in. */
export const Entry = z.object({ proof: Proof })

export const newNonce = (): string => randomBytes(16).toString('hex')

/** What shows that a side has the token, for this meeting only. */
export const proofOf = (token: string, side: 'holder' | 'caller', nonces: { caller: string; holder: string }): string =>
  createHmac('sha256', token).update(`${side} ${nonces.caller} ${nonces.holder}`).digest('hex')

/** Compares in a time that tells nothing of where they differ. */
export function isSame(said: string, expected: string): boolean {
  const [one, other] = [Buffer.from(said), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
