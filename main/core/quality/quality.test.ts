import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ColumnMetadata } from '../../model/dataset'
import type { QualityFinding, QualityReportDetail } from '../../model/quality'
import { sampleColumns, sampleDataset, sampleTarget } from '../../../resources/sample/strikes'
import { openTestWorkspace, type TestWorkspace } from '../datasets/workspace.fixture'
import { createQuality, profileFile, type QualityWriter } from '.'
import { cramersV } from './profile-pairs'

const sampleFile = join(process.cwd(), 'resources', 'sample', 'birdstrikes.csv')

let w: TestWorkspace
let quality: QualityWriter
beforeAll(async () => {
  w = await openTestWorkspace()
  quality = createQuality(w.context, w.datasets)
})
afterAll(() => w.close())

const finding = (detail: QualityReportDetail, kind: string, ...columns: string[]): QualityFinding | undefined =>
  detail.report.findings.find((f) => f.kind === kind && columns.every((c) => f.columns.includes(c)))
const kinds = (detail: QualityReportDetail, column: string): string[] =>
  detail.report.findings
    .filter((f) => f.columns.includes(column))
    .map((f) => f.kind)
    .sort()

describe('the sample: 10,000 strike reports', () => {
  // The file has no line ends inside quotes, so plain JavaScript can count without the code under test.
  const [header, ...rows] = readFileSync(sampleFile, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))
  const byName = new Map(header.map((name, i) => [name, rows.map((r) => r[i])]))
  const of = (name: string): string[] => byName.get(name)!
  const damage = of('Effect Amount of damage').map((v) => v !== 'None')
  const base = damage.filter(Boolean).length / rows.length
  const liftAboveZero = (name: string): { support: number; lift: number } => {
    const hit = of(name).flatMap((v, i) => (Number(v) > 0 ? [damage[i]] : []))
    return { support: hit.length, lift: hit.filter(Boolean).length / hit.length / base }
  }
  const columns = (patch: Record<string, Partial<ColumnMetadata>> = {}) =>
    sampleColumns.map(({ name, ...c }) => ({ source: name, ...c, ...patch[name] }))
  let detail: QualityReportDetail

  beforeAll(async () => {
    await w.datasets.importFile(sampleFile, { name: 'strikes', metadata: sampleDataset, columns: columns() })
    detail = await quality.run('strikes', { target: sampleTarget })
  })

  it('finds the flaws of the file with the counts that plain counting gives', () => {
    expect(rows.every((r) => r.length === header.length)).toBe(true)
    const speeds = of('Speed IAS in knots')
    const seen = new Set<string>()
    const repeats = rows.filter((r) => seen.size === seen.add(r.join(',')).size).length
    const expected: [string, string[], number, number][] = [
      ['missing', ['Speed IAS in knots'], speeds.filter((v) => v === '').length, 2_836],
      ['zero-inflated', ['Speed IAS in knots'], speeds.filter((v) => v === '0').length, 19],
      ['duplicate-rows', [], repeats, 24],
      ['placeholder', ['Wildlife Species'], of('Wildlife Species').filter((v) => /unknown/i.test(v)).length, 8_009],
      ['placeholder', ['Aircraft Airline Operator'], of('Aircraft Airline Operator').filter((v) => v === 'UNKNOWN').length, 72],
      ['placeholder', ['Aircraft Make Model'], of('Aircraft Make Model').filter((v) => /UNKN/.test(v)).length, 3],
      ['footnote-marks', ['Aircraft Airline Operator'], of('Aircraft Airline Operator').filter((v) => v.endsWith('*')).length, 1_084],
      ['blanks', ['Aircraft Make Model'], of('Aircraft Make Model').filter((v) => v.includes('  ')).length, 15],
      ['target-labels', ['Effect Amount of damage'], of('Effect Amount of damage').filter((v) => v.length === 1).length, 15],
      ['imbalance', ['Effect Amount of damage'], damage.filter(Boolean).length, 1_061],
      ['zero-inflated', ['Cost Repair'], of('Cost Repair').filter((v) => v === '0').length, 9_822],
      ['zero-inflated', ['Cost Total $'], of('Cost Total $').filter((v) => v === '0').length, 9_791],
      ['high-cardinality', ['Aircraft Make Model'], new Set(of('Aircraft Make Model')).size, 225]
    ]
    for (const [kind, names, counted, known] of expected) {
      expect(counted, `${kind} ${names}`).toBe(known)
      expect(finding(detail, kind, ...names)?.count, `${kind} ${names}`).toBe(known)
    }
    const states = new Map(of('Airport Name').map((a, i) => [a, of('Origin State')[i]]))
    expect(states.size).toBe(50)
    expect(finding(detail, 'redundant', 'Airport Name', 'Origin State')).toBeDefined()
    expect(of('Cost Total $').every((t, i) => Number(t) === Number(of('Cost Other')[i]) + Number(of('Cost Repair')[i]))).toBe(true)
    expect(finding(detail, 'derived-column', 'Cost Total $')?.evidence.exceptions).toBe(0)
    expect(finding(detail, 'time-order', 'Flight Date')).toBeDefined()
    expect(detail.report.findings.map(({ code }) => code)).toEqual(detail.report.findings.map(({ kind }) => kind))
    expect(finding(detail, 'blanks', 'Aircraft Make Model')?.examples[0]).toMatchObject({
      row: of('Aircraft Make Model').findIndex((v) => v.includes('  ')) + 1
    })
  })
  it('is quiet about what is in order', () => {
    expect(kinds(detail, 'Time of day')).toEqual([])
    expect(kinds(detail, 'Phase of flight')).toEqual([])
    expect(finding(detail, 'leakage-suspected')).toBeUndefined()
    // Codes a letter apart, such as C-135 and KC-135, are two things.
    expect(finding(detail, 'misspelt-categories')).toBeUndefined()
    expect(detail.report.counts.error).toBe(0)
  })
  it('says what the costs that are left out would have given away', () => {
    for (const name of ['Cost Other', 'Cost Repair', 'Cost Total $']) {
      const f = finding(detail, 'leakage-declared', name)
      expect(f?.severity).toBe('info')
      expect(f?.count).toBe(liftAboveZero(name).support)
    }
  })
  it('flags costs declared as known after the outcome when they are features', async () => {
    const used = await quality.run('strikes', { target: sampleTarget, features: ['Cost Repair', 'Wildlife Size'] })
    expect(finding(used, 'leakage-declared', 'Cost Repair')?.severity).toBe('error')
    expect(finding(used, 'leakage-declared', 'Wildlife Size')).toBeUndefined()
  })
  it('leaves what is known only afterwards out of the features as a training does, whatever its role, unless somebody names it', async () => {
    const late = { role: 'feature', knownWhen: 'after' } as const
    await w.datasets.importFile(sampleFile, { name: 'late', columns: columns({ 'Cost Repair': late, 'Cost Other': late }) })
    const found = await quality.run('late', { target: sampleTarget })
    expect(found.report.features).toEqual(detail.report.features)
    expect(found.counts.error).toBe(0)
    for (const name of ['Cost Repair', 'Cost Other'])
      expect(finding(found, 'leakage-declared', name)).toMatchObject({ severity: 'info', next: 'Keep it out of the features.' })
    const named = await quality.run('late', { target: sampleTarget, features: ['Cost Repair'] })
    expect(finding(named, 'leakage-declared', 'Cost Repair')?.severity).toBe('error')
  })
  it('suspects undeclared costs by their lift, though few rows have them', async () => {
    const undeclared = { role: 'feature', knownWhen: 'before' } as const
    await w.datasets.importFile(sampleFile, {
      name: 'undeclared',
      columns: columns({ 'Cost Other': undeclared, 'Cost Repair': undeclared, 'Cost Total $': undeclared })
    })
    const found = await quality.run('undeclared')
    for (const name of ['Cost Other', 'Cost Repair', 'Cost Total $']) {
      const f = finding(found, 'leakage-suspected', name)
      const { support, lift } = liftAboveZero(name)
      expect(f?.count).toBe(support)
      expect(Number(f?.evidence.lift)).toBeCloseTo(lift, 2)
    }
    expect(liftAboveZero('Cost Total $').lift).toBeCloseTo(6.94, 2)
    expect(found.report.findings.filter((f) => f.kind === 'leakage-suspected').length).toBe(3)
  })
  it('profiles every column like plain JavaScript', () => {
    const speed = detail.profile.columns.find((c) => c.name === 'Speed IAS in knots')!
    const values = of('Speed IAS in knots')
      .filter((v) => v !== '')
      .map(Number)
      .sort((a, b) => a - b)
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    expect(speed.numeric!.mean).toBeCloseTo(mean, 8)
    expect(speed.numeric!.std).toBeCloseTo(Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / (values.length - 1)), 8)
    expect(speed.numeric!.quantiles.p50).toBe((values[3_581] + values[3_582]) / 2)
    expect([speed.count, speed.distinct, speed.histogram!.counts.reduce((a, b) => a + b, 0), speed.histogram!.counts.length]).toEqual([
      7_164,
      new Set(values).size,
      7_164,
      40
    ])
    expect(detail.profile.timeline?.periods).toHaveLength(151)
    expect(detail.profile.timeline!.periods.reduce((n, p) => n + p.count, 0)).toBe(10_000)
  })
  it('stores the report and writes it as one page that needs nothing else', async () => {
    expect(quality.list({ dataset: 'strikes' }).map((r) => r.id)).toContain(detail.id)
    expect(await quality.get(detail.id)).toEqual(detail)
    const { html, fileName } = await quality.html(detail.id)
    expect(fileName).toMatch(/^quality-strikes-[0-9a-f]{8}\.html$/)
    expect(html).toContain('<svg')
    expect(html).not.toMatch(/<script|<link|<img|\ssrc=|url\(|@import/i)
    expect(JSON.parse(profileFile(detail, 'json')).report.findings.length).toBe(detail.report.findings.length)
  })
})

