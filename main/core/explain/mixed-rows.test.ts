import { expect, it } from 'vitest'
import type { Frame } from '../frames'
import { coalitionRows, stack } from './mixed-rows'

const table = (amounts: number[], kinds: (string | null)[]): Frame => {
  const categories = [...new Set(kinds.filter((kind) => kind !== null))]
  return {
    rows: amounts.length,
    columns: new Map([
      ['amount', { kind: 'number', values: Float64Array.from(amounts), outOfRange: 0 }],
      ['kind', { kind: 'category', codes: Int32Array.from(kinds, (kind) => (kind === null ? -1 : categories.indexOf(kind))), categories }]
    ])
  }
}

it('lays out for each coalition the background, with the columns of the coalition from the explained row', () => {
  const [explained, background] = [table([1, 2], ['oak', null]), table([7, NaN, 9], ['elm', 'oak', null])]
  const both = stack(explained, background)
  const coalitions = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1]
  ].map((members) => Uint8Array.from(members))
  const read = (row: number) => {
    const { rows, columns } = coalitionRows(both, ['kind', 'amount'], { row, before: 2 }, coalitions)
    const [amount, kind] = [columns.get('amount')!, columns.get('kind')!]
    if (amount.kind === 'category' || kind.kind !== 'category') throw new Error('the columns changed their kinds')
    return { rows, cells: Array.from(kind.codes, (code, at) => `${kind.categories[code] ?? '-'} ${amount.values[at]}`) }
  }
  const usual = ['elm 7', 'oak NaN', '- 9']
  expect(read(0)).toEqual({
    rows: 12,
    cells: [...usual, 'oak 7', 'oak NaN', 'oak 9', 'elm 1', 'oak 1', '- 1', 'oak 1', 'oak 1', 'oak 1']
  })
  expect(read(1).cells).toEqual([...usual, '- 7', '- NaN', '- 9', 'elm 2', 'oak 2', '- 2', '- 2', '- 2', '- 2'])
})
