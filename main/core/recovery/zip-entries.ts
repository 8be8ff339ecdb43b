import type { Readable } from 'node:stream'
import { open as openZip, type Entry, type ZipFile } from 'yauzl'

/** A ZIP file whose entries are read one after the other. */
export interface Container {
  entries: Map<string, Entry>
  read(name: string): Promise<Readable>
  close(): void
}

/** Opens a ZIP file and reads its directory. Throws what the library throws for one that is damaged. */
export async function openContainer(path: string): Promise<Container> {
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    openZip(path, { lazyEntries: true, autoClose: false }, (error, opened) => (error ? reject(error) : resolve(opened)))
  )
  const entries = new Map<string, Entry>()
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry)
        zip.readEntry()
      })
      zip.on('end', resolve)
      zip.on('error', reject)
      zip.readEntry()
    })
  } catch (error) {
    zip.close()
    throw error
  }
  return {
    entries,
    read: (name) =>
      new Promise((resolve, reject) =>
        zip.openReadStream(entries.get(name)!, (error, stream) => (error ? reject(error) : resolve(stream)))
      ),
    close: () => zip.close()
  }
}
