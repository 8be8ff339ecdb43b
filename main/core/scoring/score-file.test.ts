import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import { scoreReportSchema } from '../../model/scoring'
import { quoteText } from '../../model/sql-quoting'
import { openDatabase, type Database } from '../../storage/duckdb/database'
import { writeTable } from '../../storage/duckdb/write-table'
import { sha256File } from '../../storage/objects/durable-files'
import { modelSignatureSchema } from '../../model/training'
import { readFrame, selectRows, type Frame } from '../frames'
import { readSignature, scoreTable, trainModel } from '../training'
import { syntheticRows, writeArrow, type SyntheticRows } from '../training/fixtures/synthetic'
import { ModelExplainer } from '../explain'
import { decisionOf, referenceOf, type ScoredModel } from '../scored-models'
import { scoreFile, type ScoreFileOptions } from '.'

const rows = 5000
let folder: string
let db: Database
let model: ScoredModel
let table: string
/** What ONNX Runtime answers to the rows as they lie in memory. */
let expected: Float64Array

const asCsv = (cells: SyntheticRows, change: (line: string[], row: number) => void = () => {}): string => {
  const names = Object.keys(cells) as (keyof SyntheticRows)[]
  const lines = cells.load.map((_, row) => {
    const line = names.map((name) => String(cells[name][row] ?? ''))
    change(line, row)
    return line.join(',')
  })
  return [names.join(','), ...lines, ''].join('\n')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'score-file-'))
  const training = await writeArrow(join(folder, 'training.arrow'), { ...syntheticRows(3000, 5) })
  await trainModel({
    ...{ table: training, target: 'damaged', algorithm: 'gradient-boosting', parameters: { trees: 20 }, seed: 1 },
    outputDirectory: folder
  })
  const path = join(folder, 'model.onnx')
  const signature = await readSignature(path)
  const reference = await referenceOf(signature, training)
  model = { name: 'damage@1', path, sha256: await sha256File(path), signature, decidesFrom: 0.5, reference }
  table = await writeArrow(join(folder, 'rows.arrow'), { ...syntheticRows(rows, 6) })
  expected = (await scoreTable({ model: path, table })).scores
  db = await openDatabase({ readDirectories: [folder] })
})
afterAll(async () => {
  await db?.close()
  await rm(folder, { recursive: true, force: true })
})

const score = (options: Omit<ScoreFileOptions, 'temporary'>) => scoreFile(model, { ...options, temporary: join(folder, 'tmp') })
const at = (name: string): string => join(folder, name)
const evenly = (frame: Frame, most: number): Frame =>
  selectRows(
    frame,
    Uint32Array.from({ length: frame.rows }, (_, row) => row).filter(
      (row) => row === 0 || Math.floor(row / (frame.rows / most)) !== Math.floor((row - 1) / (frame.rows / most))
    )
  )
async function failure(work: Promise<unknown>): Promise<WorkbenchError> {
  const outcome = await work.catch((error: unknown) => error)
  if (!(outcome instanceof WorkbenchError)) throw new Error(`expected a WorkbenchError, got ${String(outcome)}`)
  return outcome
}
const readBack = (path: string, format: string): Promise<{ row: number; score: number; decision: number }[]> =>
  db.all(
    `SELECT row::DOUBLE AS row, score::DOUBLE AS score, decision::DOUBLE AS decision FROM ${format === 'arrow' ? 'read_arrow' : format === 'parquet' ? 'read_parquet' : format === 'csv' ? 'read_csv' : 'read_json'}(${quoteText(path)})`
  )

