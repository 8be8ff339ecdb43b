import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as arrow from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programFile } from '../../testing/programs'
import { openDatabase } from '../duckdb/database'
import { arrowColumns, inspectArrowFile } from './inspect'
import { normaliseArrow } from './normalise'

let folder: string
const files: string[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arrow-fuzz-'))
  const database = await openDatabase({ readDirectories: [folder] })
  const exports = [
    `SELECT r::INTEGER AS i, CASE WHEN r % 5 = 0 THEN NULL ELSE 'a text of some length ' || r END AS t, 'k' || r % 3 AS k, r % 2 = 0 AS b,
       r::DECIMAL(20,2) AS d, DATE '2020-01-01' + r::INTEGER AS day FROM range(300) x(r)`,
    `SELECT [r, NULL, r] AS l, {'a': r, 'b': 'x' || r} AS s, r::DOUBLE AS f, TIME '01:02:03' AS h, ['e'::ENUM('e', 'f')] AS e, [r, r]::BIGINT[2] AS p,
       TIMESTAMPTZ '2020-01-01 00:00:00+00' AS z, 'blob'::BLOB AS raw FROM range(40) x(r)`
  ]
  for (const [index, sql] of exports.entries()) {
    const path = join(folder, `${index}.arrow`)
    await database.exportArrow(sql, path, index === 0 ? { dictionaryColumns: ['k'] } : {})
    files.push(path)
  }
  await database.close()
  const foreign = arrow.tableToIPC(
    new arrow.Table({
      half: arrow.vectorFromArray([1.5, null, 2], new arrow.Float16()),
      coded: arrow.vectorFromArray(['x', null, 'a longer dictionary text'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8())),
      large: arrow.vectorFromArray(['a', null, 'longer than twelve bytes'], new arrow.LargeUtf8())
    }),
    'file'
  )
  const path = join(folder, 'foreign.arrow')
  writeFileSync(path, foreign)
  files.push(path)
  // lengths of time, list views, runs, and what can only be left out
  const columns = join(import.meta.dirname, '../../core/datasets/fixtures/foreign/columns.arrow')
  const readable = join(folder, 'readable.arrow')
  const leaveOut = new Set(arrowColumns(columns).flatMap(({ refusal }, index) => (refusal ? [index] : [])))
  await normaliseArrow(columns, readable, { leaveOut })
  files.push(columns, readable)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('damaged files', () => {
  it('give values or a WorkbenchError, never a crash', async () => {
    for (const path of files) expect((await inspectArrowFile(path)).rows).toBeGreaterThan(0)
    // The same damage on every machine, however busy; other seeds and more mutants are for hunting.
    const seed = Number(process.env['FUZZ_SEED'] ?? 20_261) || 1
    const mutants = Number(process.env['FUZZ_MUTANTS'] ?? 400)
    const child = spawn(process.execPath, [programFile('mutant-runner'), String(seed), String(mutants), ...files], {
      stdio: ['ignore', 'pipe', 'pipe']
    })
    let printed = ''
    let log = ''
    child.stdout.on('data', (part: Buffer) => (printed += part.toString()))
    child.stderr.on('data', (part: Buffer) => (log = (log + part.toString()).slice(-2000)))
    // What hangs is killed before the test itself runs out of time, so that seed and log are shown.
    const timer = setTimeout(() => child.kill('SIGKILL'), 200_000 + mutants * 20)
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => child.once('close', (...end) => resolve(end)))
    clearTimeout(timer)
    expect({ seed, code, signal, log: code === 0 ? '' : log }).toEqual({ seed, code: 0, signal: null, log: '' })
    const counts = JSON.parse(printed) as { mutants: number; values: number; errors: number; foreign: string[] }
    expect({ seed, foreign: counts.foreign }).toEqual({ seed, foreign: [] })
    expect(counts.mutants).toBe(mutants)
    expect(counts.values).toBeGreaterThan(0)
    expect(counts.errors).toBeGreaterThan(0)
  })
})
