import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from './database'

let root: string
let data: string
let database: Database
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'duckdb-'))
  data = join(root, 'data')
  mkdirSync(data)
  database = await openDatabase({ readDirectories: [data], threads: 2, temporaryDirectory: join(root, 'tmp') })
})
afterAll(async () => {
  await database.close()
  rmSync(root, { recursive: true, force: true })
})

describe('values', () => {
  it('are plain JSON', async () => {
    const { columns, rows } = await database.query(
      `SELECT 9007199254740991::BIGINT AS safe, 9007199254740993::BIGINT AS wide, 12.50::DECIMAL(5,2) AS price, 'NaN'::DOUBLE AS nan,
        '-inf'::FLOAT AS down, TIMESTAMP '2024-02-29 12:00:00' AS at, TIMESTAMPTZ '2024-02-29 12:00:00.123456+02' AS zoned, '\\xAB\\x01'::BLOB AS raw,
        [1, NULL] AS list, {'a': 1, 'b': [DATE '2024-01-01']} AS part, MAP {'k': 1} AS pairs, TIME '01:02:03' AS clock, NULL AS nothing, TIMESTAMP_NS '2024-01-01 00:00:00.000000001' AS nano,
        TIMESTAMP 'infinity' AS never, TIMESTAMP '1969-12-31 23:59:59.999999' AS before`
    )
    expect(rows).toEqual([
      [
        9007199254740991,
        '9007199254740993',
        12.5,
        'NaN',
        '-Infinity',
        '2024-02-29T12:00:00.000Z',
        '2024-02-29T10:00:00.123456Z',
        'ab01',
        [1, null],
        { a: 1, b: ['2024-01-01'] },
        [{ key: 'k', value: 1 }],
        '01:02:03',
        null,
        '2024-01-01T00:00:00.000000001Z',
        'infinity',
        '1969-12-31T23:59:59.999999Z'
      ]
    ])
    expect(columns.slice(0, 4)).toEqual([
      { name: 'safe', type: 'BIGINT' },
      { name: 'wide', type: 'BIGINT' },
      { name: 'price', type: 'DECIMAL(5,2)' },
      { name: 'nan', type: 'DOUBLE' }
    ])
  })

  it('are exact: what no number can hold comes as its digits, within lists and structures too', async () => {
    const { rows } = await database.query(
      `SELECT 9007199254740993.75::DECIMAL(18,2) AS a, -9007199254740993.75::DECIMAL(20,2) AS b, {'m': [1234567890123456.78::DECIMAL(18,2), 0.10]} AS c,
        99999999999999999999999999999999999999::DECIMAL(38,0) AS d, 0.00000000000000000001::DECIMAL(38,20) AS e, 9007199254740.991::DECIMAL(18,3) AS f,
        170141183460469231731687303715884105727::HUGEINT AS g, 18446744073709551615::UBIGINT AS h, -12.50::DECIMAL(18,2) AS i, 100::DECIMAL(5,0) AS j,
        sum(x) AS k FROM (VALUES (9007199254740993.25::DECIMAL(18,2)), (0.5)) t(x)`
    )
    expect(rows).toEqual([
      [
        '9007199254740993.75',
        '-9007199254740993.75',
        { m: ['1234567890123456.78', 0.1] },
        '99999999999999999999999999999999999999',
        1e-20,
        '9007199254740.991',
        '170141183460469231731687303715884105727',
        '18446744073709551615',
        -12.5,
        100,
        '9007199254740993.75'
      ]
    ])
  })

  it('come in as parameters of their kind', async () => {
    const sql = 'SELECT typeof($1) a, typeof($2) b, typeof($3) c, $4 IS NULL d, list_sum($5) e, $6 f, $7 g'
    expect(await database.all(sql, [1, 2 ** 40, 0.5, null, [1, 2], 'x', { k: [1] }])).toEqual([
      { a: 'INTEGER', b: 'BIGINT', c: 'DOUBLE', d: true, e: 3, f: 'x', g: '{"k":[1]}' }
    ])
    await expect(database.query('SELECT $1', [])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('are cut at the limit, and say so', async () => {
    expect(await database.query('SELECT * FROM range(1000000000)', [], { limit: 2 })).toMatchObject({ rows: [[0], [1]], truncated: true })
    expect(await database.query('SELECT * FROM range(2)', [], { limit: 2 })).toMatchObject({ truncated: false })
  })

  it('come as columns of numbers, over several chunks, with NaN for what is missing', async () => {
    const [halves, some] = await database.numbers(
      'SELECT r / 2.0::DOUBLE, CASE WHEN r % 3 = 0 THEN NULL ELSE r END::DOUBLE FROM range(10000) t(r) ORDER BY r'
    )
    expect([halves!.length, halves![9_999], halves!.reduce((a, b) => a + b, 0)]).toEqual([10_000, 4_999.5, 24_997_500])
    expect(some!.every((value, row) => (row % 3 === 0 ? Number.isNaN(value) : value === row))).toBe(true)
    await expect(database.numbers('SELECT 1::INTEGER AS a')).rejects.toThrow(/"a" is INTEGER and not DOUBLE/)
    expect((await database.numbers('SELECT 1::DOUBLE AS a WHERE false'))[0]).toHaveLength(0)
  })
  it('keep columns of the same name apart', async () => {
    expect(await database.all('SELECT 1 AS a, 2 AS a')).toEqual([{ a: 1, a_1: 2 }])
  })
})

describe('statements', () => {
  it('report the position of a mistake', async () => {
    await expect(database.query('SELECT 1,\n  nosuch FROM range(3)')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { line: 2, column: 3 },
      message: expect.stringMatching(/"nosuch" not found.*line 2, column 3/)
    })
  })

  it('describe without running', async () => {
    expect(await database.describe("SELECT 1::TINYINT AS a, error('ran')::DATE AS b")).toEqual([
      { name: 'a', type: 'TINYINT' },
      { name: 'b', type: 'DATE' }
    ])
  })

  it('run several at once and in one script, and share tables', async () => {
    await database.run('CREATE TABLE shared AS SELECT 1 AS v; INSERT INTO shared VALUES ($1)', [2])
    const sums = await Promise.all(Array.from({ length: 12 }, () => database.all('SELECT sum(v)::INTEGER AS s FROM shared')))
    expect(sums).toEqual(Array.from({ length: 12 }, () => [{ s: 3 }]))
    await expect(database.run('BEGIN; DELETE FROM shared; SELECT nosuch')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await database.all('SELECT count(*) AS n FROM shared')).toEqual([{ n: 2 }])
  })

  it('stop when told to', async () => {
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 50)
    // Left alone it would count for hours: that it comes back at all is the proof.
    await expect(
      database.query('SELECT count(*) FROM range(100000000) a, range(100000) b', [], { signal: abort.signal })
    ).rejects.toMatchObject({
      code: 'CANCELLED'
    })
    await expect(database.query('SELECT 1', [], { signal: abort.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('what SQL can reach', () => {
  beforeAll(async () => {
    writeFileSync(join(data, 'inside.csv'), 'a,b\n1,2\n')
    symlinkSync('/etc/passwd', join(data, 'link.csv'))
    const other = await openDatabase({ readDirectories: [] })
    await other.exportArrow('SELECT 42 AS v', join(root, 'outside.arrow'))
    await other.close()
    symlinkSync(join(root, 'outside.arrow'), join(data, 'link.arrow'))
  })

  it('is the allowed folder', async () => {
    expect(await database.all('SELECT * FROM read_csv($1)', [join(data, 'inside.csv')])).toEqual([{ a: 1, b: 2 }])
  })

  it('includes single files that were named', async () => {
    const one = await openDatabase({ readDirectories: [], readFiles: [join(root, 'outside.arrow')] })
    expect(await one.all('SELECT * FROM read_arrow($1)', [join(root, 'outside.arrow')])).toEqual([{ v: 42 }])
    await expect(one.all('SELECT * FROM read_csv($1)', [join(data, 'inside.csv')])).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await one.close()
  })

  const attempts: [string, (root: string) => string][] = [
    ['a file elsewhere', () => "SELECT * FROM read_csv('/etc/passwd', delim = ':', header = false)"],
    ['a file elsewhere as text', () => "SELECT * FROM read_text('/etc/passwd')"],
    ['a file elsewhere by dots', (at) => `SELECT * FROM read_text('${at}/data/../../../../../../etc/passwd')`],
    ['a symbolic link out', (at) => `SELECT * FROM read_text('${at}/data/link.csv')`],
    ['a listing elsewhere', () => "SELECT * FROM glob('/etc/*')"],
    ['an Arrow file elsewhere', (at) => `SELECT * FROM read_arrow('${at}/outside.arrow')`],
    ['an Arrow file by dots', (at) => `SELECT * FROM read_arrow('${at}/data/../outside.arrow')`],
    ['an Arrow file by a symbolic link', (at) => `SELECT * FROM read_arrow('${at}/data/link.arrow')`],
    ['the network', () => "SELECT * FROM read_csv('https://example.invalid/a.csv')"],
    ['another database', (at) => `ATTACH '${at}/data/other.db'`],
    ['a copy elsewhere', (at) => `COPY (SELECT 1) TO '${at}/copy.csv'`],
    ['an export', (at) => `EXPORT DATABASE '${at}/data/all'`],
    ['an extension', () => 'INSTALL httpfs'],
    ['loading an extension', () => "LOAD '/tmp/extension.duckdb_extension'"],
    ['a setting', () => "SET memory_limit = '1TB'"],
    ['external access', () => 'SET enable_external_access = true'],
    ['the allowed folders', () => "SET allowed_directories = ['/']"],
    ['resetting the lock', () => 'RESET lock_configuration'],
    ['a pragma', () => 'PRAGMA threads = 7'],
    ['a secret', () => "CREATE PERSISTENT SECRET s (TYPE S3, KEY_ID 'a', SECRET 'b')"]
  ]
  it.each(attempts)('is not %s', async (_name, sql) => {
    for (const go of [database.query(sql(root)), database.run(sql(root))])
      await expect(go).rejects.toMatchObject({ code: expect.stringMatching(/^(FORBIDDEN|INVALID_INPUT)$/) })
    expect(readdirSync(root).sort()).toEqual(expect.not.arrayContaining(['copy.csv']))
  })

  it('is not what logging or SQL in text would open', async () => {
    for (const sql of [
      `CALL enable_logging(storage = 'file', storage_path = '${root}/log')`,
      "FROM query('SELECT 1')",
      "SELECT * FROM json_execute_serialized_sql('')",
      "EXPLAIN ANALYZE COPY (SELECT 1) TO 'x.csv'",
      'PREPARE p AS SELECT 1'
    ])
      await expect(database.query(sql)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(existsSync(join(root, 'log'))).toBe(false)
  })
})

describe('the database file', () => {
  const options = (file: string): { file: string; readDirectories: string[] } => ({ file, readDirectories: [data] })

  it('keeps its tables, and is open once only', async () => {
    const file = join(root, 'kept', 'cache.duckdb')
    const first = await openDatabase(options(file))
    await first.run('CREATE TABLE kept AS SELECT 7 AS v')
    await expect(openDatabase(options(file))).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    await first.close()
    await first.close()
    await expect(first.query('SELECT 1')).rejects.toMatchObject({ code: 'CANCELLED' })
    const second = await openDatabase(options(file))
    expect(await second.all('SELECT v FROM kept')).toEqual([{ v: 7 }])
    await second.close()
  })

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['no database', () => Buffer.from('this is no database at all, but it is long enough to be looked at')],
    ['empty of sense', () => Buffer.alloc(20_000, 0xff)],
    ['cut short', (bytes) => bytes.subarray(0, 6000)],
    [
      'of another version',
      (bytes) => {
        const other = Buffer.from(bytes)
        other.writeBigUInt64LE(9999n, 12)
        return other
      }
    ]
  ])('is made anew when it is %s', async (name, change) => {
    const file = join(root, `${name.replaceAll(' ', '-')}.duckdb`)
    const first = await openDatabase(options(file))
    await first.run('CREATE TABLE kept AS SELECT r FROM range(100000) t(r)')
    await first.close()
    writeFileSync(file, change(readFileSync(file)))
    const second = await openDatabase(options(file))
    expect(await second.all("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'kept'")).toEqual([{ n: 0 }])
    await second.run('CREATE TABLE kept AS SELECT 1 AS v')
    await second.close()
  })

  it('with damaged pages is thrown away at the next close', async () => {
    const file = join(root, 'pages.duckdb')
    const first = await openDatabase(options(file))
    await first.run('CREATE TABLE kept AS SELECT hash(r) AS h FROM range(500000) t(r)')
    await first.close()
    const bytes = readFileSync(file)
    for (let at = 300_000; at < bytes.length; at += 262_144) bytes.fill(0x5a, at, at + 2000)
    writeFileSync(file, bytes)
    const second = await openDatabase(options(file))
    const outcome = await second.query('SELECT sum(h) FROM kept').then(
      () => 'fine',
      (error: { code: string }) => error.code
    )
    // the damage may hit the catalog, then the file was made anew at once and the table is missing
    expect(['STORAGE_CORRUPT', 'INVALID_INPUT']).toContain(outcome)
    await second.close()
    const third = await openDatabase(options(file))
    expect(await third.all("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'kept'")).toEqual([{ n: 0 }])
    await third.close()
  })

  it('says so when its place is a folder', async () => {
    await expect(openDatabase(options(data))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('is refused while another process has it', async () => {
    const file = join(root, 'held.duckdb')
    const script = `require('@duckdb/node-api').DuckDBInstance.create(${JSON.stringify(file)}).then(() => { console.log('held'); setInterval(() => {}, 1000) })`
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    await expect(openDatabase(options(file))).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    holder.kill('SIGKILL')
    await new Promise((resolve) => holder.once('close', resolve))
    await (await openDatabase(options(file))).close()
  })
})

describe('scans', () => {
  it('leave no descriptor behind and see a file that was replaced', async () => {
    const path = (index: number): string => join(data, `scan-${index % 40}.arrow`)
    for (let index = 0; index < 40; index++) await database.exportArrow(`SELECT ${index} AS v, r FROM range(5000) t(r)`, path(index))
    const descriptors = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)
    const before = descriptors()
    for (let index = 0; index < 300; index++)
      expect(await database.all('SELECT v FROM read_arrow($1) LIMIT 1', [path(index)])).toEqual([{ v: index % 40 }])
    expect(descriptors() - before).toBeLessThanOrEqual(20)
    await database.exportArrow("SELECT 'new' AS v", path(0))
    expect(await database.all('SELECT v FROM read_arrow($1)', [path(0)])).toEqual([{ v: 'new' }])
  })

  it('end at close, in the middle of their work', async () => {
    const own = await openDatabase({ readDirectories: [data], threads: 2 })
    const long = `SELECT count(*) FROM read_arrow('${data}/scan-1.arrow') a, read_arrow('${data}/scan-2.arrow') b, range(100000) c, range(1000)`
    const running = Promise.allSettled([
      own.query(long),
      own.query(long),
      own.query(long),
      own.query(long),
      own.exportArrow(long, join(root, 'never.arrow'))
    ])
    await new Promise((resolve) => setTimeout(resolve, 100))
    // Left alone they would read for hours: that it comes back at all is the proof.
    await own.close()
    expect((await running).map((outcome) => outcome.status === 'rejected' && (outcome.reason as { code: string }).code)).toEqual(
      Array(5).fill('CANCELLED')
    )
  })

  it('do not keep the process from ending', () => {
    const script = `
      import { openDatabase } from ${JSON.stringify(join(process.cwd(), 'main/storage/duckdb/database.ts'))}
      const database = await openDatabase({ readDirectories: [${JSON.stringify(data)}] })
      await database.query("SELECT * FROM read_arrow('${data}/scan-1.arrow')", [], { limit: 1 })
      await database.close()
      console.log('ended')`
    const file = join(root, 'ends.mts')
    writeFileSync(file, script)
    expect(execFileSync(process.execPath, ['--import', 'tsx', file], { encoding: 'utf8', timeout: 50_000 })).toBe('ended\n')
  })
})
