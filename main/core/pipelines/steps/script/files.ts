import { constants, promises as fs } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../../../../storage/duckdb/database'
import { quoteText } from '../../../../model/sql-quoting'

const MAX_READ = 1 << 20
const plainOnly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)

/**
 * Calls back for each whole JSON line appended to a file, until stopped; the last look happens on stop. A line that is no JSON object is
 * passed over and counted. NaN, Infinity and -Infinity, which many languages write without quotes, are read as these words.
 */
export function followJsonLines(path: string, onLine: (value: Record<string, unknown>) => void): { stop(): Promise<{ unread: number }> } {
  let offset = 0
  let rest = ''
  let isStopped = false
  let unread = 0
  const decoder = new StringDecoder('utf8')
  const take = (line: string): void => {
    const value = parseObject(line)
    if (value) onLine(value)
    else if (line.trim() !== '') unread++
  }
  const read = async (): Promise<boolean> => {
    // The program may have put a pipe, a device or a link there; none of them may keep us waiting or be read without end.
    const handle = await fs.open(path, plainOnly).catch(() => undefined)
    if (!handle) return false
    try {
      if (!(await handle.stat()).isFile()) return false
      const buffer = Buffer.allocUnsafe(MAX_READ)
      const { bytesRead } = await handle.read(buffer, 0, MAX_READ, offset)
      offset += bytesRead
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n')
      rest = (lines.pop() ?? '').slice(-MAX_READ)
      lines.forEach(take)
      return bytesRead === MAX_READ
    } finally {
      await handle.close()
    }
  }
  const loop = (async () => {
    while (!isStopped) {
      if (!(await read())) await delay(150)
    }
    while (await read());
    take(rest)
    return { unread }
  })()
  return {
    stop() {
      isStopped = true
      return loop
    }
  }
}

const bareWords = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g
/** Longer lines are no figures, and looking for words among very many quotes would take long. */
const MAX_QUOTED = 4_096

function parseObject(line: string): Record<string, unknown> | undefined {
  const value = parseJson(line) ?? (line.length > MAX_QUOTED ? undefined : parseJson(line.replace(bareWords, quoted)))
  return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
}

const quoted = (token: string): string => (token.startsWith('"') ? token : `"${token}"`)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const PAGE = 50_000

/** Writes an Arrow file as CSV (RFC 4180, header, UTF-8, empty field for null). */
export async function writeCsv(db: Database, arrow: string, csv: string): Promise<void> {
  const from = `read_arrow(${quoteText(arrow)})`
  const columns = await db.describe(`SELECT * FROM ${from}`)
  const handle = await fs.open(csv, 'w')
  try {
    await handle.write(columns.map((column) => field(column.name)).join(',') + '\r\n')
    for (let offset = 0; ; offset += PAGE) {
      const { rows } = await db.query(`SELECT * FROM ${from} LIMIT ${PAGE} OFFSET ${offset}`, [], { limit: PAGE })
      if (rows.length) await handle.write(rows.map((row) => row.map(field).join(',') + '\r\n').join(''))
      if (rows.length < PAGE) return
    }
  } finally {
    await handle.close()
  }
}

function field(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text
}
