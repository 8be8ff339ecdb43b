import { close, open, read } from 'node:fs'
import { promisify } from 'node:util'
import type { Entry, ZipFile } from 'yauzl'
import type { BundleFile } from '../../model/bundle'
import { WorkbenchError } from '../../model/errors'
import type { BundleLimits } from './container-limits'
import { assertSafeListing, assertSignableLayout, refuseBundle } from './container-limits'
import { printable } from '../../model/plain-text'
import { crc32 } from './crc32'
import { compareNames, signatureFile } from './file-names'
import { assertKnownFields } from './zip-extra-fields'
import { readZipFile } from './zip-reader'
import type { ListedEntry, ReadBytes } from './zip-structure'
import { assertContiguous, reason } from './zip-structure'

const readAt = promisify(read)
const openFile = promisify(open)
const closeFile = promisify(close)

const utf8Names = 0x800
const chunkBytes = 1024 * 1024
/** So many files are looked at although no signature is among them, so that what is in a small container can be said. */
const unsignedEntries = 1000

/** An opened container; all its entries passed every check. */
export interface ZipBundle {
  files: BundleFile[]
  chunks(name: string): AsyncGenerator<Buffer>
  close(): Promise<void>
}

/**
 * Opens a `.drydock` file: a ZIP whose entries are stored, never compressed, so that nothing can expand. All headers are checked before any
 * content is read: names, duplicates, links, encryption, sizes, and that every byte of the file is accounted for, so that nothing can hide in it and no
 * other reader finds other files. The checksum of a file is held against its content at the end of each reading of it.
 * @throws WorkbenchError INVALID_INPUT
 */
export async function openZip(path: string, limits: BundleLimits): Promise<ZipBundle> {
  const file = await openFile(path, 'r')
  let zip: ZipFile
  try {
    zip = await readZipFile(file)
  } catch (cause) {
    await closeFile(file)
    throw refuseBundle('container', `This is not a bundle file, or it was cut short: ${reason(cause)}.`, [], cause)
  }
  try {
    const places = await readPlaces(zip, limits, async (start, length) => {
      const { buffer, bytesRead } = await readAt(file, Buffer.alloc(length), 0, length, start)
      return buffer.subarray(0, bytesRead)
    })
    return {
      files: [...places].map(([name, place]) => ({ name, bytes: place.bytes })),
      async *chunks(name) {
        const place = places.get(name)
        if (!place) throw new WorkbenchError('NOT_FOUND', `The bundle has no file ${name}. Choose one of its files.`)
        const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, place.bytes)))
        let sum = 0
        for (let done = 0; done < place.bytes;) {
          const { bytesRead } = await readAt(file, buffer, 0, Math.min(buffer.length, place.bytes - done), place.start + done)
          if (bytesRead === 0) throw refuseBundle('container', 'The bundle file became shorter while it was read.', [name])
          done += bytesRead
          const chunk = buffer.subarray(0, bytesRead)
          sum = crc32(chunk, sum)
          // before the last chunk is handed on, for nobody has to ask for another one
          if (done === place.bytes) assertChecksum(sum, place, name)
          yield chunk
        }
        if (place.bytes === 0) assertChecksum(sum, place, name)
      },
      close: () => closeZip(zip)
    }
  } catch (error) {
    await closeZip(zip)
    throw error
  }
}

interface Place {
  bytes: number
  start: number
  checksum: number
}

function assertChecksum(sum: number, place: Place, name: string): void {
  if (sum !== place.checksum)
    throw refuseBundle(
      'container',
      `The content of ${printable(name)} does not have the checksum that the container states: it was damaged on its way, or changed.`,
      [name]
    )
}

async function readPlaces(zip: ZipFile, limits: BundleLimits, read: ReadBytes): Promise<Map<string, Place>> {
  if (zip.entryCount > limits.entries)
    throw refuseBundle('container', `The bundle has ${zip.entryCount} files, more than the ${limits.entries} that are read.`)
  if (zip.comment.length > 0) throw refuseBundle('container', 'The bundle file has a comment, which no signature covers.')
  const directoryStart = Number(zip.readEntryCursor)
  const listed: ListedEntry[] = []
  try {
    for await (const entry of zip.eachEntry()) {
      const name = decodeName(entry)
      assertPlainEntry(entry, name)
      listed.push({ name, bytes: entry.uncompressedSize, entry })
    }
  } catch (error) {
    throw error instanceof WorkbenchError
      ? error
      : refuseBundle('container', `The table of contents is damaged: ${reason(error)}.`, [], error)
  }
  if (listed.length === 0) throw refuseBundle('container', 'The bundle file is empty.')
  if (listed.length > unsignedEntries && !listed.some(({ name }) => name === signatureFile))
    throw refuseBundle('container', `The bundle has ${listed.length} files and no ${signatureFile}, so nobody vouches for any of them.`)
  assertSafeListing(listed, limits)
  assertSignableLayout(listed.map((item) => item.name))
  const starts = await assertContiguous({ zip, read, directoryStart }, listed)
  const inOrder = [...listed].sort((a, b) => compareNames(a.name, b.name))
  return new Map(inOrder.map(({ name, bytes, entry }) => [name, { bytes, start: starts.get(name) ?? NaN, checksum: entry.crc32 }]))
}

function assertPlainEntry(entry: Entry, name: string): void {
  if (entry.isEncrypted()) throw refuseBundle('container', `${printable(name)} is encrypted.`, [name])
  if (name.endsWith('/')) throw refuseBundle('container', `${printable(name)} is a folder entry, which no signature covers.`, [name])
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000
  if (kind !== 0 && kind !== 0o100000) throw refuseBundle('container', `${printable(name)} is a link or a special file.`, [name])
  if (entry.compressionMethod !== 0)
    throw refuseBundle('container', `${printable(name)} is compressed; the files of a bundle are stored, so that nothing can expand.`, [
      name
    ])
  if (entry.fileCommentRaw.length > 0)
    throw refuseBundle('container', `${printable(name)} has a comment, which no signature covers.`, [name])
  if (entry.compressedSize !== entry.uncompressedSize) throw refuseBundle('container', `${printable(name)} lies about its size.`, [name])
}

function decodeName(entry: Entry): string {
  const raw = entry.fileNameRaw
  try {
    assertKnownFields(entry)
  } catch (cause) {
    throw refuseBundle('container', `The table of contents is misleading about a file: ${reason(cause)}.`, [], cause)
  }
  if (!(entry.generalPurposeBitFlag & utf8Names) && raw.some((byte) => byte > 0x7f))
    throw refuseBundle('container', 'A file of the bundle has a name in an unknown character set.')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch (cause) {
    throw refuseBundle('container', 'A file of the bundle has a name that is not valid Unicode.', [], cause)
  }
}

async function closeZip(zip: ZipFile): Promise<void> {
  if (!zip.isOpen) return
  await new Promise<void>((resolve) => {
    zip.once('close', resolve)
    zip.once('error', () => resolve())
    zip.close()
  })
}