describe('general rules', () => {
  it('finds planted flaws of each kind, with rows', async () => {
    const n = 400
    const rows = Array.from({ length: n }, (_, i) =>
      [
        i,
        i % 40 === 39 ? 'n.a.' : `${i}.5 EUR`.replace(' EUR', '%'),
        `${(i % 28) + 1}/${(i % 12) + 1}/2024`,
        ['Berlin', 'BERLIN', 'Paris', ' Paris'][i % 4],
        i % 2 ? `${i} kg` : `${i} lb`,
        i === 7 ? -5 : 20 + (i % 50),
        i < 20 ? 9999 : i % 60,
        i === 11 ? '2999-01-01' : `2024-0${(i % 9) + 1}-01`,
        'same',
        i % 2,
        i % 2 === 1 ? 'yes' : i % 10 === 0 ? '' : 'no'
      ].join(',')
    )
    await w.datasets.importFile(
      w.source('planted.csv', `key,percent text,day text,city,weight,age,code,made,constant,y,leak\n${rows.join('\n')}\n`),
      {
        name: 'planted',
        columns: [
          { source: 'key', role: 'feature' },
          { source: 'y', role: 'target' },
          { source: 'day text', type: 'text' },
          { source: 'made', role: 'feature' }
        ]
      }
    )
    const detail = await quality.run('planted')
    const expected: [string, string][] = [
      ['number-as-text', 'percent text'],
      ['date-as-text', 'day text'],
      ['case-variants', 'city'],
      ['blanks', 'city'],
      ['mixed-units', 'weight'],
      ['impossible-values', 'age'],
      ['impossible-values', 'code'],
      ['impossible-values', 'made'],
      ['constant', 'constant'],
      ['identifier-as-feature', 'key'],
      ['leakage-suspected', 'leak']
    ]
    for (const [kind, column] of expected) expect(finding(detail, kind, column), `${kind} ${column}`).toBeDefined()
    expect(finding(detail, 'impossible-values', 'age')).toMatchObject({ count: 1, examples: [{ row: 8, value: '-5' }] })
    expect(finding(detail, 'impossible-values', 'made')?.examples).toEqual([{ row: 12, value: '2999-01-01' }])
    expect(finding(detail, 'impossible-values', 'code')?.count).toBe(20)
    expect(finding(detail, 'leakage-suspected', 'leak')?.severity).toBe('error')
  })
  it('suspects a column by the lower end of its interval, from 30 rows and from one event in two on', async () => {
    // 1,500 rows, 12% events. Each column is above zero in its own rows, of which so many have the event.
    const columns = { few: [15, 30], many: [120, 200], tiny: [29, 29], enough: [30, 30], rare: [120, 250] } as const
    const cells = Object.fromEntries(
      Object.entries(columns).map(([name, [events, rows]]) => [
        name,
        Array.from({ length: 1500 }, (_, i) => ((i < 180 ? i < events : i - 180 < rows - events) ? 1 + (i % 3) : 0))
      ])
    )
    const lines = Array.from({ length: 1500 }, (_, i) => [i < 180, ...Object.values(cells).map((column) => column[i])].join(','))
    await w.datasets.importFile(w.source('lifts.csv', `y,${Object.keys(cells).join(',')}\n${lines.join('\n')}\n`), {
      name: 'lifts',
      columns: [{ source: 'y', role: 'target' }]
    })
    const detail = await quality.run('lifts')
    const suspected = Object.keys(columns).filter((name) => finding(detail, 'leakage-suspected', name))
    // few: 4.2 times as likely, but the interval begins at 2.8; rare: surely 3.5 times, and still more often without the event.
    expect(suspected).toEqual(['many', 'enough'])
    const evidence = finding(detail, 'leakage-suspected', 'many')!.evidence
    expect([Number(evidence.lift), Number(evidence.liftLow), Number(evidence.liftHigh), evidence.support]).toEqual([
      5,
      expect.closeTo(4.424, 2),
      expect.closeTo(5.545, 2),
      200
    ])
  })
  it('counts rows over the time that they came to be, not over the birth of whom they are about', async () => {
    const people = (name: string, header: string, cells: string) =>
      w.datasets.importFile(w.source(`${name}.csv`, `${header}\n1950-04-01,${cells}\n1988-07-09,${cells}\n`), { name })
    const { version } = await people('visits', 'birth_date,admitted', '2024-02-03')
    expect(version.columns.map(({ role }) => role)).toEqual(['feature', 'time'])
    expect((await quality.run('visits')).profile.timeline).toMatchObject({
      column: 'admitted',
      periods: [{ start: '2024-02-03', count: 2 }]
    })
    const { version: born } = await people('patients', 'patientDOB,n', '7')
    expect(born.columns.map(({ role }) => role)).toEqual(['feature', 'feature'])
    expect((await quality.run('patients')).profile.timeline).toBeNull()
  })
  it('survives hostile column names and unknown options', async () => {
    await w.datasets.importFile(
      w.source('hostile.csv', `"a""b","<script>","'; DROP TABLE subject; --"\n1,<b>x</b>,2024-01-01\n2,y,2024-01-02\n`),
      { name: 'hostile' }
    )
    const detail = await quality.run('hostile')
    expect(detail.report.columnCount).toBe(3)
    expect(profileFile(detail, 'html')).not.toContain('<script')
    await expect(quality.run('hostile', { features: ['zz'] })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(quality.run('nowhere')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
  it('computes textbook figures', () => {
    const even = cramersV([
      [0, 0, 10],
      [0, 1, 10],
      [1, 0, 10],
      [1, 1, 10]
    ])
    const same = cramersV([
      [0, 0, 50],
      [1, 1, 50]
    ])
    expect([even?.value, same?.value]).toEqual([0, 1])
    expect([even?.corrected, same?.corrected]).toEqual([0, expect.closeTo(1, 12)])
  })
})
