import { constants } from 'node:os'
import { errorCodes } from '../../../model/errors'
import { isPlainText } from '../../../model/plain-text'
import { wordsOf } from './log-words'

const levels = ['debug', 'info', 'warn', 'error']
const errorNames = [
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'AggregateError',
  'WorkbenchError',
  'WireError',
  'SqliteError'
]
const codes = new Set<string>([...errorCodes, ...Object.keys(constants.errno)])
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const version = /^\d{1,3}\.\d{1,3}\.\d{1,3}$/

/** What is known of a line of the log once everything is left out that is not on a list. */
export interface ScrubbedLine {
  time?: string
  level?: string
  message: string
  pid?: number
  node?: string
  errors?: string[]
  codes?: string[]
  /** Places in files of the program. */
  at?: string[]
}

const listed = (found: Iterable<string>): string[] | undefined => {
  const all = [...new Set(found)].slice(0, 20)
  return all.length > 0 ? all : undefined
}

/** Names of errors, codes and places in the program's own files that stand in the description of an error. */
function knownOfError(text: string, files: ReadonlySet<string>): Pick<ScrubbedLine, 'errors' | 'codes' | 'at'> {
  const words = (text.match(/\b[A-Za-z_]+\b/g) ?? []).filter((word) => codes.has(word))
  const names = [...text.matchAll(/^(?:caused by )?([A-Za-z]+)(?=:|$)/gm)]
    .map(([, name]) => name)
    .filter((name) => errorNames.includes(name))
  const places = [...text.matchAll(/[\\/]([\w.-]+\.js):(\d{1,7}):(\d{1,7})\)?$/gm)]
    .filter(([, file]) => files.has(file))
    .map(([, file, line, column]) => `${file}:${line}:${column}`)
  return { errors: listed(names), codes: listed(words), at: listed(places) }
}

/**
 * A line of the log with what is on a list: time, level, the program's own words, numbers of processes, names and codes of errors.
 * @param files names of the files of the program, which may stand as places
 */
export function scrubLine(line: string, files: ReadonlySet<string>): ScrubbedLine {
  let given: Record<string, unknown>
  try {
    given = Object(JSON.parse(line)) as Record<string, unknown>
  } catch {
    given = {}
  }
  const text = (key: string): string => (typeof given[key] === 'string' ? given[key] : '')
  const { errors, codes: known, at } = knownOfError([text('error'), text('stack')].join('\n'), files)
  return {
    ...(time.test(text('time')) && { time: text('time') }),
    ...(levels.includes(text('level')) && { level: text('level') }),
    message: wordsOf(text('message')),
    ...(Number.isSafeInteger(given.pid) && { pid: given.pid as number }),
    ...(version.test(text('node')) && { node: text('node') }),
    ...(errors && { errors }),
    ...(known && { codes: known }),
    ...(at && { at })
  }
}

/** The last lines of a log, each as `scrubLine` leaves it. */
export function scrubLog(text: string, files: ReadonlySet<string>, most = 2_000): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const scrubbed = lines.slice(-most).map((line) => JSON.stringify(scrubLine(line, files)))
  // By its making it is plain; a list that is ever loosened must not let control characters through.
  return scrubbed.filter((line) => isPlainText(line)).join('\n') + '\n'
}
