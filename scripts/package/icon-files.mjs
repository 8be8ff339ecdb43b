/** Icons as Windows and macOS want them: both formats are a table of contents before the same PNG files. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../electron-resolver.mjs'

const png = (size) => readFileSync(join(root, 'resources', 'desktop', `drydock-${size}.png`))

/** @param {string} file ends in .ico */
export function writeWindowsIcon(file) {
  const sizes = [16, 24, 32, 48, 64, 128, 256]
  const head = Buffer.alloc(6 + 16 * sizes.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(sizes.length, 4)
  let at = head.length
  sizes.forEach((size, index) => {
    const entry = 6 + 16 * index
    const { length } = png(size)
    // 256 is written as 0.
    head.writeUInt8(size % 256, entry)
    head.writeUInt8(size % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(length, entry + 8)
    head.writeUInt32LE(at, entry + 12)
    at += length
  })
  writeFileSync(file, Buffer.concat([head, ...sizes.map(png)]))
}

/** @param {string} file ends in .icns */
export function writeMacIcon(file) {
  const parts = Object.entries({ icp4: 16, icp5: 32, icp6: 64, ic07: 128, ic08: 256, ic09: 512 }).map(([type, size]) =>
    block(type, png(size))
  )
  writeFileSync(file, block('icns', Buffer.concat(parts)))
}

function block(type, content) {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32BE(8 + content.length, 4)
  return Buffer.concat([head, content])
}
