import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DatasetSummary } from '../../../main/model/dataset'
import { datasetColumn, datasetDetail, datasetSummary } from '../../../main/testing/sample-datasets'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { withFormerTarget } from './use-column-change'
import { base } from './data-area.fixture'
import { DataPage } from './data-page'
import { dataStore } from './data-store'
import { groupFindings } from '../../evidence'
import { errorPosition, positionAt, quoteSqlName } from './sql-names'

// jsdom lays nothing out; the code editor asks where its text stands.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList

let screen: RenderedScreen | undefined
beforeEach(() => {
  window.location.hash = '#/data'
  dataStore.setState(dataStore.getInitialState(), true)
})
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

describe('list of datasets', () => {
  it('offers the import while there is nothing, and filters what there is', async () => {
    let list: DatasetSummary[] = []
    screen = await renderWithHost(<DataPage />, base({ list: () => list }))
    await screen.settle(80)
    expect(screen.text()).toContain('No data yet')
    await screen.unmount()
    list = [datasetSummary('strikes'), datasetSummary('claims')]
    screen = await renderWithHost(<DataPage />, base({ list: () => list }))
    await screen.settle(80)
    expect(screen.text()).toContain('claims')
    const filter = screen.container.querySelector<HTMLInputElement>('[role="searchbox"]')
    if (!filter) throw new Error('There is no filter.')
    await screen.type(filter, 'strike')
    expect(screen.text()).toContain('1 of 2 datasets')
    expect(screen.container.querySelector('[role="grid"]')?.textContent).not.toContain('claims')
  })

  it('moves to the trash and takes it back', async () => {
    const calls: string[] = []
    const one = datasetSummary('strikes')
    screen = await renderWithHost(
      <DataPage />,
      base({
        list: () => [one],
        trash: ({ name }) => {
          calls.push(`trash ${name}`)
          return one
        },
        restore: ({ id }) => {
          calls.push(`restore ${id}`)
          return one
        }
      })
    )
    await screen.settle(80)
    await screen.click(screen.find('row', /strikes/))
    await screen.click(screen.find('button', 'Move to trash'))
    await screen.settle(80)
    await screen.click(screen.find('button', 'Undo'))
    await screen.settle(80)
    expect(calls).toEqual(['trash strikes', `restore ${one.id}`])
  })
})

describe('description of a dataset', () => {
  it('outlives a look at another tab, until it is saved or discarded', async () => {
    const saved: unknown[] = []
    window.location.hash = '#/data/strikes?tab=about'
    screen = await renderWithHost(
      <DataPage />,
      base({
        list: () => [],
        get: () => datasetDetail('strikes'),
        update: ({ metadata }) => {
          saved.push(metadata?.owner)
          return datasetDetail('strikes')
        }
      })
    )
    await screen.settle(100)
    const goTo = async (tab: RegExp) => {
      await screen?.click(screen.find('tab', tab))
      await screen?.settle(60)
    }
    const ownerField = () =>
      [...(screen?.container.querySelectorAll('label') ?? [])].find((label) => label.textContent?.startsWith('Owner'))?.htmlFor ?? ''
    const ownerInput = () => document.getElementById(ownerField()) as HTMLInputElement
    await screen.type(ownerInput(), 'Ada')
    await goTo(/^Columns/)
    expect(screen.find('tab', /^About/).textContent).toContain('not saved')
    await goTo(/^About/)
    expect(ownerInput().value).toBe('Ada')
    await screen.click(screen.find('button', 'Save'))
    await screen.settle(80)
    expect(saved).toEqual(['Ada'])
    expect(screen.find('tab', /^About/).textContent).not.toContain('not saved')
    await screen.type(ownerInput(), 'Rui')
    await screen.click(screen.find('button', 'Discard changes'))
    expect(ownerInput().value).toBe('')
  })
})

