import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
})
afterAll(() => w.close())

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`))
/** Ways in which cells are written. A column takes mostly one of them, and a few of another. */
const writings: fc.Arbitrary<string>[] = [
  fc.integer({ min: -9_999, max: 99_999 }).map(String),
  digits(1, 6),
  fc.tuple(digits(1, 4), digits(1, 3)).map(([a, b]) => `${a}.${b}`),
  fc.tuple(digits(1, 3), digits(1, 3)).map(([a, b]) => `${a},${b}`),
  fc.tuple(digits(1, 3), digits(3, 3), digits(2, 2)).map(([a, b, c]) => `${a}.${b},${c}`),
  fc.tuple(digits(15, 20), digits(0, 4)).map(([a, b]) => (b === '' ? a : `${a}.${b}`)),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('1e5', '12E3', '1e-7', '2.5E+3', 'inf', '-Infinity', '+5', ' 7', '007', '-0', '0x1F', '1_000', '1e999'),
  fc.constantFrom('NA', 'NULL', '.', 'nan', 'N/A', ' NA', '-', 'null', 'ZA', 'BW', 'NE', 'Smith'),
  fc.constantFrom('true', 'FALSE', 'True', 'yes'),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
    .map(([m, d]) => `2024-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`),
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 })).map(([m, d]) => `${d}.${m}.2024`),
  fc.constantFrom('2024-01-01 10:00:00', '2024-01-01T10:00:00Z', '2024-01-01 10:00:00+02:00', '2024-01-01 10:00:00.1234567'),
  fc.constantFrom('10:00', '23:59:59.999999', '23:59:59.9999999')
]
const column = fc.tuple(fc.nat(writings.length - 1), fc.nat(writings.length - 1), fc.constantFrom(0, 1, 40)).chain(([most, few, share]) =>
  fc.array(
    fc.nat(99).chain((n) => (n < share ? writings[few] : writings[most])),
    { minLength: 120, maxLength: 120 }
  )
)

const bare = (text: string): string =>
  text
    .replace(/^[+]/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
const isZoned = (text: string): boolean => /:\d\d([.]\d+)?(Z|[+-]\d\d(:\d\d)?)$/.test(text)
/** Whether a value says what its text says, read by nobody's rule but that of the type. */
function isPlain(text: string, value: string | null, type: string, hasZones: boolean): boolean {
  const t = text.trim()
  if (value === null) return text === ''
  if (type === 'VARCHAR') return value === text
  if (type === 'BOOLEAN') return t.toLowerCase() === value
  if (type === 'BIGINT') return /^[+-]?\d+$/.test(t) && /^[+-]?(0|[1-9]\d*)$/.test(t) && BigInt(t.replace('+', '')).toString() === value
  if (type.startsWith('DECIMAL')) return /^[+-]?\d*\.?\d*$/.test(t) && bare(t) === bare(value)
  if (type === 'DOUBLE') {
    if (/^[+-]?inf(inity)?$/i.test(t)) return /^-?inf/i.test(value) && value.startsWith('-') === t.startsWith('-')
    return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]\d+)?$/.test(t) && !/^[+-]?0\d/.test(t) && Number(t) === Number(value) && isExact(t)
  }
  if (type === 'TIME') return value.startsWith(t)
  if (hasZones && !isZoned(text)) return false
  const moment = t.replace('T', ' ').replace(/(Z|\+00)$/, '')
  return moment === value || `${moment} 00:00:00` === value
}
/** All digits of a plain number are those of the 64-bit number nearest to it. */
function isExact(text: string): boolean {
  const significant = (t: string): string => t.toLowerCase().split('e')[0].replace(/[+.-]/g, '').replace(/^0+/, '').replace(/0+$/, '')
  const length = significant(text).length
  return length <= 15 || significant(Number(text).toExponential(Math.min(100, length - 1))) === significant(text)
}

let runs = 0
it('every cell of a random column is what was written, or is counted by a rule or as a misfit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(column, { minLength: 6, maxLength: 6 }), async (columns) => {
      const name = `random${++runs}`
      const lines = columns[0].map((_, row) => [row, ...columns.map((cells) => `"${cells[row]}"`)].join(','))
      const { version } = await w.datasets.importFile(
        w.source(`${name}.csv`, `row,${columns.map((_, i) => `v${i}`).join(',')}\n${lines.join('\n')}\n`),
        { name }
      )
      expect([version.rows, version.badRows]).toEqual([120, 0])
      const { rows } = await w.datasets.sql(`SELECT ${columns.map((_, i) => `v${i}::VARCHAR`).join(', ')} FROM ${name} ORDER BY "row"`)
      for (const [i, cells] of columns.entries()) {
        const { type } = version.columns[i + 1]
        const hasZones = type === 'TIMESTAMP' && cells.some(isZoned)
        const changed = cells.filter((text, row) => !isPlain(text, rows[row][i] as string | null, type, hasZones))
        const counted =
          version.rules!.filter((r) => r.column === `v${i}`).reduce((n, r) => n + r.cells, 0) +
          (version.misfits!.columns.find((c) => c.column === `v${i}`)?.cells ?? 0)
        expect({ type, changed: changed.length, some: changed.slice(0, 5) }).toEqual({ type, changed: counted, some: changed.slice(0, 5) })
      }
    }),
    { numRuns: 12, seed: 20_261, endOnFailure: true }
  )
})
