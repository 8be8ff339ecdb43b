import { createHash, randomBytes } from 'node:crypto'
import { printable } from '../../model/plain-text'
import type { Certificate } from './certificate'
import { buildChain, judgeChain, timeStamping } from './certificate-chain'
import type { SignedContent } from './cms'
import { hashNames, readSignedContent } from './cms'
import { derTags, encodeDer, encodeDerInteger, encodeDerOid, readDerChildren, readDerElements, readDerInteger, readDerOid } from './der'
import type { RevocationList } from './revocation'

const tokenType = '1.2.840.113549.1.9.16.1.4'
const sha256 = '2.16.840.1.101.3.4.2.1'
/** Large enough for a token with its certificates. */
export const largestTimestamp = 100_000

/** A time-stamp token whose own signature fits; whether its maker is trusted is another question. */
export interface Timestamp {
  time: Date
  /** Absent where the request had none. */
  nonce: Buffer | null
  token: SignedContent
}

/** A request for a time stamp over some bytes (RFC 3161, section 2.4.1), and its nonce. */
export function buildTimestampRequest(stamped: Buffer): { request: Buffer; nonce: Buffer } {
  // a positive number without leading zeros, as DER wants it
  const nonce = Buffer.concat([Buffer.of(0x40 | (randomBytes(1)[0]! & 0x3f)), randomBytes(15)])
  const algorithm = encodeDer(derTags.sequence, encodeDerOid(sha256), encodeDer(0x05))
  const imprint = encodeDer(derTags.sequence, algorithm, encodeDer(derTags.octetString, createHash('sha256').update(stamped).digest()))
  const request = encodeDer(
    derTags.sequence,
    encodeDerInteger(1),
    imprint,
    encodeDer(derTags.integer, nonce),
    encodeDer(0x01, Buffer.of(0xff))
  )
  return { request, nonce }
}

/**
 * Reads the answer of a time-stamping authority, or the token in it, and holds it against the bytes that were stamped.
 * @throws Error in words that follow "the time stamp"
 */
export function readTimestamp(der: Buffer, stamped: Buffer): Timestamp {
  if (der.length > largestTimestamp) throw new Error('is too large')
  try {
    const token = readSignedContent(tokenIn(der))
    if (token.contentType !== tokenType) throw new Error('it is about something else')
    const [version, , imprint, , time, ...rest] = readDerChildren(token.content, derTags.sequence)
    if (readDerInteger(version) !== 1 || !imprint) throw new Error('it has another version')
    const [algorithm, digest] = readDerElements(imprint.content)
    const hash = hashNames[readDerOid(algorithm && readDerElements(algorithm.content)[0])]
    if (hash === undefined || !digest?.content.equals(createHash(hash).update(stamped).digest()))
      throw new Error('it was made for another signature')
    const nonce = rest.find(({ tag }) => tag === derTags.integer)?.content ?? null
    return { time: readMoment(time?.tag === 0x18 ? time.content.toString('latin1') : ''), nonce, token }
  } catch (error) {
    throw new Error(`does not hold: ${printable(error instanceof Error ? error.message : String(error))}`, { cause: error })
  }
}

/** An answer is a status and, where that is good, the token; a token begins with the name of its type. */
function tokenIn(der: Buffer): Buffer {
  const [first, second] = readDerChildren(der, derTags.sequence)
  if (first?.tag === derTags.oid) return der
  const status = first && readDerElements(first.content)[0]
  if (!status || !second || readDerInteger(status) > 1) throw new Error('the authority refused to make it')
  return second.whole
}

/** RFC 3161, section 2.4.2: GeneralizedTime with seconds, perhaps with parts of them, and Z. */
function readMoment(text: string): Date {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(text)
  const [year, month, day, hour, minute, second, part] = match?.slice(1) ?? []
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${(part ?? '').padEnd(3, '0').slice(0, 3)}Z`
  const time = new Date(iso)
  if (!match || Number.isNaN(time.getTime()) || time.toISOString() !== iso) throw new Error('its time is malformed')
  return time
}

/** What the reader knows about those who state times. */
export interface TimeTrust {
  roots: readonly Certificate[]
  lists: readonly RevocationList[]
  /** No stamp of a later moment counts. */
  at: Date
}

/**
 * The earliest moment that a trusted authority states for the stamped bytes.
 * @returns what is wrong with the others as `problems`
 */
export function judgeTimestamps(
  encoded: readonly string[],
  stamped: Buffer,
  trust: TimeTrust
): { time: Date | null; authority: string | null; problems: string[] } {
  const problems: string[] = []
  let best: { time: Date; authority: string } | null = null
  for (const text of encoded) {
    try {
      const { time, token } = readTimestamp(Buffer.from(text, 'base64'), stamped)
      const authority = token.signer.facts.subject
      const problem = findProblem(time, token, trust)
      if (problem) problems.push(`the time stamp of "${authority}" ${problem}`)
      else if (!best || time < best.time) best = { time, authority }
    } catch (error) {
      problems.push(`the time stamp ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { time: best?.time ?? null, authority: best?.authority ?? null, problems }
}

function findProblem(time: Date, { signer, certificates }: SignedContent, { roots, lists, at }: TimeTrust): string | null {
  if (time > at) return `is of ${time.toISOString()}, after the moment that is judged`
  const chain = buildChain(signer, certificates, roots)
  const { problems, root } = judgeChain(chain, roots, time, { purpose: timeStamping, lists, listsAt: at })
  if (problems.length > 0) return `does not hold: ${problems.join('; ')}`
  return root ? null : 'does not lead to a root of time-stamping authorities that you gave (--tsa)'
}
