// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DatasetDetail, DatasetSummary, ImportOptions, ImportPreview } from '../../../main/model/dataset'
import { renderWithHost, type RenderedScreen, type SomeHandlers } from '../../host/testing'
import { forgetWork } from './background-work'
import { withFormerTarget } from './columns-tab'
import { DataPage } from './data-page'
import { changeDialect, changeDraftColumn, dataStore, importOptions, newDraft, previewChoices, queueImports } from './data-store'
import { groupFindings } from './finding-list'
import { errorPosition, positionAt, quoteSqlName } from './sql-names'

const sha256 = 'a'.repeat(64)
const at = '2026-03-01T10:00:00.000Z'

const summary = (name: string, id: string): DatasetSummary => ({
  id,
  name,
  owner: null,
  tags: [],
  licence: null,
  sensitivity: 'internal',
  description: '',
  createdAt: at,
  updatedAt: at,
  trashedAt: null,
  versionCount: 1,
  latest: {
    sha256,
    ref: `dataset:${name}@sha256:${sha256}`,
    number: 1,
    rows: 3,
    bytes: 2048,
    source: null,
    badRows: 1,
    createdAt: at,
    createdBy: null,
    columnCount: 2
  }
})
const column = (name: string, role: 'feature' | 'target' = 'feature') => ({
  name,
  type: 'BIGINT',
  kind: 'integer' as const,
  role,
  knownWhen: 'before' as const,
  unit: null,
  description: null
})
const detail = (name: string): DatasetDetail => {
  const base = summary(name, '6d6f21ab-4ad5-4ed0-9c5b-0e4a6f2a2d01')
  return {
    ...base,
    version: { ...base.latest, columns: [column('size'), column('damage', 'target')], choices: {}, notices: [] },
    versions: [base.latest]
  }
}
const preview = (path: string): ImportPreview => ({
  path,
  fileName: 'strikes.csv',
  size: 120,
  format: 'csv',
  suggestedName: 'strikes',
  dialect: { delimiter: ',', quote: '"', header: true, encoding: 'utf-8', decimal: '.', skipLines: 0 },
  nullTokens: ['', 'NA'],
  columns: [
    {
      source: 'size',
      name: 'size',
      type: 'BIGINT',
      kind: 'integer',
      importType: 'integer',
      examples: ['1'],
      missing: 0,
      unparsed: 1,
      role: 'feature',
      knownWhen: 'before'
    },
    {
      source: 'cost',
      name: 'cost',
      type: 'BIGINT',
      kind: 'integer',
      importType: 'integer',
      examples: ['2'],
      missing: 0,
      unparsed: 0,
      role: 'feature',
      knownWhen: 'before'
    }
  ],
  rows: [['1', '2']],
  inspectedRows: 1,
  complete: true,
  rowEstimate: 1,
  problems: [
    { severity: 'warning', title: '1 rows do not parse', detail: 'They would go to the bad-row report.', column: null, line: null }
  ]
})
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
  forgetWork('import')
})

const base = (datasets: SomeHandlers['datasets']): SomeHandlers => ({
  workspace: {
    status: () => ({
      workspace: { format: 'drydock.workspace', version: 1, id: 'w1', name: 'W', directory: '/w', createdAt: at, sample: false }
    })
  },
  quality: { list: () => [] },
  datasets
})

