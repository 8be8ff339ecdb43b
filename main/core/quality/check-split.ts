import { dirname } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { QualityFinding, SplitReport } from '../../model/quality'
import { openDatabase, type Database } from '../../storage/duckdb/database'
import { quoteName, quoteText } from '../../model/sql-quoting'
import { countOf, createFinding, percent } from './finding'

export interface SplitOptions {
  /** Columns that together name a row; without it whole rows are compared. */
  key?: string[]
  /** Entities that must not be on both sides. */
  group?: string
  /** When set, every test row must lie at or after the last training row. */
  time?: string
  signal?: AbortSignal
  temporaryDirectory?: string
}

/** Whether the test table is independent of the training table: same rows, same entities, later times. Paths of Arrow files. */
export async function checkSplit(trainPath: string, testPath: string, options: SplitOptions = {}): Promise<SplitReport> {
  const db = await openDatabase({
    readDirectories: [dirname(trainPath), dirname(testPath)],
    temporaryDirectory: options.temporaryDirectory
  })
  try {
    const run = { signal: options.signal }
    await db.run(
      `CREATE TABLE train AS SELECT * FROM read_arrow(${quoteText(trainPath)}); CREATE TABLE test AS SELECT * FROM read_arrow(${quoteText(testPath)})`,
      [],
      run
    )
    const trainColumns = await db.describe('SELECT * FROM train')
    const testColumns = new Set((await db.describe('SELECT * FROM test')).map((c) => c.name))
    const shared = trainColumns.map((c) => c.name).filter((n) => testColumns.has(n))
    for (const name of [...(options.key ?? []), options.group, options.time])
      if (name !== undefined && !shared.includes(name))
        throw new WorkbenchError('INVALID_INPUT', `"${name}" is not a column of both parts. Choose a column that train and test share.`, {
          details: { column: name }
        })
    const one = async (sql: string): Promise<number[]> => (await db.query(sql, [], run)).rows[0].map(Number)
    const [trainRows] = await one('SELECT count(*)::DOUBLE FROM train')
    const [testRows] = await one('SELECT count(*)::DOUBLE FROM test')
    const findings = [
      ...(await overlap(db, one, options.key ?? shared, options.key !== undefined, testRows)),
      ...(options.group === undefined ? [] : await groupLeak(db, one, options.group, testRows)),
      ...(options.time === undefined ? [] : await timeLeak(db, one, options.time, testRows))
    ]
    return { trainRows, testRows, findings }
  } finally {
    await db.close()
  }
}

type One = (sql: string) => Promise<number[]>

async function overlap(db: Database, one: One, columns: string[], isKey: boolean, testRows: number): Promise<QualityFinding[]> {
  if (columns.length === 0) return []
  const same = `md5(row(${columns.map(quoteName).join(', ')})::VARCHAR)`
  const condition = `${same} IN (SELECT ${same} FROM train)`
  const [count] = await one(`SELECT count(*)::DOUBLE FROM test WHERE ${condition}`)
  if (count === 0) return []
  const examples = await db.query(
    `SELECT rowid::DOUBLE + 1, row(${columns.slice(0, 6).map(quoteName).join(', ')})::VARCHAR FROM test WHERE ${condition} ORDER BY rowid LIMIT 10`
  )
  return [
    createFinding({
      kind: 'split-overlap',
      severity: 'error',
      columns: isKey ? columns : [],
      title: `${countOf(count, 'test row')} also in training`,
      what: `${percent(count / testRows)} of the test rows have ${isKey ? 'a key that training has too' : 'an equal row in training'}.`,
      meaning: 'The model has seen these answers; the measured quality is too good.',
      next: 'Drop repeated rows before the split, or split by the entity they belong to.',
      count,
      of: testRows,
      examples: examples.rows.map(([row, value]) => ({ row: Number(row), value: String(value) }))
    })
  ]
}

async function groupLeak(db: Database, one: One, group: string, testRows: number): Promise<QualityFinding[]> {
  const g = quoteName(group)
  const condition = `${g} IN (SELECT ${g} FROM train WHERE ${g} IS NOT NULL)`
  const [rows, groups, all] = await one(
    `SELECT (count(*) FILTER (WHERE ${condition}))::DOUBLE, (count(DISTINCT ${g}) FILTER (WHERE ${condition}))::DOUBLE, count(DISTINCT ${g})::DOUBLE FROM test`
  )
  if (rows === 0) return []
  const examples = await db.query(
    `SELECT ${g}::VARCHAR, count(*)::DOUBLE AS n FROM test WHERE ${condition} GROUP BY 1 ORDER BY n DESC, 1 LIMIT 10`
  )
  return [
    createFinding({
      kind: 'split-group-leakage',
      severity: 'error',
      columns: [group],
      title: `${countOf(groups, 'group')} of "${group}" on both sides of the split`,
      what: `${groups} of the ${all} groups in the test part also occur in training, with ${countOf(rows, 'test row')}.`,
      meaning: 'The model can recognise the entity and not the pattern; on new entities it will do worse than measured.',
      next: `Split by the group "${group}".`,
      count: rows,
      of: testRows,
      examples: examples.rows.map(([value, n]) => ({ row: null, value: `${String(value)} (${Number(n)}x)` }))
    })
  ]
}

async function timeLeak(db: Database, one: One, time: string, testRows: number): Promise<QualityFinding[]> {
  const t = quoteName(time)
  const condition = `${t} < (SELECT max(${t}) FROM train)`
  const [count] = await one(`SELECT count(*)::DOUBLE FROM test WHERE ${condition}`)
  if (count === 0) return []
  const examples = await db.query(`SELECT rowid::DOUBLE + 1, ${t}::VARCHAR FROM test WHERE ${condition} ORDER BY rowid LIMIT 10`)
  const limits = await db.query(`SELECT (SELECT max(${t})::VARCHAR FROM train), (SELECT min(${t})::VARCHAR FROM test)`)
  return [
    createFinding({
      kind: 'split-time-leakage',
      severity: 'error',
      columns: [time],
      title: `Training knows the future of ${countOf(count, 'test row')}`,
      what: `Training reaches to ${String(limits.rows[0][0])}, but the test part begins at ${String(limits.rows[0][1])}.`,
      meaning: 'What happened later tells about what happened before; in use the later rows do not exist yet.',
      next: `Split by time on "${time}".`,
      count,
      of: testRows,
      examples: examples.rows.map(([row, value]) => ({ row: Number(row), value: String(value) }))
    })
  ]
}
