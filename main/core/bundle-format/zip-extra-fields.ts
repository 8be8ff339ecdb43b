import type { Entry, LocalFileHeader } from 'yauzl'
import { parseExtraFields } from 'yauzl'

type Field = Entry['extraFields'][number]

/** Ids of extra fields (APPNOTE.TXT, 4.5 and 4.6): sizes of 8 bytes, the times and the owner that Info-ZIP writes, a second name. */
const wideSizes = 0x0001
const times = 0x5455
const owner = 0x7875
const unicodePath = 0x7075

/** Sizes from here on do not fit into the header and stand in a field of their own. */
const tooWide = 0xffffffff

/**
 * Both sizes as the header before the data has them, for readers that never look at the table of contents.
 * @param bytes the size that the table of contents states
 * @throws Error with a reason for anything in the header's fields that is not accounted for
 */
export function readLocalSizes(header: LocalFileHeader, bytes: number): number[] {
  const wide = readFields(header.extraField, parseExtraFields(header.extraField), 'local')
  const sizes = [header.uncompressedSize, header.compressedSize]
  if (bytes < tooWide) {
    if (wide || sizes.includes(tooWide)) throw new Error('it leaves its size to another place, which not every reader looks at')
    return sizes
  }
  // Both of the sizes stand there in a header before the data (APPNOTE.TXT, 4.5.3).
  if (!wide) return sizes
  if (wide.length !== 16) throw new Error('its field of sizes is not complete')
  return sizes.map((size, index) => (size === tooWide ? Number(wide.readBigUInt64LE(index * 8)) : NaN))
}

/** Refuses whatever an entry of the table of contents says in its fields beside its size and its place. @throws Error with a reason */
export function assertKnownFields(entry: Entry): void {
  const wide = readFields(entry.extraFieldRaw, entry.extraFields, 'central')
  if (!wide) return
  const stated = [entry.uncompressedSize, entry.relativeOffsetOfLocalHeader]
  if (wide.length % 8 || wide.length > 24) throw new Error('its field of sizes is not complete')
  for (let at = 0; at < wide.length; at += 8)
    if (!stated.includes(Number(wide.readBigUInt64LE(at)))) throw new Error('its field of sizes says something else')
}

/** @returns the field of sizes, if there is one */
function readFields(raw: Buffer, fields: readonly Field[], place: 'local' | 'central'): Buffer | undefined {
  if (fields.reduce((sum, field) => sum + 4 + field.data.length, 0) !== raw.length) throw new Error('there are bytes behind its fields')
  const seen = new Map<number, Buffer>()
  for (const { id, data } of fields) {
    if (id === unicodePath) throw new Error('it has two names')
    const known = id === wideSizes || (id === times && isTimes(data, place)) || (id === owner && isOwner(data))
    if (!known || seen.has(id)) throw new Error(`it has a field that no signature covers (0x${id.toString(16).padStart(4, '0')})`)
    seen.set(id, data)
  }
  return seen.get(wideSizes)
}

/** A byte of flags, and four bytes for each time that it announces; a table of contents has only the first of them. */
function isTimes(data: Buffer, place: 'local' | 'central'): boolean {
  const flags = data[0] ?? 0
  if (flags < 1 || flags > 7) return false
  const announced = place === 'central' ? flags & 1 : [1, 2, 4].filter((bit) => flags & bit).length
  return data.length === 1 + 4 * announced
}

/** Version 1, and the numbers of a user and of a group with four bytes each. */
function isOwner(data: Buffer): boolean {
  return data.length === 11 && data[0] === 1 && data[1] === 4 && data[6] === 4
}