describe('list of datasets', () => {
  it('offers the import while there is nothing, and filters what there is', async () => {
    let list: DatasetSummary[] = []
    screen = await renderWithHost(<DataPage />, base({ list: () => list }))
    await screen.settle(80)
    expect(screen.text()).toContain('No data yet')
    await screen.unmount()
    list = [summary('strikes', '1'), summary('claims', '2')]
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
    const one = summary('strikes', '6d6f21ab-4ad5-4ed0-9c5b-0e4a6f2a2d01')
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

describe('import', () => {
  it('opens the file dialog, checks the name as one types, sends what was chosen and links to the bad rows', async () => {
    const sent: ImportOptions[] = []
    const handlers = base({
      list: () => [],
      previewImport: ({ path }) => preview(path),
      async *import({ options }) {
        sent.push(options)
        yield { fraction: 0.5, message: 'Reading' }
        const { versions: _versions, version, ...dataset } = detail(options.name)
        return { dataset, version, created: true }
      }
    })
    screen = await renderWithHost(<DataPage />, handlers, { openFiles: async () => ['/data/strikes.csv'] })
    await screen.settle(80)
    await screen.click(screen.find('button', 'Import a file'))
    await screen.settle(150)
    expect(screen.text()).toContain('1 rows do not parse')
    const name = [...screen.container.querySelectorAll<HTMLInputElement>('form input')].find((input) => input.value === 'strikes')
    if (!name) throw new Error('The suggested name is not there.')
    await screen.type(name, 'bad@name')
    expect(screen.text()).toContain('no control characters and no "@"')
    expect(screen.find('button', 'Import').hasAttribute('disabled')).toBe(true)
    await screen.type(name, 'strikes 1990')
    await act(async () => changeDraftColumn('cost', { knownWhen: 'after' }))
    await screen.click(screen.find('button', 'Import'))
    await screen.settle(150)
    expect(sent).toEqual([{ name: 'strikes 1990', columns: [{ source: 'cost', knownWhen: 'after' }] }])
    expect(screen.text()).toContain('1 row of the file did not parse and is not in the dataset')
    await screen.click(screen.find('button', 'Show the bad rows'))
    expect(window.location.hash).toBe('#/data/strikes%201990?tab=bad-rows')
  })

  it('shows why a file cannot be read, with the way to another one', async () => {
    const handlers = base({
      list: () => [],
      previewImport: () => {
        throw Object.assign(new Error('"cut.arrow" is a truncated Arrow file: its footer is missing. Copy it again.'), {
          code: 'INVALID_INPUT'
        })
      }
    })
    queueImports(['/data/cut.arrow'])
    window.location.hash = '#/data?view=import'
    screen = await renderWithHost(<DataPage />, handlers)
    await screen.settle(150)
    expect(screen.find('alert', /truncated Arrow file/).textContent).toContain('Copy it again.')
    expect(screen.find('button', 'Import').hasAttribute('disabled')).toBe(true)
  })

  it('takes dropped files in line and refuses other kinds', async () => {
    screen = await renderWithHost(<DataPage />, base({ list: () => [], previewImport: ({ path }) => preview(path) }), {
      pathOfDroppedFile: (file) => `/dropped/${file.name}`
    })
    await screen.settle(80)
    const drop = new Event('drop', { bubbles: true, cancelable: true })
    const files = [new File([''], 'A.CSV'), new File([''], 'b.parquet'), new File([''], 'c.xlsx')]
    Object.assign(drop, { dataTransfer: { types: ['Files'], files } })
    await act(async () => void screen?.find('grid', 'Datasets').dispatchEvent(drop))
    await screen.settle(100)
    expect(screen.find('heading', 'Import A.CSV')).toBeTruthy()
    expect(screen.text()).toContain('1 more file after this one')
    expect(screen.text()).toContain('c.xlsx cannot be imported.')
    expect(dataStore.getState().waiting).toEqual(['/dropped/b.parquet'])
  })

  it('cancels at the wish of the person and keeps what was entered', async () => {
    let stopped = false
    const handlers = base({
      list: () => [],
      previewImport: ({ path }) => preview(path),
      async *import(_input, { signal }) {
        yield { fraction: 0.1, message: 'Reading' }
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        stopped = true
        throw Object.assign(new Error('The import was cancelled.'), { code: 'CANCELLED' })
      }
    })
    queueImports(['/data/strikes.csv'])
    dataStore.setState((state) => ({ draft: state.draft && { ...state.draft, name: 'mine' } }))
    window.location.hash = '#/data?view=import'
    screen = await renderWithHost(<DataPage />, handlers)
    await screen.settle(150)
    await screen.click(screen.find('button', 'Import'))
    await screen.settle(80)
    expect(screen.find('progressbar', /Importing strikes.csv/).getAttribute('aria-valuenow')).toBe('10')
    await screen.click(screen.find('button', 'Stop the import'))
    await screen.settle(100)
    expect(stopped).toBe(true)
    expect([...screen.container.querySelectorAll<HTMLInputElement>('form input')].map((input) => input.value)).toContain('mine')
  })

  it('keeps choices that fit and drops those of columns that another delimiter unmakes', () => {
    queueImports(['/a.csv', '/b.csv'])
    changeDraftColumn('cost', { role: 'ignored', type: 'text' })
    const draft = () => dataStore.getState().draft ?? newDraft('')
    expect(previewChoices(draft())).toEqual({ columns: [{ source: 'cost', type: 'text', dateFormat: undefined }] })
    expect(importOptions(draft(), 'n').columns).toEqual([{ source: 'cost', role: 'ignored', type: 'text' }])
    changeDialect({ decimal: ',' })
    expect(Object.keys(draft().columns)).toEqual(['cost'])
    changeDialect({ delimiter: ';' })
    expect(importOptions(draft(), 'n')).toEqual({ name: 'n', dialect: { decimal: ',', delimiter: ';' } })
    expect(dataStore.getState().waiting).toEqual(['/b.csv'])
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
        get: () => detail('strikes'),
        setColumns: ({ columns }) => {
          patches.push(...columns)
          return detail('strikes')
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
    const columns = [column('a', 'target'), column('b')]
    expect(withFormerTarget(columns, [{ name: 'b', role: 'target' }])).toEqual([
      { name: 'b', role: 'target' },
      { name: 'a', role: 'feature' }
    ])
    expect(withFormerTarget(columns, [{ name: 'b', role: 'ignored' }])).toEqual([{ name: 'b', role: 'ignored' }])
  })
})

describe('SQL', () => {
  it('runs with Ctrl+Enter, says what was cut and where an error is', async () => {
    dataStore.setState({ workspace: 'w1', sql: 'SELECT x\nFROM strikes' })
    window.location.hash = '#/data?view=sql'
    let fail = false
    screen = await renderWithHost(
      <DataPage />,
      base({
        list: () => [summary('strikes', '1')],
        get: () => detail('strikes'),
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
    fail = true
    await screen.press(editor, 'Enter', { ctrlKey: true })
    await screen.settle(100)
    expect(screen.find('alert', /was not found/)).toBeTruthy()
    expect(screen.text()).toContain('Line 1, column 8: SELECT x')
  })

  it('offers the tables of the ledger with their columns', async () => {
    dataStore.setState({ workspace: 'w1', sql: '' })
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
