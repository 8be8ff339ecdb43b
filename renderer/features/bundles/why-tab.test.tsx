// @vitest-environment jsdom
import { afterEach, expect, it } from 'vitest'
import type { Dependence } from '../../../main/model/dependence'
import type { Explanation } from '../../../main/model/explanation'
import { Sha256 } from '../../../main/model/reference'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { aReport } from './a-report.fixture'
import type { BundleFile } from './file-tree'
import type { Reviewed } from './use-review'
import { WhyTab } from './why-tab'

const [model, other] = ['a', 'b'].map((digit) => Sha256.parse(digit.repeat(64)))
const document = 'evidence/contributions.json'
const curves = 'evidence/dependence.json'

const explanation: Explanation = {
  ...{ schema: 'drydock.contributions', version: 1, model: { sha256: model }, task: 'binary-classification', target: 'damaged' },
  ...{ method: 'interventional', space: 'log-odds', blackBox: null, seed: 42, rows: 100, additivity: 1e-9, largestError: null },
  background: { rows: 50, from: 'training rows' },
  outputs: [{ name: 'true', base: -1.5, features: [{ feature: 'speed', mean: 0.5, low: 0.4, high: 0.6, signed: 0.1 }] }],
  dependence: [{ feature: 'speed', points: [{ value: 3, contribution: 0.11 }] }],
  narrative: ['The answers are moved most by "speed".']
}
const dependence: Dependence = {
  ...{ schema: 'drydock.dependence', version: 1, model: { sha256: model }, task: 'binary-classification', target: 'damaged', seed: 42 },
  ...{ rows: 100, lines: 1, outputs: ['true'], chosen: 'all', answer: 'probability', margin: null, by: 'contribution' },
  features: [
    {
      ...{ feature: 'speed', kind: 'number', grid: [1, 2], share: [0.5, 0.5], order: 'value', leftOut: 0 },
      curves: [
        { output: 'true', scale: 'answer', mean: [0.1, 0.2], low: [0, 0.1], high: [0.2, 0.3], effect: [-0.05, 0.05], lines: [[0.1, 0.2]] }
      ]
    }
  ],
  narrative: []
}

let screen: RenderedScreen
afterEach(() => screen.unmount())

const file = (path: string, state: BundleFile['state'] = 'verified'): BundleFile => ({ path, size: 1, state, sha256: model })

async function open(files: BundleFile[], stored: Record<string, unknown> = {}): Promise<string[]> {
  const shown: string[] = []
  const reviewed = { path: '/b/x.drydock', report: aReport('holds'), files: [file('model/model.onnx'), ...files] } as unknown as Reviewed
  screen = await renderWithHost(<WhyTab reviewed={reviewed} onShowFile={(name) => shown.push(name)} />, {
    bundles: {
      file: ({ file: name }) => ({ kind: 'json', text: JSON.stringify(stored[name]), size: 1, truncated: false })
    }
  })
  await screen.settle()
  return shown
}

it('draws what the author found and signed, with the curves, and nothing that asks the model anew', async () => {
  await open([file(document), file(curves)], { [document]: explanation, [curves]: dependence })
  await screen.shows('The answers are moved most by "speed".')
  expect(screen.text()).toContain('the base of \u22121.5')
  expect(screen.text()).toContain('The mean answer when all rows get a value')
  expect(screen.text()).not.toContain('another model')
  expect(screen.text()).not.toContain('Explain again')
})

it('says so where it is about another model than the enclosed one', async () => {
  await open([file(document)], { [document]: { ...explanation, model: { sha256: other } } })
  await screen.shows('another model than the one in the bundle')
  expect(screen.text()).toContain('What moves the answers')
})

it('leaves out curves that do not fit their grid, and shows the rest', async () => {
  const [speed] = dependence.features
  const torn = { ...dependence, features: [{ ...speed!, curves: [{ ...speed!.curves[0]!, mean: [0.1] }] }] }
  await open([file(document), file(curves)], { [document]: explanation, [curves]: torn })
  await screen.shows('What moves the answers')
  expect(screen.text()).not.toContain('The mean answer when all rows get a value')
})

it('draws nothing that is not as it was signed, and offers the file', async () => {
  const shown = await open([file(document, 'changed')], { [document]: explanation })
  expect(screen.text()).toContain('This explanation is not drawn')
  expect(screen.text()).not.toContain('moved most by')
  await screen.click(screen.find('button', 'Show the file'))
  expect(shown).toEqual([document])
})

it('says of a bundle without one how it comes to have one, and of an unreadable one where its file is', async () => {
  await open([])
  expect(screen.text()).toContain('The bundle has no explanation')
  await screen.unmount()
  await open([file(document)], { [document]: { schema: 'drydock.contributions', version: 9 } })
  await screen.shows('This explanation cannot be drawn')
})
