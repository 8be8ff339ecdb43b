import { readFileSync } from 'node:fs'

interface Node {
  files?: Record<string, Node>
  offset?: string
  size?: number
  unpacked?: boolean
  link?: string
}

/**
 * The files of an asar archive (Electron's own format) by their paths; those that lie beside it in `app.asar.unpacked` are not among them.
 * @throws Error when it is none
 */
export function parseAsar(bytes: Buffer, path: string): Map<string, Buffer> {
  // Two "pickles" of Chromium: the size of the header, and the header as text with its length before it.
  if (bytes.length < 16 || bytes.readUInt32LE(0) !== 4) throw new Error(`${path} is no asar archive.`)
  const start = 8 + bytes.readUInt32LE(4)
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as Node
  const files = new Map<string, Buffer>()
  const walk = (node: Node, name: string): void => {
    for (const [child, each] of Object.entries(node.files ?? {})) {
      const inner = name ? `${name}/${child}` : child
      if (each.files) walk(each, inner)
      else if (each.link !== undefined) files.set(inner, Buffer.from(`link to ${each.link}`))
      else if (!each.unpacked) files.set(inner, bytes.subarray(start + Number(each.offset), start + Number(each.offset) + (each.size ?? 0)))
    }
  }
  walk(header, '')
  return files
}

/** As {@link parseAsar}, of a file. */
export const readAsar = (path: string): Map<string, Buffer> => parseAsar(readFileSync(path), path)
