import { WorkbenchError } from '../../model/errors'

/** One ASN.1 element in DER: its tag byte, its content and the whole encoding. */
export interface DerElement {
  tag: number
  content: Buffer
  whole: Buffer
}

export const derTags = { integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, sequence: 0x30 } as const

/** Encodes one element. */
export function encodeDer(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const length: number[] = []
  if (content.length < 128) length.push(content.length)
  else {
    for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256)
    length.unshift(0x80 | length.length)
  }
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

/** Encodes a non-negative integer. */
export function encodeDerInteger(value: number): Buffer {
  let hex = value.toString(16)
  if (hex.length % 2) hex = `0${hex}`
  const bytes = Buffer.from(hex, 'hex')
  return encodeDer(derTags.integer, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

/** Encodes an object identifier from its dotted form. */
export function encodeDerOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const group = [arc & 0x7f]
    for (let more = Math.floor(arc / 128); more > 0; more = Math.floor(more / 128)) group.unshift((more & 0x7f) | 0x80)
    bytes.push(...group)
  }
  return encodeDer(derTags.oid, Buffer.from(bytes))
}

/**
 * Reads the elements that fill `bytes` exactly.
 * @throws WorkbenchError INVALID_INPUT for indefinite lengths, lengths beyond the end and multi-byte tags
 */
export function readDerElements(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0
    const short = bytes[at + 1]
    if (short === undefined || (tag & 0x1f) === 0x1f) throw malformed()
    let start = at + 2
    let length = short
    if (short & 0x80) {
      const count = short & 0x7f
      if (count === 0 || count > 4 || start + count > bytes.length) throw malformed()
      length = bytes.readUIntBE(start, count)
      start += count
    }
    if (start + length > bytes.length) throw malformed()
    elements.push({ tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) })
    at = start + length
  }
  return elements
}

/** Reads the children of the single element `bytes`, which must have the tag. */
export function readDerChildren(bytes: Buffer, tag: number): DerElement[] {
  const [element, ...rest] = readDerElements(bytes)
  if (!element || rest.length > 0 || element.tag !== tag) throw malformed()
  return readDerElements(element.content)
}

/** The dotted form of an object identifier element. */
export function readDerOid(element: DerElement | undefined): string {
  if (!element || element.tag !== derTags.oid || element.content.length === 0) throw malformed()
  const arcs: number[] = []
  let value = 0
  for (const byte of element.content) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    arcs.push(value)
    value = 0
  }
  const [head = 0, ...rest] = arcs
  const first = Math.min(2, Math.floor(head / 40))
  return [first, head - first * 40, ...rest].join('.')
}

/** A small non-negative integer element as a number. */
export function readDerInteger(element: DerElement | undefined): number {
  if (!element || element.tag !== derTags.integer || element.content.length === 0 || element.content.length > 6) throw malformed()
  return element.content.readUIntBE(0, element.content.length)
}

function malformed(): WorkbenchError {
  return new WorkbenchError(
    'INVALID_INPUT',
    'A key or certificate is malformed: its ASN.1 structure does not fit. Ask for a new copy of the file.'
  )
}
