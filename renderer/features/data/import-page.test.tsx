import { act } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportOptions } from '../../../main/model/dataset'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { forgetWork } from './background-work'
import { datasetDetail } from '../../../main/testing/sample-datasets'
import { base, preview } from './data-area.fixture'
import { DataPage } from './data-page'
import { changeDialect, changeDraftColumn, dataStore, importOptions, newDraft, previewChoices, queueImports } from './data-store'
import { droppedFiles } from './dropped-files'

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

describe('import', () => {
  it('opens the file dialog, checks the name as one types, sends what was chosen and links to the misfits', async () => {
    const sent: ImportOptions[] = []
    const handlers = base({
      list: () => [],
      previewImport: ({ path }) => preview(path),
      async *import({ options }) {
        sent.push(options)
        yield { fraction: 0.5, message: 'Reading' }
        const { versions: _versions, version, ...dataset } = datasetDetail(options.name)
        return { dataset, version, created: true }
      }
    })
    screen = await renderWithHost(<DataPage />, handlers, { openFiles: async () => ['/data/strikes.csv'] })
    await screen.settle(80)
    await screen.click(screen.find('button', 'Import a file'))
    await screen.settle(150)
    expect(screen.text()).toContain('1 row does not parse')
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
    expect(screen.text()).toContain('1 row of the file could not be read and was left out of the dataset.')
    await screen.click(screen.find('button', 'Show the misfits'))
    expect(window.location.hash).toBe('#/data/strikes%201990?tab=misfits')
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

  it('leaves a damaged column out at the place of the error, of the preview and of the import, and reads it again', async () => {
    const asked: unknown[] = []
    const damaged = (columns: string[]) =>
      Object.assign(new Error(`Column "${columns[0]}" of "cut.parquet" cannot be read: it is damaged. Leave it out.`), {
        code: 'INVALID_INPUT',
        details: { columns, leaveOut: columns }
      })
    const handlers = base({
      list: () => [],
      previewImport: ({ path, choices }) => {
        asked.push(choices?.columns)
        if (!choices?.columns?.some(({ source, drop }) => source === 'size' && drop)) throw damaged(['size'])
        const found = preview(path)
        return { ...found, columns: found.columns.slice(1), rows: [['2']] }
      },
      async *import({ options }) {
        asked.push(options.columns)
        yield { fraction: 0.5, message: 'Reading' }
        throw damaged(['cost'])
      }
    })
    queueImports(['/data/cut.parquet'])
    window.location.hash = '#/data?view=import'
    screen = await renderWithHost(<DataPage />, handlers)
    await screen.settle(150)
    await screen.click(screen.find('button', 'Leave "size" out'))
    await screen.settle(300)
    expect(screen.text()).toContain('"size" cannot be read and is left out.')
    await screen.click(screen.find('button', 'Import'))
    await screen.settle(150)
    expect(asked).toEqual([undefined, [{ source: 'size', drop: true }], [{ source: 'size', drop: true }]])
    await screen.click(screen.find('button', 'Leave "cost" out'))
    await screen.settle(100)
    expect(screen.text()).toContain('"size", "cost" cannot be read and are left out.')
    await screen.click(screen.find('button', 'Read again'))
    await screen.settle(150)
    expect(screen.find('alert', /"size" of "cut.parquet" cannot be read/)).toBeTruthy()
  })

  it('offers how quotes stand within quotes, and only where there are some', async () => {
    queueImports(['/data/strikes.csv'])
    window.location.hash = '#/data?view=import'
    const asked: unknown[] = []
    const handlers = base({
      list: () => [],
      previewImport: ({ path, choices }) => {
        asked.push(choices?.dialect)
        const found = preview(path)
        return { ...found, dialect: { ...found.dialect!, ...choices?.dialect } }
      }
    })
    screen = await renderWithHost(<DataPage />, handlers)
    await screen.settle(150)
    expect(screen.find('combobox', /Doubled/)).toBeTruthy()
    await act(async () => changeDialect({ escape: 'backslash' }))
    await screen.settle(150)
    expect(screen.find('combobox', /Behind a backslash/)).toBeTruthy()
    expect(asked.at(-1)).toEqual({ escape: 'backslash' })
    await act(async () => changeDialect({ quote: '' }))
    await screen.settle(150)
    expect(screen.text()).not.toContain('Quotes within quotes')
  })

  it('puts dropped files in line behind the one that is being prepared', async () => {
    droppedFiles.take(['/dropped/A.CSV', '/dropped/b.parquet'])
    dataStore.setState((state) => ({ draft: state.draft && { ...state.draft, name: 'mine' } }))
    droppedFiles.take(['/dropped/c.json', '/dropped/A.CSV', '/dropped/b.parquet'])
    expect(dataStore.getState().waiting).toEqual(['/dropped/b.parquet', '/dropped/c.json'])
    screen = await renderWithHost(<DataPage />, base({ list: () => [], previewImport: ({ path }) => preview(path) }))
    await screen.settle(100)
    expect(screen.find('heading', 'Import A.CSV')).toBeTruthy()
    expect(screen.text()).toContain('2 more files after this one')
    expect([...screen.container.querySelectorAll<HTMLInputElement>('form input')].map((input) => input.value)).toContain('mine')
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

  it('renames columns, takes a date format, and refuses two columns of one name', async () => {
    let options: ImportOptions | undefined
    const asked: unknown[] = []
    const handlers = base({
      list: () => [],
      previewImport: ({ path, choices }) => {
        asked.push(choices?.columns)
        const found = preview(path)
        return { ...found, columns: [found.columns[0], { ...found.columns[1], importType: 'date', type: 'DATE', kind: 'date' }] }
      },
      async *import(input) {
        options = input.options
        yield { fraction: 0, message: 'Reading' }
        throw Object.assign(new Error('The disk is full.'), { code: 'DISK_FULL' })
      }
    })
    queueImports(['/data/strikes.csv'])
    window.location.hash = '#/data?view=import'
    screen = await renderWithHost(<DataPage />, handlers)
    await screen.settle(150)
    const name = () => screen?.find('textbox', 'Name of size') as HTMLInputElement
    name().focus()
    await screen.type(name(), 'COST')
    await screen.press(name(), 'Enter')
    expect(screen.find('alert', /Two columns have the same name/)).toBeTruthy()
    expect(name().getAttribute('aria-invalid')).toBe('true')
    expect(screen.find('button', 'Import').hasAttribute('disabled')).toBe(true)
    name().focus()
    await screen.type(name(), 'Grösse')
    await screen.press(name(), 'Enter')
    expect(screen.text()).not.toContain('Two columns have the same name')
    expect(screen.find('columnheader', 'Grösse')).toBeTruthy()
    await act(async () => changeDraftColumn('cost', { type: 'date', dateFormat: '%d/%m/%Y' }))
    await screen.settle(100)
    expect(screen.find('combobox', 'How cost is written').textContent).toContain('31/12/2026')
    expect(asked.at(-1)).toEqual([{ source: 'cost', type: 'date', dateFormat: '%d/%m/%Y' }])
    await screen.click(screen.find('button', 'Import'))
    await screen.settle(100)
    expect(options?.columns).toEqual([
      { source: 'size', name: 'Grösse' },
      { source: 'cost', type: 'date', dateFormat: '%d/%m/%Y' }
    ])
    expect(name().value).toBe('Grösse')
  })

  it('keeps choices that fit and drops those of columns that another delimiter unmakes', () => {
    queueImports(['/a.csv', '/b.csv'])
    changeDraftColumn('cost', { role: 'ignored', type: 'text' })
    const draft = () => dataStore.getState().draft ?? newDraft('')
    expect(previewChoices(draft())).toEqual({ columns: [{ source: 'cost', type: 'text' }] })
    expect(importOptions(draft(), 'n').columns).toEqual([{ source: 'cost', role: 'ignored', type: 'text' }])
    changeDialect({ decimal: ',' })
    expect(Object.keys(draft().columns)).toEqual(['cost'])
    changeDialect({ delimiter: ';' })
    expect(importOptions(draft(), 'n')).toEqual({ name: 'n', dialect: { decimal: ',', delimiter: ';' } })
    expect(dataStore.getState().waiting).toEqual(['/b.csv'])
  })
})
