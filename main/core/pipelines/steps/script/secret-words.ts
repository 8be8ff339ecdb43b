import { createReadStream } from 'node:fs'
import { WorkbenchError } from '../../../../model/errors'

/** A line of a secret with fewer characters than this is no secret by itself. */
const MIN_LINE = 6

export interface SecretWords {
  /** The text without the values of secrets. */
  hide(text: string): string
  /** Throws FORBIDDEN when a file holds one. */
  assertAbsent(port: string, path: string): Promise<void>
}

/** Keeps the values of secrets out of what a program leaves behind. A secret of several lines is hidden line by line. */
export function createSecretWords(secrets: Readonly<Record<string, string>>): SecretWords {
  const words = Object.entries(secrets)
    .flatMap(([name, value]) => [value, ...value.split(/\r?\n/).filter((line) => line.length >= MIN_LINE)].map((text) => ({ name, text })))
    .flatMap(({ name, text }) => [...new Set([text, JSON.stringify(text).slice(1, -1)])].map((written) => ({ name, written })))
    .sort((a, b) => b.written.length - a.written.length)
  const longest = Math.max(1, ...words.map(({ written }) => Buffer.byteLength(written)))
  return {
    hide: (text) => words.reduce((hidden, { name, written }) => hidden.replaceAll(written, `[secret ${name}]`), text),
    async assertAbsent(port, path) {
      if (words.length === 0) return
      let rest = Buffer.alloc(0)
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
        const bytes = Buffer.concat([rest, chunk as Buffer])
        const found = words.find(({ written }) => bytes.includes(written))
        if (found)
          throw new WorkbenchError(
            'FORBIDDEN',
            `The output "${port}" holds the value of the secret "${found.name}". Outputs are kept and handed on, so nothing of it was: let the script leave it out.`
          )
        rest = bytes.subarray(Math.max(0, bytes.length - longest + 1))
      }
    }
  }
}
