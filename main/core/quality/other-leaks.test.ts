import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QualityOptions } from '../../model/quality'
import { openTestWorkspace, type TestWorkspace } from '../datasets/workspace.fixture'
import { Random } from '../numerics'
import { createQuality, type QualityWriter } from '.'
import { realTable } from './fixtures/real-tables'
import { explainsAmount, tellsClass } from './one-column'
import { ranksOf } from './questions'

const reference = JSON.parse(readFileSync(new URL('fixtures/one-column.json', import.meta.url), 'utf8')) as {
  classes: number[]
  amounts: number[]
  columns: { name: string; codes: number[]; accuracy: number; lambda: number; explained: number }[]
}

let w: TestWorkspace
let quality: QualityWriter
beforeAll(async () => {
  w = await openTestWorkspace()
  quality = createQuality(w.context, w.datasets)
})
afterAll(() => w.close())

type Cell = string | number
/** A checked table with the target `y`; what was suspected of each column, and which questions were asked. */
async function check(name: string, rows: number, columns: Record<string, (row: number) => Cell>, options: QualityOptions = {}) {
  const lines = Array.from({ length: rows }, (_, row) =>
    Object.values(columns)
      .map((of) => of(row))
      .join(',')
  )
  await w.datasets.importFile(w.source(`${name}.csv`, [Object.keys(columns).join(','), ...lines].join('\n')), { name })
  const { report } = await quality.run(name, { target: { column: 'y' }, ...options })
  const leaks = report.findings.filter(({ kind }) => kind.startsWith('leakage'))
  return { report, leaks, suspected: Object.fromEntries(leaks.map(({ columns: [column], severity }) => [column, severity])) }
}

/** The same of one of the real tables. */
function checkReal(name: string, target: string, task: 'multiclass' | 'regression') {
  const { rows, columns } = realTable(name)
  const own = Object.fromEntries(
    columns.map((column) => [column.name === target ? 'y' : column.name, (row: number) => column.cells[row] ?? ''])
  )
  return check(`${name}-real`, rows, own, { target: { column: 'y', task } })
}

const noise = (seed: number, rows: number): number[] => {
  const random = new Random(seed)
  return Array.from({ length: rows }, () => random.uniform())
}

describe('what one column tells', () => {
  it.each(reference.columns)('of classes and amounts is what pandas and scikit-learn say: $name', async ({ codes, ...figures }) => {
    const coded = { codes: Int32Array.from(codes), count: Math.max(...codes) + 2 }
    const told = tellsClass(coded, Float64Array.from(reference.classes), 3)!
    expect(told.accuracy).toBeCloseTo(figures.accuracy, 12)
    expect(told.lambda).toBeCloseTo(figures.lambda, 12)
    const ranks = await ranksOf(Float64Array.from(reference.amounts))
    expect(explainsAmount(coded, ranks)!.explained).toBeCloseTo(figures.explained, 9)
  })

  it('cannot be told of one class or one amount', () => {
    const coded = { codes: new Int32Array(40), count: 1 }
    expect(tellsClass(coded, new Float64Array(40), 3)).toBeUndefined()
    expect(explainsAmount(coded, new Float64Array(40).fill(7))).toBeUndefined()
  })
})

