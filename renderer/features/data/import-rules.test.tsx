import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DatasetDetail, ImportChoices, ImportRule, Misfit } from '../../../main/model/dataset'
import { datasetColumn, datasetDetail } from '../../../main/testing/sample-datasets'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { forgetWork } from './background-work'
import { base, preview } from './data-area.fixture'
import { DataPage } from './data-page'
import { dataStore, queueImports } from './data-store'

let screen: RenderedScreen | undefined
beforeEach(() => {
  window.location.hash = '#/data?view=import'
  dataStore.setState(dataStore.getInitialState(), true)
})
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
  forgetWork('import')
})

const comma: ImportRule = {
  column: 'cost',
  rule: 'decimal-comma',
  cells: 1_204,
  examples: [{ line: 3, from: '1.234,5', to: '1234.5' }],
  detail: 'A comma is read as the decimal sign.',
  choice: { columns: [{ source: 'cost', decimal: '.' }] }
}
const euro: ImportRule = {
  column: 'size',
  rule: 'strip',
  cells: 1,
  examples: [{ line: 2, from: '12 EUR', to: '12' }],
  detail: 'EUR stands behind the numbers.',
  choice: { columns: [{ source: 'size', strip: ['EUR'] }] }
}
const headings = () => [...(screen?.container.querySelectorAll('form h2') ?? [])].map((each) => each.textContent)

describe('rules and offers of an import', () => {
  it('a clean file shows none of it', async () => {
    queueImports(['/data/strikes.csv'])
    screen = await renderWithHost(<DataPage />, base({ list: () => [], previewImport: ({ path }) => preview(path) }))
    await screen.shows('What was noticed')
    expect(headings()).toEqual(['What was noticed'])
  })

  it('show column, count and examples; one click takes an offer or undoes a rule, another takes that back', async () => {
    const asked: (ImportChoices | undefined)[] = []
    const handlers = base({
      list: () => [],
      previewImport: ({ path, choices }) => {
        asked.push(choices)
        const isTaken = choices?.columns?.some(({ strip }) => strip !== undefined)
        return { ...preview(path), rules: isTaken ? [comma, { ...euro, choice: null }] : [comma], offers: isTaken ? [] : [euro] }
      }
    })
    queueImports(['/data/strikes.csv'])
    screen = await renderWithHost(<DataPage />, handlers)
    await screen.settle(150)
    expect(headings()).toEqual(['What was noticed', 'Can be read too', 'Changed on the way in'])
    const form = () => screen?.container.querySelector('form')?.textContent
    expect(form()).toContain('cost: decimal comma1,204 cells')
    expect(form()).toContain('Line 31.234,5\u21921234.5')
    expect(form()).toContain('size: unit left away1 cell')
    await screen.click(screen.find('button', 'Read so: size, unit left away'))
    await screen.settle(150)
    expect(asked.at(-1)).toEqual({ columns: [{ source: 'size', strip: ['EUR'] }] })
    expect(headings()).toEqual(['What was noticed', 'Changed on the way in'])
    await screen.click(screen.find('button', 'Keep as written: cost, decimal comma'))
    await screen.settle(150)
    expect(asked.at(-1)).toEqual({
      columns: [
        { source: 'size', strip: ['EUR'] },
        { source: 'cost', decimal: '.' }
      ]
    })
    // What cannot be undone from here has no button.
    expect(() => screen?.find('button', 'Keep as written: size, unit left away')).toThrow()
    const undo = [...document.querySelectorAll('button')].filter((button) => button.textContent === 'Undo')
    // Each takes back its own choice and no other: the first toast is of the offer.
    await screen.click(undo.at(-1)!)
    await screen.settle(150)
    expect(asked.at(-1)).toEqual({ columns: [{ source: 'cost', decimal: '.' }] })
  })

  it('twenty notices of one kind are one, which opens', async () => {
    const problems = Array.from({ length: 20 }, (_, line) => ({
      severity: 'warning' as const,
      title: 'Cell does not fit',
      detail: `Line ${line}: "x".`,
      column: 'size',
      line
    }))
    queueImports(['/data/strikes.csv'])
    screen = await renderWithHost(<DataPage />, base({ list: () => [], previewImport: ({ path }) => ({ ...preview(path), problems }) }))
    await screen.settle(150)
    const noticed = screen.container.querySelectorAll('form section')[0]!
    expect(noticed.querySelectorAll('li')).toHaveLength(1)
    expect(noticed.querySelector('details summary')?.textContent).toBe('19 more like this')
  })
})

