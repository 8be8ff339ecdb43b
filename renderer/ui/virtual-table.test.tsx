import { act, useEffect, useState } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { renderPlain, type RenderedScreen } from '../host/testing'
import { EmptyState, VirtualTable, type Column } from '.'
import { Database } from 'lucide-react'

interface Run {
  id: string
  name: string
  auc: number | null
}
const runs: Run[] = Array.from({ length: 10_000 }, (_, index) => ({
  id: `r${index}`,
  name: `run ${index}`,
  auc: index % 10 === 3 ? null : (index * 7919) % 10_000
}))
const columns: Column<Run>[] = [
  { id: 'name', header: 'Run', value: (row) => row.name, pinned: true },
  { id: 'auc', header: 'AUC', numeric: true, value: (row) => row.auc },
  ...Array.from({ length: 60 }, (_, index): Column<Run> => ({ id: `p${index}`, header: `p${index}`, value: () => index, numeric: true }))
]

let screen: RenderedScreen
let selected: Set<string>
let opened: string[]
let active: (string | null)[]

function Harness({ rows }: { rows: Run[] }) {
  const [selection, setSelection] = useState(new Set<string>())
  useEffect(() => {
    selected = selection
  }, [selection])
  return (
    <VirtualTable
      label="Runs"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      selection={selection}
      onSelectionChange={setSelection}
      onOpen={(row) => opened.push(row.id)}
      onActiveChange={(row) => active.push(row?.id ?? null)}
      empty={<EmptyState icon={Database} title="No runs yet" text="Run a pipeline." />}
    />
  )
}
const grid = () => screen.find('grid', 'Runs')