describe('leaks of a class', () => {
  const rows = 900
  const [u, v, flips] = [noise(1, rows), noise(2, rows), noise(3, rows)] as const
  const classes: QualityOptions = { target: { column: 'y', task: 'multiclass' } }
  const kinds = ['oak', 'pine', 'birch', 'elm']
  const kindOf = (row: number): number => (u[row]! < 0.4 ? 0 : u[row]! < 0.7 ? 1 : u[row]! < 0.92 ? 2 : 3)
  const table = {
    y: (row: number) => kinds[kindOf(row)]!,
    height: (row: number) => (kindOf(row) * 0.6 + 3 * v[row]!).toFixed(4),
    site: (row: number) => `site ${row % 7}`,
    code: (row: number) => (kindOf(row) * 10 + 3) % 37,
    reading: (row: number) => (Math.sin(kindOf(row) * 40) + v[row]! / 1000).toFixed(6),
    almost: (row: number) => (flips[row]! < 0.01 ? 'wood' : `w${kindOf(row)}`),
    ring: (row: number) => (kindOf(row) === 3 && flips[row]! < 0.9 ? (1 + v[row]!).toFixed(2) : '')
  }

  it('are found in a copy, in a number without order, in nearly a copy, and where a column is filled in for one class', async () => {
    const { report, leaks, suspected } = await check('trees', rows, table, classes)
    expect(report.sought).toEqual({ column: 'y', tasks: ['multiclass'] })
    expect(report.target).toBeNull()
    expect(suspected).toEqual({ code: 'error', reading: 'warning', almost: 'warning', ring: 'error' })
    expect(leaks.find(({ columns }) => columns[0] === 'code')).toMatchObject({
      title: '"code" alone tells the class',
      what: expect.stringMatching(
        /^By this column alone "y" is named rightly in 100\.0% of 900 rows; the most frequent class alone would be right in \d/
      ),
      evidence: { tasks: ['multiclass'], lambda: 1, accuracy: 1 }
    })
    expect(leaks.find(({ columns }) => columns[0] === 'ring')!.what).toMatch(
      /^Where it is filled in \(\d+ rows, [\d.]+%\), "y" is "elm" in 100\.0%: [\d.]+ times the average/
    )
  })

  it('are not what honest features are: none in the iris and wine of scikit-learn, whose best column names 95 of 100', async () => {
    expect((await checkReal('iris', 'species', 'multiclass')).suspected).toEqual({})
    expect((await checkReal('wine', 'cultivar', 'multiclass')).suspected).toEqual({})
    const { suspected } = await check('trees-clean', rows, { y: table.y, height: table.height, site: table.site }, classes)
    expect(suspected).toEqual({})
  })

  it('that are declared are leaks of any question, also where nobody said which one is asked', async () => {
    const afterwards = { ...table, paid: (row: number) => (v[row]! * 100).toFixed(2) }
    await check('trees-declared', rows, { y: table.y, height: table.height, paid: afterwards.paid })
    w.datasets.setColumns(w.datasets.get('trees-declared').version.ref, [{ name: 'paid', knownWhen: 'after' }])
    const { report } = await quality.run('trees-declared', { target: { column: 'y' }, features: ['height', 'paid'] })
    expect(report.sought!.tasks).toContain('multiclass')
    const [declared] = report.findings.filter(({ kind }) => kind === 'leakage-declared')
    expect(declared).toMatchObject({ severity: 'error', columns: ['paid'] })
    expect(declared!.evidence).not.toHaveProperty('tasks')
  })

  it('of a column that is rightly left out are said as a note', async () => {
    await check('trees-after', rows, { y: table.y, height: table.height, code: table.code })
    const { ref } = w.datasets.get('trees-after').version
    w.datasets.setColumns(ref, [{ name: 'code', knownWhen: 'after' }])
    const { report } = await quality.run('trees-after', classes)
    const [note] = report.findings.filter(({ kind }) => kind.startsWith('leakage'))
    expect(note).toMatchObject({ kind: 'leakage-declared', severity: 'info', title: '"code" would give the outcome away; it is left out' })
    expect(report.features).toEqual(['height'])
  })
})

