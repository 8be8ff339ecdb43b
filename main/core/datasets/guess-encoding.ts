import type { Encoding } from '../../model/dataset'

/**
 * The encoding of a text that is not UTF-8, by its bytes: words that are all beyond ASCII are Cyrillic, bytes that Windows-1252 hardly uses
 * lead the characters of Shift-JIS. A guess, to be told as one. Languages of Latin letters cannot be told apart: Windows-1252.
 */
export function guessLegacy(head: Buffer): Encoding {
  let high = 0
  let control = 0
  let inWords = 0
  let small = 0
  let run = 0
  for (const byte of head) {
    const isHigh = byte >= 0x80
    if (isHigh) high++
    if (isHigh && byte < 0xa0) control++
    if (byte >= 0xc0) {
      run++
      if (byte >= 0xe0) small++
    } else {
      if (run >= 3) inWords += run
      run = 0
    }
  }
  if (run >= 3) inWords += run
  if (high >= 4 && control > high * 0.4 && isWhole(head, 'shift_jis')) return 'shift_jis'
  if (high >= 8 && inWords > high * 0.6) return small * 2 >= inWords ? 'windows-1251' : 'koi8-r'
  return 'windows-1252'
}

function isWhole(head: Buffer, encoding: Encoding): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}