describe('columns of a dataset', () => {
  it('stores a unit on Enter and takes nothing on Escape', async () => {
    const patches: unknown[] = []
    window.location.hash = '#/data/strikes?tab=columns'
    screen = await renderWithHost(
      <DataPage />,
      base({
        list: () => [],
        get: () => datasetDetail('strikes'),
        setColumns: ({ columns }) => {
          patches.push(...columns)
          return datasetDetail('strikes')
        }
      })
    )
    await screen.settle(100)
    const unit = screen.find('textbox', 'Unit of size') as HTMLInputElement
    unit.focus()
    await screen.type(unit, 'metres')
    await screen.press(unit, 'Escape')
    expect(patches).toEqual([])
    unit.focus()
    await screen.type(unit, 'feet')
    await screen.press(unit, 'Enter')
    await screen.settle(80)
    expect(patches).toEqual([{ name: 'size', unit: 'feet' }])
  })

  it('gives the former target its role as a feature back', () => {
    const columns = [datasetColumn('a', 'target'), datasetColumn('b')]
    expect(withFormerTarget(columns, [{ name: 'b', role: 'target' }])).toEqual([
      { name: 'b', role: 'target' },
      { name: 'a', role: 'feature' }
    ])
    expect(withFormerTarget(columns, [{ name: 'b', role: 'ignored' }])).toEqual([{ name: 'b', role: 'ignored' }])
  })
})

describe('SQL', () => {
  it('runs with Ctrl+Enter, says what was cut and where an error is', async () => {
    dataStore.setState({ sql: 'SELECT x\nFROM strikes' })
    window.location.hash = '#/data?view=sql'
    let fail = false
    screen = await renderWithHost(
      <DataPage />,
      base({
        list: () => [datasetSummary('strikes')],
        get: () => datasetDetail('strikes'),
        sql: () => {
          if (fail)
            throw Object.assign(new Error('Column "x" was not found. Correct the SQL.'), {
              code: 'INVALID_INPUT',
              details: { line: 1, column: 8 }
            })
          return { columns: [{ name: 'x', type: 'BIGINT' }], rows: [[41]], truncated: true, elapsed: 0.25 }
        }
      })
    )
    await screen.settle(200)
    const editor = screen.container.querySelector('[aria-label="SQL"], .drydock-code')
    if (!editor) throw new Error('There is no editor.')
    await screen.press(editor, 'Enter', { ctrlKey: true })
    await screen.settle(100)
    expect(screen.text()).toContain('in 250 ms')
    expect(screen.text()).toContain('Only the first 1,000 rows are shown')
    let copied = ''
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text: string) => (copied = text) } })
    await screen.click(screen.find('button', 'Copy the result'))
    expect(copied).toBe('x\n41')
    fail = true
    await screen.press(editor, 'Enter', { ctrlKey: true })
    await screen.settle(100)
    expect(screen.find('alert', /was not found/)).toBeTruthy()
    expect(screen.text()).toContain('Line 1, column 8: SELECT x')
  })

  it('offers the tables of the ledger with their columns', async () => {
    dataStore.setState({ sql: '' })
    window.location.hash = '#/data?view=sql'
    const columns = [{ name: 'run_id', type: 'VARCHAR', description: 'identity of the run' }]
    screen = await renderWithHost(
      <DataPage />,
      base({ list: () => [], ledgerTables: () => [{ name: 'ledger.runs', description: 'One row for each run.', columns }] })
    )
    await screen.settle(200)
    await screen.click(screen.find('button', /^Insert table ledger\.runs$/))
    expect(dataStore.getState().sql).toBe('SELECT *\nFROM ledger.runs\nLIMIT 100')
    await screen.settle(100)
    expect(screen.find('button', /^Insert column run_id$/)).toBeTruthy()
  })

  it('finds positions and quotes names', () => {
    expect(positionAt('ab\ncd', 4)).toEqual({ line: 2, column: 2 })
    expect(errorPosition({ position: '3' }, 'ab\ncd')).toEqual({ line: 2, column: 1 })
    expect(errorPosition({ position: 'x' }, 'ab')).toBeNull()
    expect(quoteSqlName('a "b"')).toBe('"a ""b"""')
    expect(quoteSqlName('strikes_2')).toBe('strikes_2')
  })
})

describe('findings', () => {
  it('put leakage before everything else, whatever its severity', () => {
    const finding = (id: string, kind: 'missing' | 'leakage-suspected', severity: 'error' | 'warning') => ({
      id,
      kind,
      severity,
      columns: [],
      title: id,
      what: '',
      meaning: '',
      next: '',
      count: 1,
      share: 0.1,
      examples: [],
      evidence: {}
    })
    const groups = groupFindings([finding('m', 'missing', 'error'), finding('l', 'leakage-suspected', 'warning')])
    expect(groups.map((group) => [group.title, group.findings.map((each) => each.id)])).toEqual([
      ['Leakage', ['l']],
      ['Errors', ['m']]
    ])
  })
})