describe('leaks of an amount', () => {
  const rows = 800
  const [u, v, z] = [noise(11, rows), noise(12, rows), noise(13, rows)] as const
  const amount = (row: number): number => Math.exp(4 + 2 * u[row]!) * (0.5 + v[row]!)
  const bandOf = (row: number): number => Math.floor(Math.log(amount(row)) * 12)
  const table = {
    y: (row: number) => amount(row).toFixed(3),
    size: (row: number) => (u[row]! + 0.35 * z[row]!).toFixed(4),
    site: (row: number) => `site ${row % 9}`,
    tax: (row: number) => (amount(row) ** 0.5 * 0.19).toFixed(4),
    shifted: (row: number) => (amount(row) * (1 + 0.2 * (z[row]! - 0.5))).toFixed(3),
    band: (row: number) => `band ${(bandOf(row) * 7919) % 997}`,
    refund: (row: number) => (row % 8 === 0 ? (amount(row) * 0.3).toFixed(3) : 0)
  }

  it('are found in what is computed from it, in bands without order, and in what fills one row in eight', async () => {
    const { report, leaks, suspected } = await check('claims', rows, table)
    expect(report.sought).toEqual({ column: 'y', tasks: ['regression'] })
    expect(suspected).toEqual({ tax: 'error', shifted: 'error', band: 'warning', refund: 'error' })
    const [band, refund] = ['band', 'refund'].map((name) => leaks.find(({ columns }) => columns[0] === name)!)
    expect(band).toMatchObject({ title: '"band" alone tells the amount', evidence: { tasks: ['regression'], method: 'correlation-ratio' } })
    expect(refund!.what).toBe(
      'Its correlation with the outcome "y" is 1.000 by rank, over 100 rows in which it is neither zero nor missing.'
    )
  })

  it('are not what honest features are: none in the diabetes of scikit-learn, nor in a feature that ranks by 0.9', async () => {
    expect((await checkReal('diabetes', 'progression', 'regression')).suspected).toEqual({})
    const { suspected } = await check('claims-clean', rows, { y: table.y, size: table.size, site: table.site })
    expect(suspected).toEqual({})
  })

  it('are looked for as every kind of question where a target is a few whole numbers, and as the one that is named', async () => {
    const columns = {
      y: (row: number) => Math.floor(u[row]! * 9),
      visits: (row: number) => Math.floor(u[row]! * 9) * 2 + 1,
      size: table.size
    }
    const { report, leaks } = await check('counts', rows, columns)
    expect(report.sought?.tasks).toEqual(['binary', 'multiclass', 'regression'])
    expect(leaks.map(({ columns: [column], evidence }) => [column, evidence.tasks])).toEqual([['visits', ['multiclass', 'regression']]])
    const { report: named } = await quality.run('counts', { target: { column: 'y', task: 'regression', objective: 'poisson' } })
    expect(named.sought?.tasks).toEqual(['regression'])
  })

  it('are not sought where the question cannot be asked of the values', async () => {
    await check('words', 300, { y: (row) => `text ${row % 5}`, size: table.size })
    await expect(quality.run('words', { target: { column: 'y', task: 'regression' } })).rejects.toThrow(
      'The target "y" holds text and no numbers, so it is no amount.'
    )
    await check('many', 300, { y: (row) => row * 1.5, size: table.size })
    await expect(quality.run('many', { target: { column: 'y', task: 'multiclass' } })).rejects.toThrow(
      'has 300 different values, and there are at most 200 classes'
    )
  })
})

it('amounts that the objective forbids are an error that names the rows', async () => {
  const columns = { y: (row: number) => (row < 3 ? -2 : row === 5 ? 0 : row + 0.5), x: (row: number) => (row * 7) % 31 }
  const found = async (objective: 'squared' | 'poisson' | 'gamma') =>
    (await check(`bounds-${objective}`, 120, columns, { target: { column: 'y', task: 'regression', objective } })).report.findings.filter(
      ({ evidence }) => evidence.objective !== undefined
    )
  expect(await found('squared')).toEqual([])
  const [[poisson], [gamma]] = [await found('poisson'), await found('gamma')]
  expect(poisson).toMatchObject({ severity: 'error', count: 3, columns: ['y'], title: 'The target "y" is below zero in 3 rows' })
  expect(poisson!.examples.map(({ row }) => row)).toEqual([1, 2, 3])
  expect(gamma).toMatchObject({ count: 4, title: 'The target "y" is not above zero in 4 rows', next: expect.stringContaining('poisson') })
})
