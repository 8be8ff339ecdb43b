import { act } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { doubtsOf, type RunDetail, type RunSummary } from '../../../main/model/run'
import { parseRunFilter } from '../../../main/model/run-filter'
import { renderWithHost, type RenderedScreen, type SomeHandlers } from '../../host/testing'
import { ExperimentsPage } from './experiments-page'
import { runsView } from './view-store'
import { ExperimentId, RunId } from '../../../main/model/reference'
import { runDetail, runSummary } from '../../../main/testing/sample-runs'

const idOf = (n: number): RunId => RunId.parse(n.toString(16).padStart(32, '0'))
/** Of the rows that runs 5 and 6 were judged on, many and few are rows of their training. */
const patients = { column: 'patient', role: 'group' as const, shared: 37, of: 40, rows: 118, unnamed: 0 }
const days = { column: 'day', overlap: 7, of: 300, trainingEnds: '2024-02-01', judgedBegins: '2024-01-31' }
/** The sides of the splits of runs 10 and 11 are tied by groups and by time. */
const tied = (n: number) =>
  n === 10 || n === 11
    ? {
        testData: 'd'.repeat(64),
        rowsJudged: 200,
        // Few shared rows are less grave than what ties the two.
        rowsShared: n === 11 ? 1 : 0,
        splitCheck: { judgedRows: 200, groups: n === 10 ? [patients] : [], times: n === 11 ? [days] : [] }
      }
    : {}
const sharing = (n: number) => (n === 5 || n === 6 ? { testData: 'd'.repeat(64), rowsJudged: 200, rowsShared: n === 5 ? 50 : 1 } : {})
const run = (n: number): RunSummary =>
  runSummary(`run ${n}`, {
    id: idOf(n),
    experiment: 'sweep',
    algorithm: n % 2 ? 'gradient-boosting' : 'logistic-regression',
    startedAt: `2026-01-01T00:00:${String(n).padStart(2, '0')}.000Z`,
    endedAt: '2026-01-01T00:01:00.000Z',
    duration: 60 - n,
    parameters: { trees: String(n * 10) },
    metrics: { auc: { value: 0.5 + n / 100, low: 0.49 + n / 100, high: 0.51 + n / 100 } },
    registered: n === 1 ? ['damage@1'] : [],
    testData: n === 3 ? 'c'.repeat(64) : null,
    trainingData: n === 3 ? 'c'.repeat(64) : null,
    ...sharing(n),
    ...tied(n),
    ...(n === 2 && { gate: 'fail' as const, gateShortfall: 'undecided' as const })
  })
/** Run 4 is the best, runs 2 and 3 cannot be told apart, run 1 has no place. */
const rankOf = ({ id }: RunSummary, by: string | undefined) => {
  const place = [4, 3, 2].map(idOf).indexOf(id)
  if (by !== 'auc' || place < 0) return { none: 'its figure is not a finite number' }
  return { from: Math.min(2, place + 1), to: place === 0 ? 1 : 3, of: 3 }
}
const detail = (summary: RunSummary): RunDetail => runDetail(summary.name, summary)

