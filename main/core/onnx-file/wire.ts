import { Reader } from 'protobufjs/minimal'

/** What is wrong with the bytes, as the part of a sentence that follows a colon. */
export class OnnxFault extends Error {
  /** `nextStep` is a sentence of what to do about it. */
  constructor(
    cause: string,
    readonly nextStep = 'Export the model again and compare the size of the file with the original.'
  ) {
    super(cause)
  }
}

export const varint = 0
const fixed64 = 1
export const delimited = 2
const fixed32 = 5

/** Takes the value of one field from the reader. */
export type TakeField = (reader: Reader, wire: number) => void

/**
 * Goes through the fields of one message. Fields without a taker are passed over; old-style groups, which no ONNX file has, are refused,
 * because they nest without a length.
 * @throws OnnxFault
 */
export function readMessage(bytes: Uint8Array, what: string, take: Record<number, TakeField>): void {
  const reader = Reader.create(bytes)
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32()
      const wire = tag & 7
      const field = tag >>> 3
      if (field === 0 || ![varint, fixed64, delimited, fixed32].includes(wire)) throw new OnnxFault(`${what} has a field of no known form`)
      const own = take[field]
      if (own) own(reader, wire)
      else reader.skipType(wire)
    }
  } catch (error) {
    if (error instanceof OnnxFault) throw error
    throw new OnnxFault(`${what} ends too early or is damaged`)
  }
}

const need = (wire: number, wanted: number): void => {
  if (wire !== wanted) throw new OnnxFault('a field has another form than the format says')
}

/** `Reader` gives 64-bit numbers as objects where the package for them is there. */
const whole = (reader: Reader): number => {
  const value = reader.int64() as unknown as number | { toNumber(): number }
  return typeof value === 'number' ? value : value.toNumber()
}

export function takeInteger(reader: Reader, wire: number): number {
  need(wire, varint)
  return whole(reader)
}

export function takeFloat(reader: Reader, wire: number): number {
  need(wire, fixed32)
  return reader.float()
}

export function takeBytes(reader: Reader, wire: number): Uint8Array {
  need(wire, delimited)
  return reader.bytes()
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
/** @throws OnnxFault for bytes that are no UTF-8 */
export function takeText(reader: Reader, wire: number): string {
  const bytes = takeBytes(reader, wire)
  try {
    return utf8.decode(bytes)
  } catch {
    throw new OnnxFault('a text is not UTF-8')
  }
}

/** A list of numbers, packed or one field each. */
function listTaker(each: (reader: Reader) => number, alone: number): (into: number[]) => TakeField {
  return (into) => (reader, wire) => {
    if (wire !== delimited) {
      need(wire, alone)
      into.push(each(reader))
      return
    }
    const end = reader.uint32() + reader.pos
    if (end > reader.len) throw new OnnxFault('a list ends too early')
    while (reader.pos < end) into.push(each(reader))
    if (reader.pos !== end) throw new OnnxFault('a list ends within a number')
  }
}
export const integersInto = listTaker(whole, varint)
export const floatsInto = listTaker((reader) => reader.float(), fixed32)
export const doublesInto = listTaker((reader) => reader.double(), fixed64)

/** For a message that may be there once: others would merge two of them, and so read another file than was checked. */
export function once(what: string, take: (bytes: Uint8Array) => void): TakeField {
  let seen = false
  return (reader, wire) => {
    if (seen) throw new OnnxFault(`it has more than one ${what}`)
    seen = true
    take(takeBytes(reader, wire))
  }
}
