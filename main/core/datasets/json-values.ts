import { createReadStream } from 'node:fs'
import { NotJson } from './json-text'

/** A value of a JSON file with the line (from 1) that it begins in. */
export interface JsonValueText {
  text: string
  line: number
}

/** One value of a list. Characters. */
const maximumElement = 16 << 20
/** One value that is the whole file: it is held at once. Characters. */
const maximumWhole = 256 << 20

/** The lines of a file, each as it is. */
export async function* jsonLines(file: string): AsyncGenerator<JsonValueText> {
  let rest = ''
  let line = 1
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() as string
    for (const text of lines) yield { text, line: line++ }
  }
  if (rest !== '') yield { text: rest, line }
}

/**
 * The values of a JSON file, whatever its lines: the elements where it is one list, else value after value. None is looked into but for its
 * brackets and quotes. `isList` is called before the first. Throws NotJson, with a line, for a file that breaks off or whose value is too large.
 */
export async function* jsonValues(file: string, isList: (list: boolean) => void): AsyncGenerator<JsonValueText> {
  const split = createSplitter(isList)
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 }) as AsyncIterable<string>) {
    split.push(chunk)
    yield* split.take()
  }
  split.end()
  yield* split.take()
}

function createSplitter(isList: (list: boolean) => void) {
  const beginning = /\n|[^\s\uFEFF]/g
  const special = /["{}[\],\n]/g
  const inText = /["\\]/g
  let found: JsonValueText[] = []
  /** Of the value at hand: text of earlier chunks, and its line once it has begun. */
  let held = ''
  let begun = 0
  let line = 1
  let depth = 0
  let isInText = false
  let isEscaped = false
  /** Brackets around a value: 1 within a list, else 0; undefined before the first character. */
  let base: 0 | 1 | undefined
  let isClosed = false

  const finish = (piece: string): void => {
    if (begun > 0) found.push({ text: held + piece, line: begun })
    held = ''
    begun = 0
  }
  const limit = (length: number): void => {
    const most = base === 1 ? maximumElement : maximumWhole
    if (length > most) throw new NotJson(begun, `the value that begins in line ${begun} has more than ${most >> 20} million characters`)
  }
  return {
    push(chunk: string): void {
      let start = 0
      for (let at = 0; at < chunk.length;) {
        if (isEscaped) {
          isEscaped = false
          at++
          continue
        }
        const pattern = isInText ? inText : begun > 0 ? special : beginning
        pattern.lastIndex = at
        const match = pattern.exec(chunk)
        if (!match) break
        at = match.index + 1
        const c = match[0]
        if (isInText) {
          isEscaped = c === '\\'
          isInText = isEscaped
          continue
        }
        if (c === '\n') {
          line++
          continue
        }
        if (base === undefined) {
          base = c === '[' ? 1 : 0
          isList(base === 1)
          if (base === 1) {
            depth = 1
            continue
          }
        }
        if (isClosed) throw new NotJson(0, `there is something behind the list, in line ${line}`)
        if (base === 1 && depth === 1 && (c === ',' || c === ']')) {
          finish(chunk.slice(start, at - 1))
          if (c === ']') isClosed = true
          continue
        }
        if (begun === 0) {
          begun = line
          start = at - 1
        }
        if (c === '"') isInText = true
        else if (c === '{' || c === '[') depth++
        else if ((c === '}' || c === ']') && --depth < base) throw new NotJson(0, `line ${line} closes a bracket that is not open`)
        else if (depth === 0 && base === 0 && (c === '}' || c === ']')) finish(chunk.slice(start, at))
      }
      if (begun > 0) held += chunk.slice(start)
      limit(held.length)
    },
    end(): void {
      if (base === 1 && !isClosed) throw new NotJson(0, `it breaks off in line ${line}`)
      if (base !== 1 && (depth > 0 || isInText)) throw new NotJson(0, `it breaks off: what begins in line ${begun} is not closed`)
      finish('')
    },
    take(): JsonValueText[] {
      const taken = found
      found = []
      return taken
    }
  }
}
