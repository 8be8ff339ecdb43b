import { act } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../main/model/errors'
import type { Explanation } from '../../../main/model/explanation'
import { RunId, Sha256 } from '../../../main/model/reference'
import type { OpenPanel, PanelAnswer, RowValues } from '../../../main/model/what-if'
import { renderWithHost, type RenderedScreen, type SomeHandlers } from '../../host/testing'
import { runDetail } from '../../../main/testing/sample-runs'
import type { RunDetail } from '../../../main/model/run'
import { WhyTab } from './why-tab'

const run = RunId.parse('1'.repeat(32))
const sha256 = Sha256.parse('a'.repeat(64))
const panelId = '6f1f2c52-6c58-4b3c-9a08-2f4fd6a3f4a1'

const explanation: Explanation = {
  schema: 'drydock.contributions',
  version: 1,
  model: { sha256 },
  task: 'multiclass-classification',
  target: 'kind',
  method: 'interventional',
  space: 'class-score',
  blackBox: null,
  seed: 42,
  rows: 100,
  background: { rows: 50, from: 'training rows' },
  additivity: 1e-9,
  largestError: null,
  outputs: ['cat', 'dog'].map((name, at) => ({
    name,
    base: at + 0.25,
    features: [
      { feature: 'speed', mean: 0.5 + at, low: 0.4 + at, high: 0.6 + at, signed: 0 },
      { feature: 'colour', mean: 0.125, low: 0.1, high: 0.15, signed: 0 }
    ]
  })),
  dependence: ['speed', 'colour'].map((feature) => ({
    feature,
    points: [{ value: feature === 'speed' ? 3 : 'red', contribution: 0.11, contributions: [0.11, -0.77] }]
  })),
  narrative: ['For the class "cat" the answers start.', 'For the class "dog" the answers start.', 'Figures are in class scores.']
}

const opened: OpenPanel = {
  panel: panelId,
  model: { name: 'pets@1', sha256 },
  target: 'kind',
  method: 'interventional',
  space: 'log-odds',
  blackBox: null,
  background: { rows: 50, from: 'training rows' },
  rows: { count: 7, split: 'test', columns: ['case', 'speed', 'colour', 'kind'] },
  outputs: ['true'],
  decidesFrom: 0.5,
  columns: [
    { name: 'speed', kind: 'number', unit: 'kn', range: { min: 0, max: 300 }, usual: 90 },
    { name: 'colour', kind: 'category', texts: ['red', 'blue'], usual: 'red' }
  ]
}

/** A model whose score is its speed over 1,000. */
const answerOf = ({ speed }: RowValues): PanelAnswer => {
  const score = Number(speed) / 1000
  return {
    told: {
      ...{ row: 1, output: 'true', base: -1, margin: score * 2 - 1, score },
      features: [{ feature: 'speed', value: Number(speed), contribution: score * 2, code: 'S1', reason: 'It was fast.' }],
      narrative: [`The model gives a probability of ${score}.`]
    },
    scores: [{ name: 'true', score }],
    around: { coverage: 0.9, set: ['not true', 'true'] },
    notes: Number(speed) > 300 ? ['"speed" is beyond training.'] : []
  }
}

const aRun = (artifacts: RunDetail['artifacts']): RunDetail => runDetail('a run', { artifacts })

/** Holds this panel open until its reader goes. */
const holding = (panel: OpenPanel): NonNullable<NonNullable<SomeHandlers['explain']>['panel']> =>
  async function* (_, { signal }) {
    yield panel
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    return { ended: 'idle' }
  }

let screen: RenderedScreen
afterEach(() => screen.unmount())

async function open(
  part: 'model' | 'row',
  explain: SomeHandlers['explain'] = {},
  experiments: SomeHandlers['experiments'] = {},
  os: Parameters<typeof renderWithHost>[2] = {}
): Promise<void> {
  window.location.hash = `#/experiments/runs/${run}?tab=why&part=${part}`
  const handlers: SomeHandlers = {
    experiments: { run: () => aRun([{ name: 'model.onnx', kind: 'model', sha256, size: 1 }]), ...experiments },
    explain: {
      ofRun: () => explanation,
      dependenceOfRun: () => null,
      panel: holding(opened),
      row: ({ row }) => ({ speed: row * 100, colour: 'blue' }),
      ask: ({ values }) => answerOf(values),
      ...explain
    }
  }
  screen = await renderWithHost(<WhyTab run={run} model={{ run }} hasModel />, handlers, os)
  await screen.settle()
}