/** A host of some runs that filters and sorts as the real one and remembers what is in the trash. */
function host(count: number) {
  const runs = Array.from({ length: count }, (_, index) => run(index + 1))
  const trash = new Set<string>()
  const asked: { filter: string; sort: string }[] = []
  const handlers: SomeHandlers = {
    system: {
      changes: async function* (_input, { signal }) {
        yield { topics: [] }
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return null
      }
    },
    experiments: {
      list: () => [
        {
          id: ExperimentId.parse('1'),
          name: 'sweep',
          question: 'Which one?',
          primaryMetric: 'auc',
          createdAt: run(1).startedAt,
          runs: count - trash.size,
          trials: count
        }
      ],
      runs: ({ filter, sort, descending, offset, limit, trashed, rankBy }) => {
        asked.push({ filter, sort })
        const all = runs.filter((each) => trash.has(each.id) === trashed)
        const found = all.filter(parseRunFilter(filter)).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
        if (descending) found.reverse()
        return {
          total: found.length,
          all: all.length,
          runs: found.slice(offset, offset + limit).map((each) => ({ ...each, rank: rankOf(each, rankBy) })),
          metricKeys: ['auc'],
          parameterKeys: ['trees'],
          ranges: { auc: { low: 0.5, high: 0.7 } },
          notes: []
        }
      },
      runIds: ({ filter, trashed }) =>
        runs.filter((each) => trash.has(each.id) === trashed && parseRunFilter(filter)(each)).map(({ id }) => id),
      run: ({ id }) => detail(runs.find((each) => each.id === id)!),
      compare: ({ ids, baseline, rows }) => ({
        baseline: { run: ids[0], reason: baseline === undefined ? ('first' as const) : ('chosen' as const) },
        isJudged: rows,
        runs: ids.map((id) => runs.find((each) => each.id === id)!),
        parameters: [{ key: 'trees', values: ids.map((id) => runs.find((each) => each.id === id)!.parameters['trees']), differs: true }],
        metrics: [],
        data: [],
        environment: [],
        code: [],
        warnings: ['The runs were judged on different test data.', ...doubtsOf(ids.map((id) => runs.find((each) => each.id === id)!))]
      }),
      trash: ({ ids }) => {
        for (const id of ids) trash.add(id)
        return null
      },
      restore: ({ ids }) => {
        for (const id of ids) trash.delete(id)
        return null
      }
    }
  }
  return { handlers, asked }
}

let screen: RenderedScreen | undefined
afterEach(async () => {
  await screen?.unmount()
  runsView.setState(runsView.getInitialState(), true)
  window.location.hash = ''
})

const show = async (count: number) => {
  window.location.hash = '#/experiments'
  const { handlers, asked } = host(count)
  screen = await renderWithHost(<ExperimentsPage />, handlers)
  await screen.settle(80)
  return { screen, asked }
}
const bodyRows = () =>
  [...document.querySelectorAll('[role=grid][aria-label=Runs] [role=row]')].filter((row) => row.querySelector('[role=gridcell]'))

/** Waits until something holds; how long debounce and paging take depends on the machine. */
async function until(check: () => void): Promise<void> {
  for (let attempt = 0; ; attempt++)
    try {
      return check()
    } catch (error) {
      if (attempt > 60) throw error
      await screen?.settle(50)
    }
}

