import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { writeResultAsArrow } from '../arrow/export'
import type { Database, JsonValue, QueryResult, ResultColumn } from './database-types'
import { toJsonValue } from './json-values'
import { collectNumbers } from './number-columns'
import { bindParameters } from './parameters'
import { type CallbackErrors, toSqlError } from './sql-errors'
import { assertQueryStatement, assertSafeFunctions } from './statement-guard'

/** Each running statement holds a thread of Node's pool of four; the last one stays free for file access. */
const maximumRunning = 3
/** How often an interrupt is repeated until the statement notices: one that comes before the statement starts is lost. */
const interruptEvery = 20

export interface DatabaseParts {
  instance: DuckDBInstance
  /** Stays open as long as the database does. */
  keeper: DuckDBConnection
  callbacks: CallbackErrors
  onClosed: (corrupt: boolean) => void
}

const cancelled = (): WorkbenchError => new WorkbenchError('CANCELLED', 'The query was cancelled. Run it again when you need it.')
const closedError = (): WorkbenchError =>
  new WorkbenchError('CANCELLED', 'The database was closed. Open the workspace again and repeat the query.')

/** Columns of a result or a prepared statement, names made unique. */
function columnsOf(source: {
  columnCount: number
  columnName(index: number): string
  columnType(index: number): { toString(): string }
}): ResultColumn[] {
  const seen = new Set<string>()
  const next = new Map<string, number>()
  return Array.from({ length: source.columnCount }, (_, index) => {
    const base = source.columnName(index)
    let name = base
    let count = next.get(base) ?? 1
    for (; seen.has(name); count++) name = `${base}_${count}`
    next.set(base, count)
    seen.add(name)
    return { name, type: source.columnType(index).toString() }
  })
}

/** One call at work on its own connection. */
class Session {
  private stopped: WorkbenchError | undefined
  private repeat: ReturnType<typeof setInterval> | undefined
  private stream: DuckDBResult | undefined

  constructor(private readonly connection: DuckDBConnection) {}

  /** Ends the statement as soon as DuckDB looks. */
  stop(reason: WorkbenchError): void {
    this.stopped ??= reason
    this.interrupt()
  }

  private interrupt(): void {
    this.connection.interrupt()
    this.repeat ??= setInterval(() => this.connection.interrupt(), interruptEvery)
  }

  check(): void {
    if (this.stopped) throw this.stopped
  }

  /** What a failure means: the reason for stopping wins over the interrupt it caused. */
  explain(error: unknown, callbacks: CallbackErrors): WorkbenchError {
    const known = toSqlError(error, callbacks)
    return this.stopped && known.code === 'CANCELLED' ? this.stopped : known
  }

  async one(sql: string): Promise<DuckDBPreparedStatement> {
    assertSafeFunctions(sql)
    const statements = await this.connection.extractStatements(sql)
    if (statements.count !== 1)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `There are ${statements.count} statements where one is expected. Run them one after another.`
      )
    const statement = await statements.prepare(0)
    assertQueryStatement(statement.statementType, sql)
    return statement
  }

  async runAll(sql: string, parameters: JsonValue[]): Promise<void> {
    assertSafeFunctions(sql)
    const statements = await this.connection.extractStatements(sql)
    if (statements.count === 0) throw new WorkbenchError('INVALID_INPUT', 'There is no SQL statement to run. Write one.')
    for (let index = 0; index < statements.count; index++) {
      this.check()
      const statement = await statements.prepare(index)
      assertQueryStatement(statement.statementType, sql, true)
      bindParameters(statement, index === statements.count - 1 ? parameters : [])
      await this.open(statement)
      for await (const chunk of this.chunks()) void chunk
    }
  }

  async open(statement: DuckDBPreparedStatement): Promise<DuckDBResult> {
    this.check()
    this.stream = await statement.stream()
    return this.stream
  }

  async *chunks(): AsyncGenerator<DuckDBDataChunk> {
    while (this.stream) {
      this.check()
      const chunk = await this.stream.fetchChunk()
      if (!chunk || chunk.rowCount === 0) break
      yield chunk
    }
    this.stream = undefined
  }

  /** Runs the stream to its end before the connection goes: closing it in the middle of a scan would wait for the very thread it blocks. */
  async end(): Promise<void> {
    if (this.stream) {
      this.interrupt()
      try {
        while ((await this.stream.fetchChunk())?.rowCount) this.connection.interrupt()
      } catch {
        // the interrupt arrived, or the query failed before: either way nothing runs any more
      }
      this.stream = undefined
    }
    clearInterval(this.repeat)
    this.connection.disconnectSync()
  }
}