describe('why a model answers as it does', () => {
  it('says what an explanation is where there is none, and makes one by a click', async () => {
    let made: Explanation | null = null
    await open('model', {
      ofRun: () => made,
      run: async function* () {
        yield { fraction: 0.5, message: 'Explaining the rows' }
        made = explanation
        return explanation
      }
    })
    await screen.shows('This run has no explanation yet')
    await screen.click(screen.find('button', 'Explain this run'))
    await screen.shows('What moves the answers')
    expect(screen.text()).not.toContain('no explanation yet')
  })

  it('shows the figures of the class that is chosen, in picture and table', async () => {
    await open('model')
    await screen.shows('the base of 0.25')
    const [bars, strips] = [...screen.container.querySelectorAll('figure')]
    await screen.click([...bars!.querySelectorAll('button')][0]!)
    await screen.click([...strips!.querySelectorAll('button')][0]!)
    expect(bars!.textContent).toContain('speed0.50.40.6')
    expect(strips!.textContent).toContain('speed30.11')
    await screen.click(screen.find('combobox', /Class|cat/))
    await screen.settle()
    const option = screen.find('option', 'dog')
    // A select takes a click only on what the pointer is over.
    await act(async () => void option.dispatchEvent(new MouseEvent('mousemove', { bubbles: true })))
    await screen.settle(60)
    await screen.click(option)
    await screen.shows('the base of 1.25')
    expect(bars!.textContent).toContain('speed1.51.41.6')
    expect(strips!.textContent).toMatch(/speed3.0\.77/)
  })

  it('shows what shuffling a column loses, with its interval, and whose rows were drawn together', async () => {
    const of = { metric: 'AUC lost when the column is shuffled', rows: 80, repeats: 5, value: 0.9 }
    const permutation = { ...of, clusters: 'site', features: [{ feature: 'speed', loss: 0.25, low: 0.125, high: 0.375 }] }
    await open('model', { ofRun: () => ({ ...explanation, permutation }) })
    await screen.shows('rows of the same site were drawn together')
    const figure = [...screen.container.querySelectorAll('figure')].find((each) => each.textContent?.includes('is shuffled'))!
    await screen.click(figure.querySelector('button')!)
    expect(figure.textContent).toContain('speed0.250.1250.375')
  })

  it('says that the curves cannot be read, and shows the rest', async () => {
    await open('model', {
      dependenceOfRun: () => {
        throw new WorkbenchError('NOT_FOUND', 'The document is gone.')
      }
    })
    await screen.shows('The document is gone.')
    expect(screen.text()).toContain('What moves the answers')
  })

  it('says of a run without a model that there is nothing to explain', async () => {
    screen = await renderWithHost(<WhyTab run={run} model={{ run }} hasModel={false} />, {})
    expect(screen.text()).toContain('There is no model to explain')
  })
})

