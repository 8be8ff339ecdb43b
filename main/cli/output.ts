import { WorkbenchError, errorGroupOf } from '../model/errors'
import { asciiControls, printable, printableLines } from '../model/plain-text'
import { jsonText } from '../model/reported-number'

/** Exit codes of every command: done, the checked thing does not hold, wrong usage, failed; of a bundle that is intact: rejected, insufficient. */
export const EXIT = { done: 0, refuted: 1, usage: 2, failed: 3, rejected: 4, insufficient: 5 } as const
/** Exit codes of a command that somebody ended before it was done, as shells have them: 128 and the number of the signal. */
export const ENDED = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | (typeof ENDED)[keyof typeof ENDED]

/** Where a command writes; tests pass their own. */
export interface Output {
  readonly json: boolean
  /**
   * The result: one JSON document with --json (NaN and infinities as the texts of `jsonText`), else the given text. Of a list each text is
   * one line, whatever line breaks a name of a stranger in it has; a single text may have several lines, as a document or a table has.
   */
  result(value: unknown, text: string | readonly string[]): void
  /** Progress for people, one line on stderr; silent with --json. */
  note(text: string): void
  /** How far something is: the line at the bottom of a terminal, taken away by null. Nothing where standard error is no terminal. */
  live(text: string | null): void
  error(error: unknown): ExitCode
}

/** A terminal that a line can be rewritten on. */
export interface Terminal {
  /** Characters of a line. */
  columns(): number
}

/** Standard error as a terminal; undefined where it is none, where nobody looks (CI), or where a line cannot be rewritten. */
export function terminalOf(
  stream: { isTTY?: boolean; columns?: number } = process.stderr,
  env: Readonly<Record<string, string | undefined>> = process.env
): Terminal | undefined {
  const isWatched = env.CI === undefined || env.CI === '' || env.CI === 'false'
  return stream.isTTY === true && isWatched && env.TERM !== 'dumb' ? { columns: () => stream.columns ?? 80 } : undefined
}

export function createOutput(json: boolean, out: (text: string) => void, err: (text: string) => void, terminal?: Terminal): Output {
  let bar: string | null = null
  const wipe = (): void => {
    if (bar !== null) err('\r\u001b[2K')
  }
  const draw = (): void => {
    if (bar !== null) err([...printable(bar)].slice(0, Math.max(1, terminal!.columns() - 1)).join(''))
  }
  /** Above the line that says how far it is. */
  const above = (say: () => void): void => {
    wipe()
    say()
    draw()
  }
  return {
    json,
    result: (value, text) =>
      above(() =>
        out(
          json
            ? asciiControls(jsonText(value)) + '\n'
            : withLineEnd(typeof text === 'string' ? printableLines(text) : text.map(printable).join('\n'))
        )
      ),
    note: (text) => {
      if (!json) above(() => err(printable(text) + '\n'))
    },
    live(text) {
      if (json || !terminal) return
      wipe()
      bar = text
      draw()
    },
    error(error) {
      const known = error instanceof WorkbenchError ? error : undefined
      const code = known?.code ?? 'INTERNAL'
      const message = error instanceof Error ? error.message : String(error)
      if (json) out(asciiControls(jsonText({ error: { code, message, details: known?.details } })) + '\n')
      else above(() => err(printableLines(`drydock: ${indented(message)}\n${problemLines(known?.details?.problems)}`)))
      if (!known && error instanceof Error && process.env.DRYDOCK_DEBUG) err(printableLines(`${error.stack}\n`))
      if (code === 'INVALID_INPUT') return EXIT.usage
      return errorGroupOf(code) === 'evidence' ? EXIT.refuted : EXIT.failed
    }
  }
}

const withLineEnd = (text: string): string => (text.endsWith('\n') ? text : text + '\n')

/** A line break that data brings along begins no line that could be taken for one of the program. */
export const indented = (text: string): string => text.replaceAll('\n', '\n  ')

const MAX_PROBLEMS = 20

/** What is wrong in a document of any kind. */
interface DocumentProblem {
  severity: string
  message: string
  line?: number
  column?: number
  stepId?: string
  path?: string
}

const isDocumentProblem = (value: unknown): value is DocumentProblem => {
  const { severity, message, line, column, stepId, path } = Object(value) as Record<keyof DocumentProblem, unknown>
  const isNumber = (field: unknown): boolean => field === undefined || typeof field === 'number'
  const isText = (field: unknown): boolean => field === undefined || typeof field === 'string'
  return typeof severity === 'string' && typeof message === 'string' && [line, column].every(isNumber) && [stepId, path].every(isText)
}

/** The errors of a document that cannot be used, each with its place, where there are several. */
function problemLines(details: unknown): string {
  if (!Array.isArray(details) || !details.every(isDocumentProblem)) return ''
  const problems = details.filter(({ severity }) => severity === 'error')
  if (problems.length < 2) return ''
  const lines = problems.slice(0, MAX_PROBLEMS).map(({ line, column, stepId, path, message }) => {
    const place = [
      ...(line === undefined ? [] : [`line ${line}`]),
      ...(column === undefined ? [] : [`column ${column}`]),
      ...(stepId === undefined ? [] : [`step "${stepId}"`]),
      ...(path ? [path] : [])
    ].join(', ')
    return `  ${place && `${place}: `}${indented(message)}\n`
  })
  return lines.join('') + (problems.length > MAX_PROBLEMS ? `  and ${problems.length - MAX_PROBLEMS} more\n` : '')
}

/** A list as every command prints it with --json: `total` counts all that match, also those beyond a limit. */
export const listOf = <T>(items: T[], total = items.length): { items: T[]; total: number } => ({ items, total })

/** Left-aligned columns for people; numbers to the right. */
export const textTable = (header: string[], rows: Row[]): string => tableLines(header, rows).join('\n')

type Row = (string | number | null | undefined)[]

/** The lines of such a table. */
export function tableLines(header: string[], rows: Row[]): string[] {
  const cells = [header, ...rows].map((row) =>
    row.map((cell) => (cell === null || cell === undefined ? '' : String(cell).replace(/\s+/g, ' ')))
  )
  const widths = header.map((_, i) => cells.reduce((widest, row) => Math.max(widest, [...(row[i] ?? '')].length), 0))
  const numeric = header.map(
    (_, i) => rows.length > 0 && rows.every((row) => row[i] === null || row[i] === undefined || typeof row[i] === 'number')
  )
  return cells.map((row) =>
    row
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd()
  )
}