describe('scoring a file', () => {
  it('answers every row of each kind of file as the model does, in the order of the rows, in each format', async () => {
    await writeFile(at('rows.csv'), asCsv(syntheticRows(rows, 6)))
    const options = { readDirectories: [folder], temporaryDirectory: at('tmp') }
    await writeTable(`SELECT * FROM read_arrow(${quoteText(table)})`, at('rows.parquet'), 'parquet', options)
    await writeTable(`SELECT * FROM read_arrow(${quoteText(table)})`, at('rows.jsonl'), 'jsonl', options)
    for (const [file, format] of [
      ['rows.csv', 'parquet'],
      ['rows.parquet', 'csv'],
      ['rows.jsonl', 'arrow'],
      ['rows.arrow', 'jsonl']
    ] as const) {
      const out = at(`scores-of-${file}.${format}`)
      const scored = await score({ file: at(file), out })
      expect(scored.report.rows).toBe(rows)
      expect(scored.sha256).toBe(await sha256File(out))
      const found = await readBack(out, format)
      expect(found.map(({ row }) => row)).toEqual(Array.from({ length: rows }, (_, row) => row + 1))
      expect(found.map((each) => each.score)).toEqual([...expected])
      expect(found.map(({ decision }) => decision)).toEqual([...expected].map((probability) => (probability >= 0.5 ? 1 : 0)))
      expect(scored.report.ignored.sort()).toEqual(['damaged'])
      expect(scored.head.rows).toHaveLength(20)
      expect(Number(scored.head.rows[2]![1])).toBe(expected[2])
    }
    expect(readdirSync(at('tmp'))).toEqual([])
  })

  it('keeps columns of the file beside the scores, to the last digit', async () => {
    const cells = syntheticRows(300, 8)
    const ids = cells.load.map((_, row) => `900719925474${row + 1000}993`)
    const lines = asCsv(cells).trimEnd().split('\n')
    await writeFile(at('ids.csv'), [`id,${lines[0]}`, ...lines.slice(1).map((line, row) => `${ids[row]},${line}`), ''].join('\n'))
    const scored = await score({ file: at('ids.csv'), out: at('ids-scores.csv'), keep: ['id', 'phase'] })
    expect(scored.head.columns).toEqual(['id', 'phase', 'row', 'score', 'decision'])
    const written = (await readFile(at('ids-scores.csv'), 'utf8')).trimEnd().split('\n')
    expect(written.slice(1).map((line) => line.split(',')[0])).toEqual(ids)
    expect(await failure(score({ file: at('ids.csv'), out: at('x.csv'), keep: ['idd'] }))).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('"idd". Did you mean "id"?')
    })
  })

  it('names what training did not know by column and row, and how far the file is from training', async () => {
    const cells = syntheticRows(900, 9)
    await writeFile(
      at('odd.csv'),
      asCsv(cells, (line, row) => {
        if (row === 3) line[0] = '-5'
        if (row === 4 || row === 700) line[0] = '11000'
        if (row === 6) line[3] = 'hover'
        if (row === 8) line[2] = ''
        line[4] = String(Number(line[4]) * 0.3)
      })
    )
    const { report, reportPath } = await score({ file: at('odd.csv'), out: at('odd-scores.csv'), report: at('odd.json') })
    const of = (name: string) => report.columns.find(({ column }) => column === name)!
    expect(of('load')).toMatchObject({ below: { rows: 1, first: [4] }, above: { rows: 2, first: [5, 701] }, missing: { rows: 0 } })
    expect(of('phase').unseen).toEqual({ rows: 1, first: [7], texts: ['hover'] })
    expect(of('count').missing).toEqual({ rows: 1, first: [9] })
    expect(of('age')).toMatchObject({ missing: { rows: 0 }, empty: cells.age.filter((age) => age === null).length })
    const own = report.findings.filter(({ column }) => !['noise', 'age'].includes(column))
    expect(own.map(({ row, line, column, reason, value }) => [row, line, column, reason, value])).toEqual([
      [4, 5, 'load', 'below', '-5'],
      [5, 6, 'load', 'above', '11000'],
      [7, 8, 'phase', 'unseen', 'hover'],
      [9, 10, 'count', 'missing', null],
      [701, 702, 'load', 'above', '11000']
    ])
    expect(report.findingsInAll).toBe(report.findings.length)
    if (!report.shift.told) throw new Error(report.shift.why)
    expect(report.shift.columns[0]).toMatchObject({ column: 'noise', verdict: 'large' })
    expect(report.shift.columns.filter(({ verdict }) => verdict !== 'stable')).toHaveLength(1)
    expect(scoreReportSchema.parse(JSON.parse(await readFile(reportPath!, 'utf8')))).toEqual(report)
    await score({ file: at('odd.csv'), out: at('odd-scores.csv'), report: at('odd-rows.csv') })
    expect((await readFile(at('odd-rows.csv'), 'utf8')).split('\r\n')[1]).toBe('4,5,load,below the smallest value of training,-5')
    const error = await failure(score({ file: at('odd.csv'), out: at('strict.csv'), strict: true }))
    expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('row 4 (line 5): "load"') })
    expect(readdirSync(folder)).not.toContain('strict.csv')
  })

  it('refuses text where numbers were trained, with the rows and their texts, also where a file has types of its own', async () => {
    const cells = syntheticRows(600, 10)
    await writeFile(
      at('text.csv'),
      asCsv(cells, (line, row) => {
        if (row === 2) line[0] = 'ninety'
        if (row === 5) line[0] = 'about 7'
      })
    )
    const error = await failure(score({ file: at('text.csv'), out: at('no.csv') }))
    expect(error.code).toBe('INVALID_INPUT')
    expect(error.message).toContain('The model learned "load" as numbers')
    expect(error.message).toContain('row 3 (line 4): "ninety", row 6 (line 7): "about 7"')
    const typed = await writeArrow(at('typed.arrow'), { ...cells, load: cells.load.map((load) => `${load} kg`) })
    const own = await failure(score({ file: typed, out: at('no.csv') }))
    expect(own.message).toContain(`row 1: "${cells.load[0]} kg"`)
    const numbers = await writeArrow(at('numbers.arrow'), { ...cells, phase: cells.load })
    expect((await failure(score({ file: numbers, out: at('no.csv') }))).message).toContain('The model learned "phase" as text')
    expect(readdirSync(folder)).not.toContain('no.csv')
  })

  it('says which columns are missing, all of them, with what was perhaps meant', async () => {
    await writeFile(at('lacking.csv'), asCsv(syntheticRows(50, 1)).replace('load,age,count,phase', 'loads,age,n,Phase'))
    const error = await failure(score({ file: at('lacking.csv'), out: at('no.csv') }))
    expect(error.message).toContain('"load". Did you mean "loads"?')
    expect(error.message).toContain('"phase". Did you mean "Phase"?')
    expect(error.details).toMatchObject({ missing: ['load', 'count', 'phase'] })
    await writeFile(at('renamed.csv'), asCsv(syntheticRows(50, 1)).replace('load,', 'loads,'))
    const choices = { columns: [{ source: 'loads', name: 'load' }] }
    expect((await score({ file: at('renamed.csv'), out: at('renamed-scores.csv'), choices })).report.rows).toBe(50)
  })

  it('leaves nothing when it is cancelled, and the older file as it was', async () => {
    await writeFile(at('kept.csv'), 'before')
    const controller = new AbortController()
    const work = score({
      file: table,
      out: at('kept.csv'),
      signal: controller.signal,
      onProgress: ({ message }) => message.startsWith('Scoring') && controller.abort()
    })
    expect((await failure(work)).code).toBe('CANCELLED')
    expect(await readFile(at('kept.csv'), 'utf8')).toBe('before')
    expect(readdirSync(at('tmp'))).toEqual([])
    expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([])
  })

  it('refuses places that are none', async () => {
    const to = (out: string, report?: string) => failure(score({ file: table, out, report }))
    expect((await to(at('scores.xlsx'))).message).toContain('.csv, .parquet, .arrow, .jsonl')
    expect((await to(table)).message).toContain('is the file that is scored')
    expect((await to(at('nowhere/scores.csv'))).code).toBe('NOT_FOUND')
    expect((await to(at('s.csv'), at('report.txt'))).message).toContain('.json or .csv')
    expect((await to(at('one.csv'), at('one.csv'))).message).toContain('cannot both be written to "one.csv"')
    await mkdir(at('reports.json'))
    expect((await to(at('one.csv'), at('reports.json'))).message).toContain('is a folder')
    expect(readdirSync(folder)).not.toContain('one.csv')
    expect((await readFrame(table)).rows).toBe(rows)
  })

  it('scores a table without rows', async () => {
    const columns = { ...syntheticRows(0, 1) }
    const types = { load: 'number', age: 'number', count: 'number', phase: 'text', noise: 'number', damaged: 'boolean' } as const
    const none = await writeArrow(at('none.arrow'), columns, types)
    const { report } = await score({ file: none, out: at('none.csv') })
    expect([report.rows, report.scores.mean, report.shift.told]).toEqual([0, null, false])
    expect(await readFile(at('none.csv'), 'utf8')).toContain('row,score,decision')
  })

  it('names the largest contributions to each answer, as the explainer has them', async () => {
    const training = at('training.arrow')
    const own = { ...model, training }
    const options = { file: table, out: at('why.arrow'), explain: 2, temporary: at('tmp') }
    const { report } = await scoreFile(own, options)
    expect(report.scores.columns).toEqual(['row', 'score', 'decision', 'reason_1', 'contribution_1', 'reason_2', 'contribution_2'])
    expect(report.reasons).toEqual({ count: 2, method: 'interventional', space: 'log-odds', usual: 'training rows' })
    type Line = { reason_1: string; contribution_1: number; reason_2: string | null; contribution_2: number; score: number }
    const found = await db.all<Line>(`SELECT * EXCLUDE (row, decision) FROM read_arrow(${quoteText(at('why.arrow'))})`)
    expect(found.map(({ score }) => score)).toEqual([...expected])
    const some = await readFrame(table)
    const background = await readFrame(training)
    const explainer = await ModelExplainer.open({ model: model.path, signature: model.signature, background: evenly(background, 500) })
    const { contributions } = await explainer.explain(some)
    const { features } = explainer
    await explainer.close()
    for (const row of [0, 1, 17, 2500, rows - 1]) {
      const ranked = features
        .map((name, at) => ({ name, amount: contributions[row * features.length + at]! }))
        .sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount))
      expect([found[row]!.reason_1, found[row]!.reason_2]).toEqual([ranked[0]!.name, ranked[1]!.name])
      expect(found[row]!.contribution_1).toBeCloseTo(ranked[0]!.amount, 12)
      expect(found[row]!.contribution_2).toBeCloseTo(ranked[1]!.amount, 12)
    }
  }, 60_000)

  it('decides as its signature does, with the set that holds the outcome', async () => {
    const chosen = { rows: 500, table: 'a'.repeat(64) }
    const signature = modelSignatureSchema.parse({
      ...model.signature,
      decision: { threshold: 0.3, rule: { by: 'given' }, ...chosen },
      intervals: { method: 'split-conformal', score: 'lac', coverage: 0.9, quantile: 0.7, ...chosen }
    })
    const { report } = await scoreFile(
      { ...model, signature, decidesFrom: decisionOf(signature, 0.5) },
      { file: table, out: at('sets.csv'), temporary: at('tmp') }
    )
    expect(report.scores.decidesFrom).toBe(0.3)
    const lines = (await readFile(at('sets.csv'), 'utf8')).trimEnd().split('\n')
    expect(lines[0]).toBe('row,score,decision,set')
    for (const line of lines.slice(1)) {
      const [, score, decides, set] = line.split(',')
      const probability = Number(score)
      expect(decides).toBe(probability >= 0.3 ? '1' : '0')
      // A class is in the set where its probability is at least 1 - 0.7.
      const likely = [['not true', 1 - probability] as const, ['true', probability] as const].filter(([, p]) => 1 - p <= 0.7)
      expect(set).toBe(
        likely
          .sort((a, b) => b[1] - a[1])
          .map(([name]) => name)
          .join('|')
      )
    }
  })
})
