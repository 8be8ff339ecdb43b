import type { Entry, LocalFileHeader, ZipFile } from 'yauzl'
import { refuseBundle } from './container-limits'
import { printable } from '../../model/plain-text'
import { readLocalSizes } from './zip-extra-fields'

/** An entry of the table of contents with its decoded name and its size in bytes. */
export interface ListedEntry {
  name: string
  bytes: number
  entry: Entry
}
/** Up to `length` bytes from `start` of the file; fewer at its end. */
export type ReadBytes = (start: number, length: number) => Promise<Buffer>

export interface ZipLayout {
  zip: ZipFile
  read: ReadBytes
  /** Where the table of contents starts; `zip` has read all of it. */
  directoryStart: number
}

const hasDescriptor = 0x8
const descriptorSignature = 0x08074b50
/** A data descriptor: with or without its signature, with 4- or 8-byte sizes (APPNOTE.TXT, 4.3.9). */
const descriptorSizes = [12, 16, 20, 24]
const endBytes = 22
const end64Bytes = 56
const locator64Bytes = 20

/**
 * Accounts for every byte of the container: the entries follow one another from its start, the table of contents follows them, the end
 * records follow the table, and all of them say the same, so that no reader finds other files and nothing lies where no signature covers it.
 * What remains free are dates, permissions, owners and version numbers.
 * @returns where the data of each file starts
 * @throws WorkbenchError INVALID_INPUT
 */
export async function assertContiguous(layout: ZipLayout, listed: readonly ListedEntry[]): Promise<Map<string, number>> {
  const { zip, read, directoryStart } = layout
  const inOrder = [...listed].sort((a, b) => a.entry.relativeOffsetOfLocalHeader - b.entry.relativeOffsetOfLocalHeader)
  const starts = new Map<string, number>()
  let place = 0
  for (const [index, { name, bytes, entry }] of inOrder.entries()) {
    if (entry.relativeOffsetOfLocalHeader !== place)
      throw refuseBundle('container', `The data of ${printable(name)} overlaps other data or lies behind a gap.`, [name])
    const header = await readHeader(zip, entry, name)
    const later = assertSameFacts(header, entry, name)
    if (!localSizes(header, bytes, name).every((size) => size === bytes || (later && size === 0)))
      throw refuseBundle('container', `${printable(name)} lies about its size.`, [name])
    const dataEnd = header.fileDataStart + bytes
    starts.set(name, header.fileDataStart)
    place = inOrder[index + 1]?.entry.relativeOffsetOfLocalHeader ?? directoryStart
    const rest = place - dataEnd
    if (rest < 0) throw refuseBundle('container', `The data of ${printable(name)} overlaps other data.`, [name])
    if (!later && rest === 0) continue
    if (!later || !descriptorSizes.includes(rest) || !isDescriptorOf(await read(dataEnd, rest), entry.crc32, bytes))
      throw refuseBundle('container', `There is data behind ${printable(name)}: a gap that no signature covers.`, [name])
  }
  await assertEnd(layout, listed.length)
  return starts
}

/** @returns whether checksum and sizes are left to what follows the data */
function assertSameFacts(header: LocalFileHeader, entry: Entry, name: string): boolean {
  const later = (header.generalPurposeBitFlag & hasDescriptor) !== 0
  if (
    !header.fileName.equals(entry.fileNameRaw) ||
    header.compressionMethod !== 0 ||
    header.generalPurposeBitFlag !== entry.generalPurposeBitFlag ||
    header.lastModFileDate !== entry.lastModFileDate ||
    header.lastModFileTime !== entry.lastModFileTime ||
    (header.crc32 !== entry.crc32 && !(later && header.crc32 === 0))
  )
    throw refuseBundle('container', `Two tables of contents disagree about ${printable(name)}.`, [name])
  return later
}

async function readHeader(zip: ZipFile, entry: Entry, name: string) {
  try {
    return await zip.readLocalFileHeaderPromise(entry)
  } catch (cause) {
    throw refuseBundle('container', `${printable(name)} lies about its size or place: ${reason(cause)}.`, [name], cause)
  }
}

function localSizes(header: LocalFileHeader, bytes: number, name: string): number[] {
  try {
    return readLocalSizes(header, bytes)
  } catch (cause) {
    throw refuseBundle('container', `The header of ${printable(name)} is misleading: ${reason(cause)}.`, [name], cause)
  }
}

/** The words of another library's error, safe to show. */
export function reason(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error)).replace(/\.+$/, '')
}

function isDescriptorOf(raw: Buffer, crc: number, bytes: number): boolean {
  const signed = raw.length === 16 || raw.length === 24
  if (signed && raw.readUInt32LE(0) !== descriptorSignature) return false
  const fields = signed ? raw.subarray(4) : raw
  const sizes =
    fields.length === 12
      ? [fields.readUInt32LE(4), fields.readUInt32LE(8)]
      : [Number(fields.readBigUInt64LE(4)), Number(fields.readBigUInt64LE(12))]
  return fields.readUInt32LE(0) === crc && sizes.every((size) => size === bytes)
}

/** The end record, and its 64-bit form where there is one (APPNOTE.TXT, 4.3.14 to 4.3.16), point to the table that was read. */
async function assertEnd({ zip, read, directoryStart }: ZipLayout, entries: number): Promise<void> {
  const directoryEnd = Number(zip.readEntryCursor)
  const tail = await read(directoryEnd, end64Bytes + locator64Bytes + endBytes + 1)
  const wide = tail.length === end64Bytes + locator64Bytes + endBytes
  if (!wide && tail.length !== endBytes)
    throw refuseBundle('container', 'There is data behind the table of contents, which no signature covers.')
  const directory = { entries, bytes: directoryEnd - directoryStart, start: directoryStart }
  if ((wide && !isWideEnd(tail, directory, directoryEnd)) || !isEnd(tail.subarray(-endBytes), directory, wide))
    throw refuseBundle('container', 'The end records of the container disagree about the table of contents.')
}

interface Directory {
  entries: number
  bytes: number
  start: number
}

function isEnd(end: Buffer, directory: Directory, wide: boolean): boolean {
  const is16 = (at: number, value: number) => end.readUInt16LE(at) === value || (wide && end.readUInt16LE(at) === 0xffff)
  const is32 = (at: number, value: number) => end.readUInt32LE(at) === value || (wide && end.readUInt32LE(at) === 0xffffffff)
  return (
    end.readUInt32LE(0) === 0x06054b50 &&
    is16(4, 0) &&
    is16(6, 0) &&
    is16(8, directory.entries) &&
    is16(10, directory.entries) &&
    is32(12, directory.bytes) &&
    is32(16, directory.start)
  )
}

function isWideEnd(tail: Buffer, directory: Directory, directoryEnd: number): boolean {
  const is64 = (at: number, value: number) => tail.readBigUInt64LE(at) === BigInt(value)
  return (
    tail.readUInt32LE(0) === 0x06064b50 &&
    is64(4, end64Bytes - 12) &&
    tail.readUInt32LE(16) === 0 &&
    tail.readUInt32LE(20) === 0 &&
    is64(24, directory.entries) &&
    is64(32, directory.entries) &&
    is64(40, directory.bytes) &&
    is64(48, directory.start) &&
    tail.readUInt32LE(end64Bytes) === 0x07064b50 &&
    tail.readUInt32LE(end64Bytes + 4) === 0 &&
    is64(end64Bytes + 8, directoryEnd)
  )
}