describe('the runs page', () => {
  it('says what to do on the first day', async () => {
    const { screen } = await show(0)
    expect(screen.text()).toContain('No runs yet')
    screen.find('button', 'Open the pipelines')
  })

  it('keeps the last readable filter while one types a mistake, and says where it is', async () => {
    const { screen, asked } = await show(9)
    const field = screen.find('combobox', 'Filter runs') as HTMLInputElement
    await screen.type(field, "algorithm = 'logistic-regression'")
    await until(() => expect(bodyRows()).toHaveLength(4))
    await screen.type(field, "algorithm = 'logistic-regression' xor name")
    await screen.settle(320)
    expect(screen.find('alert', /character 35/).textContent).toContain('last filter that could be read')
    expect(field.getAttribute('aria-invalid')).toBe('true')
    expect(bodyRows()).toHaveLength(4)
    expect(new Set(asked.map((each) => each.filter))).toEqual(new Set(['', "algorithm = 'logistic-regression'"]))
  })

  it('selects all runs that match, those beyond the loaded pages too, and says how many', async () => {
    const { screen } = await show(700)
    const field = screen.find('combobox', 'Filter runs') as HTMLInputElement
    await screen.type(field, "algorithm = 'logistic-regression'")
    await until(() => expect(screen.text()).toContain('350 of 700 runs'))
    await screen.click(screen.find('checkbox', 'Select all rows'))
    await until(() => expect(screen.text()).toContain('350 selected'))
    expect(runsView.getState().selection.size).toBe(350)
  })

  it('calls a gate undecided that is no known failure, in the list and over the run', async () => {
    await show(2)
    await until(() => expect(bodyRows()[0]!.textContent).toContain('undecided'))
    await act(async () => {
      window.location.hash = `#/experiments/runs/${idOf(2)}`
    })
    await until(() => expect(document.querySelector('header')?.textContent).toMatch(/gate undecided/))
  })

  it('selects by keyboard, pins a baseline with deltas, and goes to the comparison', async () => {
    const { screen } = await show(9)
    const grid = screen.find('grid', 'Runs')
    for (const key of ['j', ' ', 'j', ' ']) await screen.press(grid, key)
    expect([...runsView.getState().selection]).toEqual([idOf(9), idOf(8)])
    await screen.click(screen.find('button', 'Pin as baseline'))
    expect(runsView.getState().baseline).toBeNull()
    await screen.press(grid, ' ')
    await screen.click(screen.find('button', 'Pin as baseline'))
    expect(runsView.getState().baseline).toBe(idOf(9))
    await until(() => expect(bodyRows()[1].textContent).toContain('\u22120.010'))
    await screen.press(grid, ' ')
    await screen.click(screen.find('button', /^Compare/))
    expect(window.location.hash).toBe(`#/experiments/compare?ids=${encodeURIComponent(`${idOf(9)},${idOf(8)}`)}&baseline=${idOf(9)}`)
    await until(() => expect(screen.text()).toContain('"run 9" is chosen as baseline'))
    await until(() => expect(screen.text()).toContain('judged on different test data'))
    expect(screen.text()).toContain('trees')
  })

  it('gives a place only where figures can be told apart: ties share one, and what has none says why', async () => {
    await show(4)
    await until(() => expect(bodyRows()).toHaveLength(4))
    const cells = bodyRows().map((row) => row.querySelectorAll('[role=gridcell]')[2]!)
    expect(cells.map((cell) => cell.querySelector('[aria-hidden]:not(svg)')?.textContent ?? cell.textContent)).toEqual([
      'best',
      '2=',
      '2=',
      '\u2013'
    ])
    expect(cells.map((cell) => cell.querySelector('[title]')?.getAttribute('title'))).toEqual([
      'Best of 3 by AUC, beyond chance.',
      ...Array.from({ length: 2 }, () => expect.stringContaining('Place 2 to 3 of 3 by AUC')),
      'No place by AUC: its figure is not a finite number.'
    ])
  })

  it('marks in red the run that was judged on its training rows, in the list and in the comparison', async () => {
    const { screen } = await show(4)
    const onTrainingRows = 'Judged on the rows that the model was trained on: these figures say nothing about new rows.'
    const marks = () => [...document.querySelectorAll(`[role=note][aria-label="${onTrainingRows}"]`)]
    await until(() => expect(bodyRows()).toHaveLength(4))
    expect(marks()).toHaveLength(1)
    expect(marks()[0].closest('[role=row]')?.textContent).toContain('run 3')
    expect(marks()[0].firstElementChild?.getAttribute('class')).toContain('text-error')
    const figures = [...document.querySelectorAll(`[title="${onTrainingRows}"] .text-error`)].map((figure) => figure.textContent)
    expect(figures).toEqual(['', '0.530'])
    await act(async () => (window.location.hash = `#/experiments/compare?ids=${[2, 3, 4].map(idOf).join()}`))
    await until(() => expect(screen.find('region', 'Runs side by side').contains(marks()[0])).toBe(true))
    expect(marks()).toHaveLength(1)
    expect(marks()[0].closest('th')?.textContent).toMatch(/run 3.*on training rows/)
  })

  it('marks in red the runs that share judged rows with their training, and in red figures only where these are many', async () => {
    const { screen } = await show(6)
    const many = '50 of the judged rows (25.0%) stand in the training rows too: these figures say little about new rows.'
    const few = '1 of the judged rows (0.5%) stand in the training rows too.'
    const marks = (text: string) => [...document.querySelectorAll(`[role=note][aria-label="${text}"]`)]
    await until(() => expect(bodyRows()).toHaveLength(6))
    for (const [text, name, figures] of [
      [many, 'run 5', ['0.550']],
      [few, 'run 6', []]
    ] as const) {
      expect(marks(text).map((mark) => mark.closest('[role=row]')?.textContent)).toEqual([expect.stringContaining(name)])
      expect(marks(text)[0].firstElementChild?.getAttribute('class')).toContain('text-error')
      const inRed = [...marks(text)[0].closest('[role=row]')!.querySelectorAll('span.text-error')]
      expect(inRed.map((figure) => figure.textContent)).toEqual(figures)
    }
    await act(async () => (window.location.hash = `#/experiments/compare?ids=${[2, 5, 6].map(idOf).join()}`))
    await until(() => expect(screen.find('region', 'Runs side by side').contains(marks(many)[0])).toBe(true))
    for (const [text, name] of [
      [many, 'run 5'],
      [few, 'run 6']
    ])
      expect(marks(text).map((mark) => mark.closest('th')?.textContent)).toEqual([expect.stringMatching(`${name}.*shares training rows`)])
  })

  it('marks in red the runs whose split ties its sides, with what ties them, and their figures', async () => {
    const { screen } = await show(11)
    const groups = '37 of 40 values of "patient" are on both sides of the split'
    const times = '7 training rows are later than the first judged row (2024-01-31) by "day"'
    const marks = (text: string) =>
      [...document.querySelectorAll('[role=note]')].filter((mark) => mark.getAttribute('aria-label')?.includes(text))
    await until(() => expect(bodyRows()).toHaveLength(11))
    for (const [text, name, figure] of [
      [groups, 'run 10', '0.600'],
      [times, 'run 11', '0.610']
    ] as const) {
      expect(marks(text).map((mark) => mark.closest('[role=row]')?.textContent)).toEqual([expect.stringContaining(name)])
      expect(marks(text)[0]!.firstElementChild?.getAttribute('class')).toContain('text-error')
      const inRed = [...marks(text)[0]!.closest('[role=row]')!.querySelectorAll('span.text-error')]
      expect(inRed.map((each) => each.textContent)).toEqual([figure])
    }
    await act(async () => (window.location.hash = `#/experiments/compare?ids=${[2, 10, 11].map(idOf).join()}`))
    await until(() => expect(screen.find('region', 'Runs side by side').contains(marks(groups)[0]!)).toBe(true))
    expect(marks(groups).map((mark) => mark.closest('th')?.textContent)).toEqual([expect.stringMatching(/run 10.*groups on both sides/)])
    expect(marks(times).map((mark) => mark.closest('th')?.textContent)).toEqual([expect.stringMatching(/run 11.*trained on later rows/)])
    // What is said of them above is as red, and nothing else is.
    const red = [...document.querySelectorAll('p[role=note].bg-error-soft')].map((said) => said.textContent)
    expect(red).toEqual([expect.stringContaining(groups), expect.stringContaining(times)])
    expect(document.querySelector('p[role=note].bg-warn-soft')?.textContent).toContain('different test data')
  })

  it('moves to the trash with undo, and counts the discarded trial', async () => {
    const { screen } = await show(3)
    const grid = screen.find('grid', 'Runs')
    await screen.press(grid, 'j')
    await screen.click(screen.find('button', 'Move to trash'))
    await until(() => expect(bodyRows()).toHaveLength(2))
    await until(() => expect(screen.text()).toContain('3 trials, 1 discarded'))
    await screen.click(screen.find('button', 'Undo'))
    await until(() => expect(bodyRows()).toHaveLength(3))
  })
})