const readVersion = (rules: ImportRule[], choices: ImportChoices = {}): DatasetDetail => {
  const detail = datasetDetail('strikes', [datasetColumn('size'), datasetColumn('Preis')])
  return { ...detail, version: { ...detail.version, rules, offers: [], choices } }
}

describe('the page of a dataset', () => {
  it('says per column how it was read, and imports the file again with that undone', async () => {
    const asked: (ImportChoices | undefined)[] = []
    const choices = { format: 'csv' as const, dialect: { delimiter: ';' }, nullTokens: ['-'], columns: [{ source: 'cost', name: 'Preis' }] }
    window.location.hash = '#/data/strikes?tab=columns'
    screen = await renderWithHost(
      <DataPage />,
      base({
        list: () => [],
        get: () => readVersion([comma], choices),
        previewImport: ({ path, choices: given }) => {
          asked.push(given)
          return preview(path)
        }
      }),
      { openFiles: async () => ['/data/april.csv'] }
    )
    await screen.settle(100)
    await screen.click(screen.find('button', 'How Preis was read'))
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('1.234,5')
    const undo = document.querySelector<HTMLElement>('[aria-label="Undo in a new import: cost, decimal comma"]')
    await screen.click(undo!)
    await screen.settle(200)
    expect(asked.at(-1)).toEqual({
      format: 'csv',
      dialect: { delimiter: ';' },
      nullTokens: ['-'],
      columns: [{ source: 'cost', decimal: '.' }]
    })
    expect(dataStore.getState().draft).toMatchObject({ path: '/data/april.csv', name: 'strikes', columns: { cost: { name: 'Preis' } } })
    // It was for this file; the next one starts afresh.
    queueImports(['/data/other.csv'])
    expect(dataStore.getState().draft).toMatchObject({ name: null, columns: {} })
  })

  it('has no such column where nothing was changed', async () => {
    window.location.hash = '#/data/strikes?tab=columns'
    screen = await renderWithHost(<DataPage />, base({ list: () => [], get: () => readVersion([]) }))
    await screen.settle(100)
    expect(() => screen?.find('columnheader', 'Changed on the way in')).toThrow()
  })

  it('lists cells and rows that did not fit in one list, page by page, and narrows it to a column', async () => {
    const asked: { offset?: number; limit?: number; column?: string; what?: string }[] = []
    const counts = { cells: 11_999, rows: 9_000, columns: [{ column: 'size', cells: 11_999, reason: 'not a number' }] }
    const misfit = (i: number): Misfit =>
      i === 0
        ? { what: 'row', line: 2, row: null, column: null, text: 'one;too;many', reason: 'more than 2 values' }
        : { what: 'cell', line: i + 2, row: i, column: 'size', text: `<0.${i}`, reason: 'not a number' }
    const detail = readVersion([])
    window.location.hash = '#/data/strikes?tab=misfits'
    screen = await renderWithHost(
      <DataPage />,
      base({
        list: () => [],
        get: () => ({ ...detail, version: { ...detail.version, badRows: 1, misfits: counts } }),
        misfits: ({ offset = 0, limit = 100, column, what }) => {
          asked.push({ offset, limit, column, what })
          const from = column === undefined ? offset : offset + 1
          const misfits = Array.from({ length: Math.min(limit, 12_000 - from) }, (_, i) => misfit(from + i))
          const losses = [{ reason: 'more than 2 values', count: 1 }]
          return { ...counts, rowsLost: 1, losses, misfits, offset, total: column === undefined ? 12_000 : 11_999 }
        }
      })
    )
    await screen.settle(200)
    expect(screen.find('tab', /^Misfits/).textContent).toContain('12,000')
    expect(screen.text()).toContain(
      '11,999 cells of the file did not fit the type of their columns and are missing; the 9,000 rows with them'
    )
    expect(screen.text()).toContain('1 row of the file could not be read and was left out of the dataset.')
    const grid = screen.find('grid', 'Misfits')
    expect(grid.getAttribute('aria-rowcount')).toBe('12001')
    expect(grid.textContent).toContain('one;too;many')
    expect(grid.textContent).toContain('Row left out')
    // Only what is looked at is loaded.
    expect(asked.reduce((n, { limit = 0 }) => n + limit, 0)).toBeLessThan(1_000)
    await screen.click(screen.find('button', /^size/))
    await screen.settle(150)
    expect(asked.at(-1)).toMatchObject({ offset: 0, column: 'size' })
    expect(screen.find('grid', 'Misfits').textContent).not.toContain('one;too;many')
  })
})