describe('VirtualTable', () => {
  beforeEach(() => {
    opened = []
    active = []
    window.localStorage.clear()
  })
  afterEach(() => screen.unmount())

  it('draws a window of 10,000 rows and 62 columns and says how many there are', async () => {
    screen = await renderPlain(<Harness rows={runs} />)
    const drawn = screen.container.querySelectorAll('[role="row"]').length
    expect(drawn).toBeGreaterThan(10)
    expect(drawn).toBeLessThan(60)
    expect(screen.container.querySelectorAll('[role="columnheader"]').length).toBeLessThan(20)
    expect(grid().getAttribute('aria-rowcount')).toBe('10001')
    expect(grid().getAttribute('aria-colcount')).toBe('63')
  })

  it('moves with arrows and J/K, selects with Space, extends with Shift, opens with Enter', async () => {
    screen = await renderPlain(<Harness rows={runs} />)
    for (const key of ['ArrowDown', 'j', 'j', 'k']) await screen.press(grid(), key)
    expect(active.at(-1)).toBe('r1')
    expect(document.getElementById(grid().getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-rowindex')).toBe('3')
    await screen.press(grid(), ' ')
    expect([...selected]).toEqual(['r1'])
    await screen.press(grid(), 'ArrowDown', { shiftKey: true })
    await screen.press(grid(), 'ArrowDown', { shiftKey: true })
    expect([...selected].sort()).toEqual(['r1', 'r2', 'r3'])
    await screen.press(grid(), 'Enter')
    expect(opened).toEqual(['r3'])
    await screen.press(grid(), 'Escape')
    expect(selected.size).toBe(0)
    await screen.press(grid(), 'a', { ctrlKey: true })
    expect(selected.size).toBe(10_000)
  })

  it('selects every row there is, the ones that are not loaded too, by the box of the header and by the keyboard', async () => {
    let asked = 0
    const Paged = () => {
      const [selection, setSelection] = useState(new Set<string>())
      useEffect(() => {
        selected = selection
      }, [selection])
      const loaded = Array.from({ length: 500 }, (_, index) => (index < 100 ? runs[index] : undefined))
      const allKeys = async () => {
        asked++
        return runs.slice(0, 500).map(({ id }) => id)
      }
      const shared = { label: 'Runs', columns, rowKey: (row: Run) => row.id, total: 500, empty: null }
      return <VirtualTable {...shared} rows={loaded} selection={selection} onSelectionChange={setSelection} allKeys={allKeys} />
    }
    screen = await renderPlain(<Paged />)
    const box = screen.find('checkbox', 'Select all rows')
    await screen.click(box)
    await screen.settle()
    expect(selected.size).toBe(500)
    expect(selected.has('r499')).toBe(true)
    expect(box.getAttribute('aria-checked')).toBe('true')
    await screen.click(box)
    expect(selected.size).toBe(0)
    await screen.press(grid(), 'a', { ctrlKey: true })
    await screen.settle()
    expect(selected.size).toBe(500)
    expect(asked).toBe(2)
  })

  it('keeps the cursor on its row when the order changes, and puts missing values last both ways', async () => {
    screen = await renderPlain(<Harness rows={runs.slice(0, 40)} />)
    await screen.press(grid(), 'ArrowDown')
    const header = screen.find('columnheader', /^AUC/)
    const button = header.querySelector('button')
    if (!button) throw new Error('The header cannot be clicked.')
    const namesInOrder = () =>
      [...screen.container.querySelectorAll<HTMLElement>('[role="row"][aria-rowindex]')]
        .slice(1)
        .map((row) => row.querySelector('[aria-colindex="2"]')?.textContent)
    await screen.click(button)
    expect(screen.find('columnheader', /^AUC/).getAttribute('aria-sort')).toBe('descending')
    const descending = namesInOrder()
    const largest = [...runs.slice(0, 40)].sort((a, b) => (b.auc ?? -1) - (a.auc ?? -1))
    expect(descending.slice(0, 3)).toEqual(largest.slice(0, 3).map((run) => run.name))
    expect(screen.container.querySelector('[data-active] [aria-colindex="2"]')?.textContent ?? 'run 0').toBe('run 0')
    await screen.click(button)
    expect(screen.find('columnheader', /^AUC/).getAttribute('aria-sort')).toBe('ascending')
    expect(namesInOrder()[0]).not.toBe('run 3')
  })

  it('brings a row into view that was chosen elsewhere, and stays there when the order changes', async () => {
    // jsdom does not scroll: this is what a browser does, with a scroll bar of 10 px that lies over the last rows.
    const scrollHeight = vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockReturnValue(32 + 10_000 * 30 + 10)
    const scrollTo = vi.spyOn(Element.prototype, 'scrollTo').mockImplementation(function (this: Element, options?: unknown) {
      this.scrollTop = (options as ScrollToOptions).top ?? this.scrollTop
      setTimeout(() => this.dispatchEvent(new Event('scroll')))
    })
    let choose: (key: string) => void = () => {}
    const Chosen = () => {
      const [key, setKey] = useState<string | null>('r5000')
      useEffect(() => {
        choose = setKey
      }, [])
      return <VirtualTable label="Runs" columns={columns} rows={runs} rowKey={(row) => row.id} activeKey={key} empty={null} />
    }
    screen = await renderPlain(<Chosen />)
    const rowInView = (index: number) => screen.container.querySelector(`[aria-rowindex="${index + 2}"]`)
    expect(rowInView(5_000)?.textContent).toContain('run 5000')
    expect(rowInView(5_000)?.getAttribute('aria-selected')).toBe('true')
    await act(async () => choose('r9999'))
    await screen.settle()
    // The last row ends above the horizontal scroll bar, not behind it.
    expect(grid().scrollTop).toBe(32 + 10_000 * 30 + 10 - 600)
    await act(async () => choose('r9998'))
    for (const _ of ['ascending', 'descending'])
      await screen.click(screen.find('columnheader', 'Run').querySelector('button') as HTMLElement)
    await screen.settle()
    expect(rowInView(9_999)?.textContent).toContain('run 0')
    scrollTo.mockRestore()
    scrollHeight.mockRestore()
  })

  it('keeps the cursor on a row that is not loaded yet, and takes the row once it is there', async () => {
    const sparse = new Array<Run | undefined>(runs.length).fill(undefined)
    runs.slice(0, 100).forEach((run, index) => (sparse[index] = run))
    let load: () => void = () => {}
    const Paged = () => {
      const [rows, setRows] = useState<readonly (Run | undefined)[]>(sparse)
      useEffect(() => {
        load = () => setRows(runs)
      }, [])
      const note = (row: Run | null) => active.push(row?.id ?? null)
      return <VirtualTable label="Runs" columns={columns} rows={rows} rowKey={(row) => row.id} onActiveChange={note} empty={null} />
    }
    screen = await renderPlain(<Paged />)
    await screen.press(grid(), 'End')
    await screen.press(grid(), 'ArrowUp')
    expect(active).toEqual([])
    await act(async () => load())
    await screen.settle()
    expect(active).toEqual(['r9998'])
    await screen.press(grid(), 'ArrowUp')
    expect(active.at(-1)).toBe('r9997')
  })

  it('shows the empty state', async () => {
    screen = await renderPlain(<Harness rows={[]} />)
    expect(screen.text()).toContain('No runs yet')
  })

  it('selects the range between two clicks with Shift', async () => {
    screen = await renderPlain(<Harness rows={runs} />)
    const rows = screen.container.querySelectorAll('[aria-rowindex]')
    await screen.click(rows[2])
    await screen.click(rows[5], { shiftKey: true })
    expect([...selected]).toEqual(['r1', 'r2', 'r3', 'r4'])
    await act(async () => undefined)
  })
})