/** Places for running statements; who finds none waits for its turn. */
function createPlaces() {
  const waiting: (() => void)[] = []
  let running = 0
  const enter = (): Promise<void> | undefined => {
    if (running < maximumRunning) {
      running++
      return undefined
    }
    return new Promise((resolve) => waiting.push(resolve))
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
  return { enter, leave }
}

/** The `Database` over an opened and hardened instance. */
export function createDatabase({ instance, keeper, callbacks, onClosed }: DatabaseParts): Database {
  const sessions = new Set<Session>()
  const { enter, leave } = createPlaces()
  const active = new Set<Promise<unknown>>()
  let corrupt = false
  let closing: Promise<void> | undefined

  async function work<T>(signal: AbortSignal | undefined, task: (session: Session) => Promise<T>): Promise<T> {
    if (closing) throw closedError()
    if (signal?.aborted) throw cancelled()
    await enter()
    let session: Session | undefined
    const onAbort = (): void => session?.stop(cancelled())
    try {
      if (closing) throw closedError()
      if (signal?.aborted) throw cancelled()
      session = new Session(await instance.connect())
      sessions.add(session)
      signal?.addEventListener('abort', onAbort, { once: true })
      if (closing) session.stop(closedError())
      if (signal?.aborted) onAbort()
      return await task(session)
    } catch (error) {
      const known = session ? session.explain(error, callbacks) : toSqlError(error, callbacks)
      if (known.code === 'STORAGE_CORRUPT') corrupt = true
      throw known
    } finally {
      signal?.removeEventListener('abort', onAbort)
      if (session) {
        await session.end()
        sessions.delete(session)
      }
      leave()
    }
  }

  function call<T>(signal: AbortSignal | undefined, task: (session: Session) => Promise<T>): Promise<T> {
    const promise = work(signal, task)
    const settled = promise.then(
      () => undefined,
      () => undefined
    )
    active.add(settled)
    void settled.then(() => active.delete(settled))
    return promise
  }

  const query: Database['query'] = (sql, parameters = [], { signal, limit } = {}) =>
    call(signal, async (session): Promise<QueryResult> => {
      const statement = await session.one(sql)
      bindParameters(statement, parameters)
      const result = await session.open(statement)
      const columns = columnsOf(result)
      const rows: JsonValue[][] = []
      for await (const chunk of session.chunks()) {
        for (const row of chunk.getRows()) {
          if (limit !== undefined && rows.length >= limit) return { columns, rows, truncated: true }
          rows.push(row.map(toJsonValue))
        }
      }
      return { columns, rows, truncated: false }
    })

  return {
    query,
    all: async <T>(sql: string, parameters?: JsonValue[], options?: { signal?: AbortSignal }) => {
      const { columns, rows } = await query(sql, parameters, options)
      return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])) as T)
    },
    numbers: (sql, { signal } = {}) =>
      call(signal, async (session) => {
        const result = await session.open(await session.one(sql))
        const other = columnsOf(result).find(({ type }) => type !== 'DOUBLE')
        if (other) throw new WorkbenchError('INVALID_INPUT', `"${other.name}" is ${other.type} and not DOUBLE. Convert it in the query.`)
        return collectNumbers(result.columnCount, session.chunks())
      }),
    run: (sql, parameters = [], { signal } = {}) => call(signal, (session) => session.runAll(sql, parameters)),
    describe: (sql) => call(undefined, async (session) => columnsOf(await session.one(sql))),
    exportArrow: (sql, path, { signal, onProgress, dictionaryColumns } = {}) =>
      call(signal, async (session) => {
        const statement = await session.one(sql)
        bindParameters(statement, [])
        const result = await session.open(statement)
        const columns = columnsOf(result)
        const source = { columns: columns.map(({ name }, index) => ({ name, type: result.columnType(index) })), chunks: session.chunks() }
        const written = await writeResultAsArrow(source, path, { onProgress, dictionaryColumns })
        return { ...written, columns }
      }),
    close: () => {
      closing ??= (async () => {
        for (const session of sessions) session.stop(closedError())
        await Promise.all(active)
        try {
          keeper.disconnectSync()
          instance.closeSync()
        } catch (error) {
          throw fromSystemError(error, 'closing the cache database')
        } finally {
          onClosed(corrupt)
        }
      })()
      return closing
    }
  }
}