describe('one row', () => {
  it('begins as a row of the data, and answers with reasons and what lies around', async () => {
    await open('row')
    await screen.shows('The model gives a probability of 0.1.')
    expect(screen.text()).toContain('0.1000')
    expect(screen.text()).toContain('not true, true')
    expect(screen.text()).toContain('It was fast.')
    await screen.click(screen.find('button', 'The next row'))
    await screen.shows('The model gives a probability of 0.2.')
    await screen.click(screen.find('button', 'Usual values'))
    await screen.shows('The model gives a probability of 0.09.')
  })

  it('says of a corrected probability that its margin is from before the correction', async () => {
    await open('row', { panel: holding({ ...opened, calibrated: true }) })
    await screen.shows('In log-odds, before the correction')
    expect(screen.text()).toMatch(/rows get .1 on average/)
  })

  it('answers a changed value, says what it was, and takes it back', async () => {
    await open('row')
    await screen.shows('The model gives a probability of 0.1.')
    const field = [...screen.container.querySelectorAll('input')].find((input) => input.value === '100')!
    await screen.type(field, '400')
    await screen.shows('The model gives a probability of 0.4.')
    await screen.shows('"speed" is beyond training.')
    expect(screen.text()).toContain('was 0.1000')
    expect(screen.text()).toContain('was 100')
    expect(screen.text()).toContain('1 value changed')
    await screen.click(screen.find('button', 'Take speed back'))
    await screen.shows('The model gives a probability of 0.1.')
    expect(screen.text()).not.toContain('value changed')
  })

  it('drops an answer that comes after a newer question', async () => {
    const slow = new Map<number, () => void>()
    await open('row', {
      ask: async ({ values }) => {
        if (values['speed'] === 500) await new Promise<void>((resolve) => slow.set(500, resolve))
        return answerOf(values)
      }
    })
    await screen.shows('The model gives a probability of 0.1.')
    const field = [...screen.container.querySelectorAll('input')].find((input) => input.value === '100')!
    await screen.type(field, '500')
    await screen.type(field, '600')
    await screen.shows('The model gives a probability of 0.6.')
    slow.get(500)?.()
    await screen.settle(60)
    expect(screen.text()).toContain('The model gives a probability of 0.6.')
    expect(screen.text()).not.toContain('The model gives a probability of 0.5.')
  })

  it('finds the nearest other answer with what must stay, and takes its values', async () => {
    const asked: unknown[] = []
    await open('row', {
      nearest: (input) => {
        asked.push(input)
        return {
          ...{ row: 1, output: 'true', score: 0.1, wanted: { atLeast: 0.5 }, immutable: [], asked: 12, narrative: [] },
          found: [{ score: 0.5, distance: 0.2, changes: [{ feature: 'speed', from: 100, to: 500 }] }]
        }
      }
    })
    await screen.shows('For a probability of at least 0.5')
    await screen.click(screen.find('button', 'Find the nearest'))
    await screen.shows('speed from 100 to 500')
    expect(asked).toMatchObject([{ panel: panelId, row: 1, rules: {} }])
    await screen.click(screen.find('button', 'Take the values of way 1'))
    await screen.shows('The model gives a probability of 0.5.')
  })

  it('asks again for what was refused, and not for what was answered', async () => {
    let times = 0
    await open('row', {
      nearest: () => {
        if (times++ === 0) throw new WorkbenchError('INTERNAL', 'The model was busy.')
        return {
          ...{ row: 1, output: 'true', score: 0.1, wanted: { atLeast: 0.5 }, immutable: [], asked: 12 },
          narrative: ['None was found.'],
          found: []
        }
      }
    })
    await screen.shows('For a probability of at least 0.5')
    await screen.click(screen.find('button', 'Find the nearest'))
    await screen.shows('The model was busy.')
    await screen.click(screen.find('button', 'Find the nearest'))
    await screen.shows('None was found.')
    expect(screen.text()).not.toContain('The model was busy.')
    await screen.click(screen.find('button', 'Find the nearest'))
    await screen.settle(60)
    expect(times).toBe(2)
  })

  it('leaves a search that was refused off the sheet, and puts one that was answered on it', async () => {
    const sheets: unknown[] = []
    let isRefused = true
    const handlers: SomeHandlers['explain'] = {
      nearest: () => {
        if (isRefused) throw new WorkbenchError('INVALID_INPUT', 'No row has such a colour.')
        return {
          ...{ row: 1, output: 'true', score: 0.1, wanted: { atLeast: 0.5 }, immutable: [], asked: 12 },
          narrative: ['None.'],
          found: []
        }
      },
      saveSheet: ({ nearest }) => {
        sheets.push(nearest)
        return { files: [{ path: '/home/vera/sheet.pdf', bytes: 10 }], sha256, foreignScripts: [] }
      }
    }
    await open('row', handlers, {}, { saveFile: () => Promise.resolve('chosen:t:/home/vera/sheet.pdf') })
    const save = async (): Promise<void> => {
      await screen.click(screen.find('button', 'Save decision sheet'))
      await screen.settle(60)
      await screen.click(screen.find('menuitem', /as PDF/))
      await screen.settle(60)
    }
    await screen.shows('For a probability of at least 0.5')
    await screen.click(screen.find('button', 'Find the nearest'))
    await screen.shows('No row has such a colour.')
    await save()
    expect(sheets).toEqual([undefined])
    isRefused = false
    await screen.click(screen.find('button', 'The next row'))
    await screen.shows('The model gives a probability of 0.2.')
    await screen.click(screen.find('button', 'Find the nearest'))
    await screen.shows('None.')
    await save()
    expect(sheets).toEqual([undefined, { rules: {} }])
  })

  it.each([
    [undefined, 'Likeliest: dog', 'The likeliest other one'],
    [true, 'Decided for: dog', 'The next to be decided for']
  ] as const)('names the classes by what they are decided by (by costs: %s)', async (byCosts, explained, wanted) => {
    const answer = answerOf({ speed: 100 })
    await open('row', {
      panel: holding({ ...opened, outputs: ['cat', 'dog'], space: 'class-score', decidesFrom: null, ...(byCosts && { byCosts }) }),
      ask: () => ({ ...answer, told: { ...answer.told, output: 'dog' } })
    })
    await screen.shows(explained)
    expect(screen.text()).toContain(wanted)
  })

  it('finds a row by what people know it by, and begins with it', async () => {
    const asked: unknown[] = []
    await open('row', {
      find: (input) => {
        asked.push(input.asked)
        return { rows: [{ row: 5, output: 'true', score: 0.5, outcome: 'false', value: 'C-17' }], matches: 1, looked: 7 }
      }
    })
    await screen.shows('The model gives a probability of 0.1.')
    await screen.click(screen.find('button', 'Find a row'))
    await screen.shows('Type a value')
    const field = document.querySelector<HTMLInputElement>('input[placeholder^="all of it"]')!
    await screen.type(field, 'C-17')
    await screen.settle(60)
    expect(asked).toEqual([{ by: 'value', column: 'case', value: 'C-17' }])
    expect(document.body.textContent).toContain('1 row, among 7 rows of the test data.')
    await screen.click(screen.find('button', 'Begin with row 5'))
    await screen.shows('The model gives a probability of 0.5.')
  })

  it('keeps what was typed when the model is closed and opened again', async () => {
    let end = () => {}
    await open('row', {
      panel: async function* (_, { signal }) {
        yield { ...opened, panel: crypto.randomUUID() }
        await new Promise<void>((resolve) => {
          end = resolve
          signal.addEventListener('abort', () => resolve())
        })
        return { ended: 'idle' }
      }
    })
    await screen.shows('The model gives a probability of 0.1.')
    const field = [...screen.container.querySelectorAll('input')].find((input) => input.value === '100')!
    await screen.type(field, '400')
    await screen.shows('The model gives a probability of 0.4.')
    await act(async () => end())
    await screen.shows('The model was closed')
    await screen.click(screen.find('button', 'Open it again'))
    await screen.shows('The model gives a probability of 0.4.')
    expect(screen.text()).toContain('1 value changed')
    await screen.click(screen.find('button', 'Take speed back'))
    await screen.shows('The model gives a probability of 0.1.')
  })

  it('says of a program what can be done in place of asking it', async () => {
    const experiments: SomeHandlers['experiments'] = { run: () => aRun([{ name: 'scorer.json', kind: 'model', sha256, size: 1 }]) }
    await open('row', {}, experiments)
    await screen.shows('A program is not asked row by row')
    await screen.unmount()
    await open('model', { ofRun: () => null }, experiments)
    await screen.shows('Put the step Explain behind it')
    expect(screen.text()).not.toContain('Explain this run')
  })

  it('can be opened again when it was closed, and says why it cannot be asked', async () => {
    let times = 0
    await open('row', {
      panel: async function* () {
        times++
        yield opened
        return { ended: 'idle' }
      }
    })
    await screen.shows('The model was closed')
    await screen.click(screen.find('button', 'Open it again'))
    await screen.shows('The model was closed')
    expect(times).toBe(2)
  })
})
