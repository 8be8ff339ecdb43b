import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from '../datasets/workspace.fixture'
import { readFrame } from '../frames'
import { createBaselines } from '../pipelines/baseline'
import { binaryTask } from '../tasks'
import { createQuality, type QualityWriter } from '.'
import { withAnalysisTable } from './analysis-table'
import { deriveTarget, targetSummary } from './target'

let w: TestWorkspace
let quality: QualityWriter
beforeAll(async () => {
  w = await openTestWorkspace()
  quality = createQuality(w.context, w.datasets)
  const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 3 === 0 ? 'yes' : 'no'},${i % 4 === 0 ? '1.0' : '0.0'},only`)
  await w.datasets.importFile(w.source('t.csv', `id,ill,flag,same\n${rows.join('\n')}\n`), { name: 't' })
})
afterAll(() => w.close())

it('an event that is no value of the target is an error that lists the values, not a report without a target', async () => {
  const target = (column: string, positive: string[]) => quality.run('t', { target: { column, positive } })
  expect((await target('ill', ['yes'])).report.target).toMatchObject({ column: 'ill', positive: ['yes'], rows: 60 })
  await expect(target('ill', ['Yes'])).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: '"Yes" is no value of "ill". It has "no", "yes". Name the event as it stands in the column.'
  })
  await expect(target('ill', ['yes', 'no'])).rejects.toThrow('"yes", "no" are all values of "ill"')
  await expect(target('same', ['only'])).rejects.toThrow('"only" is the only value of "same"')
  // The engine writes the number as 1.0.
  expect((await target('flag', ['1'])).report.target).toMatchObject({ rate: 0.25 })
})

it('takes the same event as a training and a first model would, of awkward targets too, or gives their reason', async () => {
  const columns: Record<string, [string, string, ...string[]]> = {
    // The first value is that of two rows in three; then what the event is, where it is plain.
    yes_mostly: ['yes', 'no'],
    yes_rarely: ['no', 'yes'],
    shouted: ['NO', 'YES'],
    padded: ['N', ' y '],
    numbers: ['1', '0'],
    decimals: ['1.0', '0.0'],
    truth: ['True', 'False'],
    tested: ['negative', 'positive'],
    one_two: ['1', '2'],
    credit: ['good', 'bad'],
    both_yes: ['yes', 'Yes'],
    cased: ['no', 'yes', 'Yes'],
    three: ['none', 'some', 'much'],
    days: ['2026-01-01', '2026-01-02']
  }
  const lines = Array.from({ length: 90 }, (_, row) =>
    Object.values(columns).map((values) => values[row % 3 < 2 && row % 9 > 0 ? 0 : 1 + (row % (values.length - 1))])
  )
  const path = w.source('awkward.csv', [Object.keys(columns), ...lines].map((line) => line.join(',')).join('\n'))
  const { version } = await w.datasets.importFile(path, { name: 'awkward' })
  const file = join(w.context.directory, 'data', `${version.sha256}.arrow`)
  const frame = await readFrame(file)
  const baselines = createBaselines(w.datasets, quality, () => Promise.reject(new Error('The name is given.')))
  const plain: string[] = []
  const reported = await withAnalysisTable(file, version.columns, {}, async (table) => {
    const found: Record<string, ReturnType<typeof targetSummary>> = {}
    for (const column of Object.keys(columns)) found[column] = targetSummary(await deriveTarget(table, { column }))
    return found
  })
  for (const column of Object.keys(columns)) {
    const target = reported[column]!
    const first = await baselines.baseline({ dataset: 'awkward', target: column, task: 'binary', name: 'first' })
    let trained: { event?: unknown; rate?: number; doubt?: string }
    try {
      const { positive, positives, labels } = binaryTask.readTarget(frame, column)
      trained = { event: positive, rate: positives / labels.length }
    } catch (error) {
      trained = { doubt: (error as Error).message }
    }
    expect([column, target.doubt === undefined, first.doubt === null]).toEqual([
      column,
      trained.doubt === undefined,
      trained.doubt === undefined
    ])
    if (trained.doubt === undefined) {
      plain.push(column)
      expect([column, first.event]).toEqual([column, trained.event])
      expect([column, target.rate]).toEqual([column, trained.rate])
    } else {
      expect(target.doubt).toMatch(/^It is not clear which value of the target .* Name the positive one/)
      // What is measured meanwhile is about the rarer values, as it was before anybody was asked.
      expect(target.rate).toBeLessThan(0.5)
    }
  }
  expect(plain).toEqual(['yes_mostly', 'yes_rarely', 'shouted', 'padded', 'numbers', 'decimals', 'truth', 'tested'])
  await expect(baselines.baseline({ dataset: 't', target: 'same', name: 'first' })).resolves.toMatchObject({
    event: null,
    doubt: expect.stringContaining('has "only", so there is nothing to tell apart')
  })
})

it('finds what gives a frequent event away by the rows that are none', async () => {
  const rows = Array.from({ length: 600 }, (_, row) => {
    const paid = row % 10 !== 0
    return `${(row * 37) % 101},${paid ? '' : row % 7 === 0 ? '' : 'letter'},${paid ? 'yes' : 'no'}`
  })
  await w.datasets.importFile(w.source('loans.csv', `amount,reminder,paid\n${rows.join('\n')}\n`), { name: 'loans' })
  for (const positive of [undefined, ['yes'], ['no']]) {
    const { report } = await quality.run('loans', { target: { column: 'paid', positive } })
    const [leak] = report.findings.filter(({ kind }) => kind === 'leakage-suspected')
    expect([positive, leak?.columns]).toEqual([positive, ['reminder']])
    expect(leak!.what).toContain(positive?.[0] === 'no' ? 'the event occurs in 100.0%' : 'the other outcome occurs in 100.0%')
  }
})

it('looks for leaks in what divides the rows too, which a training reads unless it is told not to, and calls no table faulty for it', async () => {
  const rows = Array.from(
    { length: 400 },
    (_, row) => `${(row * 37) % 101},${row % 4 === 0 ? 'clinic' : `ward ${row % 5}`},${row % 4 === 0}`
  )
  const { version } = await w.datasets.importFile(w.source('wards.csv', `dose,place,ill\n${rows.join('\n')}\n`), { name: 'wards' })
  const check = async (role: 'group' | 'ignored', features?: string[]) => {
    w.datasets.setColumns(version.ref, [{ name: 'place', role }])
    const { report } = await quality.run('wards', { target: { column: 'ill' }, features })
    return [report.features, report.findings.flatMap(({ kind, severity }) => (kind === 'leakage-suspected' ? [severity] : []))]
  }
  expect(await check('group')).toEqual([['dose', 'place'], ['info']])
  expect(await check('group', ['dose', 'place'])).toEqual([['dose', 'place'], ['error']])
  expect(await check('group', ['dose'])).toEqual([['dose'], []])
  expect(await check('ignored')).toEqual([['dose'], []])
})
