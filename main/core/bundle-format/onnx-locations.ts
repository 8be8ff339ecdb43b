import { posix } from 'node:path'
import { printable } from '../../model/plain-text'
import { refuseName } from './file-names'

/** Sent each chunk of a file in order; `locations` is what was found so far. */
export interface LocationScanner {
  push(chunk: Buffer): void
  /** Places outside of the file that it takes tensors from, as it spells them. */
  readonly locations: ReadonlySet<string>
}

/** Which fields of a message of onnx.proto lead to a tensor, by the kind of message that stands in them. */
const inside: Record<string, Record<number, string>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' }
}
const entryKey = 1
const entryValue = 2

const varint = 0
const fixed64 = 1
const delimited = 2
const groupStart = 3
const groupEnd = 4
const fixed32 = 5

/** What the readers of the format themselves stop at. */
const deepest = 100
/** No file name of any system is longer; a longer one is cut and so names no file. */
const longestText = 5000
const mostLocations = 10_000

class NotReadable extends Error {}

/**
 * Finds the places from which an ONNX file takes tensors that do not stand in it (`external_data`), in initializers, attributes, subgraphs,
 * functions and training graphs, without holding the file in memory. What cannot be read ends the search, for no runtime reads it either.
 * A tensor counts whether or not it says that its data lies outside, because readers differ in what they look at.
 */
export function scanOnnx(): LocationScanner {
  const locations = new Set<string>()
  const work = scanMessages(locations)
  let done = work.next().done
  return {
    locations,
    push(chunk) {
      try {
        if (!done && chunk.length > 0) done = work.next(chunk).done
      } catch (error) {
        if (!(error instanceof NotReadable)) throw error
        done = true
      }
    }
  }
}

type Work<T> = Generator<undefined, T, Buffer>

function* scanMessages(locations: Set<string>): Work<void> {
  let chunk: Buffer = Buffer.alloc(0)
  let at = 0
  /** Bytes of the file before the chunk. */
  let before = 0
  const position = () => before + at

  function* more(): Work<void> {
    while (at >= chunk.length) {
      before += chunk.length
      at -= chunk.length
      chunk = yield
    }
  }
  function* byte(): Work<number> {
    if (at >= chunk.length) yield* more()
    return chunk[at++] ?? 0
  }
  function* number(): Work<number> {
    let value = 0
    for (let index = 0; index < 10; index++) {
      const next = yield* byte()
      value += (next & 0x7f) * 2 ** (7 * index)
      if (next < 0x80) return value
    }
    throw new NotReadable()
  }
  function* text(length: number): Work<string> {
    const kept = Buffer.alloc(Math.min(length, longestText))
    for (let index = 0; index < kept.length; index++) kept[index] = yield* byte()
    at += length - kept.length
    return kept.toString('utf8')
  }
  function* entry(end: number, depth: number): Work<void> {
    const keys: string[] = []
    const values: string[] = []
    while (position() < end) {
      const { field, wire } = yield* tag()
      if (wire === delimited && (field === entryKey || field === entryValue)) {
        const length = yield* lengthWithin(end)
        ;(field === entryKey ? keys : values).push(yield* text(length))
      } else yield* skip(wire, end, depth)
    }
    // which of several values counts is for the reader to say
    if (!keys.includes('location')) return
    for (const value of values) locations.add(value)
    if (locations.size > mostLocations) throw new NotReadable()
  }
  function* tag(): Work<{ field: number; wire: number }> {
    const value = (yield* number()) % 2 ** 32
    const field = Math.floor(value / 8)
    if (field === 0) throw new NotReadable()
    return { field, wire: value % 8 }
  }
  function* lengthWithin(end: number): Work<number> {
    const length = yield* number()
    if (position() + length > end) throw new NotReadable()
    return length
  }
  function* skip(wire: number, end: number, depth: number): Work<void> {
    if (wire === varint) yield* number()
    else if (wire === fixed64) at += 8
    else if (wire === fixed32) at += 4
    else if (wire === delimited) {
      // `at` moves while the length is read, so it is added to afterwards
      const length = yield* lengthWithin(end)
      at += length
    } else if (wire === groupStart && depth < deepest) {
      for (let inner = yield* tag(); inner.wire !== groupEnd; inner = yield* tag()) yield* skip(inner.wire, end, depth + 1)
    } else throw new NotReadable()
    if (position() > end) throw new NotReadable()
  }
  function* message(kind: string, end: number, depth: number): Work<void> {
    if (depth > deepest) throw new NotReadable()
    if (kind === 'entry') return yield* entry(end, depth)
    while (position() < end) {
      at = passPlainFields(chunk, at, end - before, inside[kind] ?? {})
      if (position() === end) return
      const { field, wire } = yield* tag()
      const within = inside[kind]?.[field]
      if (within === undefined || wire !== delimited) yield* skip(wire, end, depth)
      else {
        const length = yield* lengthWithin(end)
        yield* message(within, position() + length, depth + 1)
      }
    }
  }
  yield* message('model', Infinity, 0)
}

/** The longest number, its tag and a length before it. */
const roomForField = 30

/** Passes over fields without messages in them that lie whole in the chunk: a tree has millions of numbers, and each step of the search costs. */
function passPlainFields(chunk: Buffer, from: number, end: number, messages: Record<number, string>): number {
  const limit = Math.min(chunk.length, end) - roomForField
  let at = from
  while (at < limit) {
    const tag = chunk[at] ?? 0
    const wire = tag & 7
    if (tag >= 0x80 || tag < 8) return at
    let next = at + 1
    if (wire === varint) {
      while ((chunk[next] ?? 0) >= 0x80 && next < at + 11) next++
      next++
    } else if (wire === fixed32) next += 4
    else if (wire === fixed64) next += 8
    else {
      const length = chunk[next] ?? 0
      if (wire !== delimited || length >= 0x80 || messages[tag >> 3] !== undefined) return at
      next += 1 + length
      if (next > limit) return at
    }
    if (next > at + 11 && wire === varint) return at
    at = next
  }
  return at
}

/** Watches the models among files while they are read for another reason. */
export function watchModels() {
  const scanners = new Map<string, LocationScanner>()
  return {
    /** The scanner of a file; undefined when it is no model. */
    of(name: string): LocationScanner | undefined {
      if (!name.toLowerCase().endsWith('.onnx')) return undefined
      const scanner = scanOnnx()
      scanners.set(name, scanner)
      return scanner
    },
    /**
     * What the models that were read take from outside of the bundle, in words by the model's name.
     * @param isSigned whether a file of the bundle is covered by its signature
     */
    problems(isSigned: (name: string) => boolean): Map<string, string> {
      const found = new Map<string, string>()
      for (const [name, { locations }] of scanners)
        for (const location of locations) {
          const unsafe = refuseName(location)
          if (!unsafe && isSigned(posix.join(posix.dirname(name), location))) continue
          const why = unsafe ? `a place with ${unsafe}` : 'which is not among the signed files'
          found.set(name, `${printable(name)} takes weights from "${printable(location.slice(0, 200))}", ${why}: no signature covers them.`)
        }
      return found
    }
  }
}
