import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { sha256 } from '../objects/durable-files'

/** How far the record of a workspace had come, kept outside of the ledger and its log. */
export interface HighWater {
  /** Place of the last entry, and its hash. */
  entry: number
  hash: string
  at: string
}

const Mark = z.object({ turn: z.number().int(), entry: z.number().int(), hash: z.string(), at: z.string() })
type Mark = z.infer<typeof Mark>
const SIZE = 256

const filesOf = (directory: string): [string, string] => [join(directory, 'log', 'high-water.0'), join(directory, 'log', 'high-water.1')]

function readMark(file: string): Mark | undefined {
  try {
    const [text = '', check = ''] = readFileSync(file, 'utf8').trim().split(' ')
    return sha256(text).startsWith(check) && check.length === 16 ? Mark.parse(JSON.parse(text)) : undefined
  } catch {
    return undefined
  }
}

const newestMark = (directory: string): Mark | undefined =>
  filesOf(directory)
    .map(readMark)
    .filter((mark) => mark !== undefined)
    .sort((one, other) => other.turn - one.turn)[0]

/** The mark of a workspace; undefined where none was ever written. */
export function readHighWater(directory: string): HighWater | undefined {
  const mark = newestMark(directory)
  return mark && { entry: mark.entry, hash: mark.hash, at: mark.at }
}

/** Writes the mark after each commit that moved the record. */
export interface HighWaterWriter {
  write(mark: HighWater): void
  close(): void
}

/** Made where they are missing, and then written in place; none where the disk is too full for that. */
function openMarks(files: readonly [string, string]): number[] {
  const opened: number[] = []
  try {
    mkdirSync(dirname(files[0]), { recursive: true })
    for (const file of files) closeSync(openSync(file, 'a'))
    for (const file of files) opened.push(openSync(file, 'r+'))
    return opened
  } catch {
    for (const descriptor of opened) closeSync(descriptor)
    return []
  }
}

/**
 * Opens the two files, which are written in turn: a cut in the middle of one leaves the other. They are not flushed: a mark that lags
 * behind after a power cut misses something, and never says that something is lost which is there.
 */
export function openHighWater(directory: string): HighWaterWriter {
  let turn = newestMark(directory)?.turn ?? 0
  const descriptors = openMarks(filesOf(directory))
  return {
    write({ entry, hash, at }) {
      if (descriptors.length === 0) return
      turn++
      const text = JSON.stringify({ turn, entry, hash, at })
      try {
        writeSync(descriptors[turn % 2]!, `${text} ${sha256(text).slice(0, 16)}`.padEnd(SIZE - 1) + '\n', 0)
      } catch {
        // A full disk: what was committed counts, the mark follows with the next commit.
      }
    },
    close: () => descriptors.forEach((descriptor) => closeSync(descriptor))
  }
}
