import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFrame, selectRows, type Frame } from '../frames'
import { syntheticRows, writeArrow } from '../training/fixtures/synthetic'
import { readSignature } from '../training'
import { trainModel } from '../training/train-model'
import { readGraphFile } from './graph/model'
import { feedsOf } from './feeds'
import { kernelShap } from './kernel-shap'
import { coalitionRows, stack } from './mixed-rows'
import { WhiteBoxExplainer } from './explain-white-box'
import { ModelExplainer } from './model-explainer'
import { readWhiteBox, type WhiteBox } from './white-box'

let folder: string
let frame: Frame
const background = Uint32Array.from({ length: 25 }, (_, at) => at * 7)
const explained = Uint32Array.from({ length: 8 }, (_, at) => 1000 + at * 13)

const parametersOf = {
  'gradient-boosting': { trees: 25, learningRate: 0.2 },
  'logistic-regression': {},
  'explainable-boosting': { rounds: 200, bags: 2, pairs: 2 }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explain-'))
  const table = await writeArrow(join(folder, 'rows.arrow'), { ...syntheticRows(1500, 5) })
  frame = await readFrame(table)
  for (const algorithm of ['gradient-boosting', 'logistic-regression', 'explainable-boosting'] as const)
    await trainModel({
      table,
      target: 'damaged',
      algorithm,
      parameters: parametersOf[algorithm],
      seed: 1,
      outputDirectory: join(folder, algorithm)
    })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function open(algorithm: string, method: 'auto' | 'path-dependent' | 'kernel' = 'auto') {
  const model = join(folder, algorithm, 'model.onnx')
  const signature = await readSignature(model)
  return { signature, explainer: await ModelExplainer.open({ model, signature, background: selectRows(frame, background), method }) }
}

const logit = (p: number): number => Math.log(p / (1 - p))

describe("explanations of the workbench's own models, from their ONNX files", () => {
  for (const algorithm of Object.keys(parametersOf))
    it(`${algorithm}: equal the Shapley values of the runtime's own answers, column by column`, async () => {
      const { signature, explainer } = await open(algorithm)
      try {
        expect(explainer.method).toBe('interventional')
        expect(explainer.space).toBe('log-odds')
        const rows = selectRows(frame, explained)
        const found = await explainer.explain(rows)
        const names = signature.inputs.map(({ name }) => name)
        const both = stack(rows, explainer.background)
        const size = background.length
        for (let row = 0; row < rows.rows; row++) {
          const own = await kernelShap(
            names.length,
            async (coalitions) => {
              const mixed = coalitionRows(both, names, { row, before: rows.rows }, coalitions)
              const scores = await explainer.score(mixed)
              return coalitions.map((_, at) =>
                Float64Array.of(scores.slice(at * size, (at + 1) * size).reduce((sum, score) => sum + logit(score), 0) / size)
              )
            },
            { seed: 1 }
          )
          names.forEach((_, at) => expect(found.contributions[row * names.length + at]).toBeCloseTo(own.values[at]!, 4))
          expect(explainer.base[0]).toBeCloseTo(own.base[0]!, 4)
          expect(found.margins[row]).toBeCloseTo(logit(found.scores[row]!), 4)
        }
      } finally {
        await explainer.close()
      }
    })

  it('the glass box that is explained has pairs of columns', async () => {
    const graph = await readGraphFile(join(folder, 'explainable-boosting', 'model.onnx'))
    expect(graph.nodes.filter(({ operator }) => operator === 'Mul')).toHaveLength(2)
  })

  it('mixes rows where pairs of columns meet, once for each pair of bins, however many rows there are', async () => {
    const { signature, explainer } = await open('explainable-boosting')
    await explainer.close()
    const graph = await readGraphFile(join(folder, 'explainable-boosting', 'model.onnx'))
    const box = readWhiteBox(graph, feedsOf(frame, signature, 0, 0).tensors, 'probabilities', true)
    const mixed: number[] = []
    const counting: WhiteBox = {
      ...box,
      meetingOf: (tensors) => {
        const meeting = box.meetingOf(tensors)
        const at = mixed.push(0) - 1
        return { ...meeting, after: (...given) => ((mixed[at]! += 1), meeting.after(...given)) }
      }
    }
    const few = feedsOf(frame, signature, 0, 20)
    const whole = new WhiteBoxExplainer(counting, signature.inputs.length, few, 'interventional')
    const { contributions, margins } = await whole.explain(feedsOf(frame, signature, 0, frame.rows))
    expect(mixed).toHaveLength(2)
    // A row has its own bins in both columns, in either or in none: 1500 rows would ask 6000 times.
    for (const count of mixed) expect(count).toBeLessThan(1500)
    const width = signature.inputs.length
    margins.forEach((margin, row) => {
      const sum = contributions.subarray(row * width, (row + 1) * width).reduce((total, value) => total + value, whole.base[0]!)
      expect(Math.abs(sum - margin)).toBeLessThan(1e-9)
    })
  })

  it('path-dependent values add up to the same margins from the same base', async () => {
    const { explainer } = await open('gradient-boosting')
    const { explainer: dependent } = await open('gradient-boosting', 'path-dependent')
    try {
      const rows = selectRows(frame, explained)
      const [one, other] = [await explainer.explain(rows), await dependent.explain(rows)]
      expect(other.margins).toEqual(one.margins)
      expect(dependent.base[0]).toBeCloseTo(explainer.base[0]!, 9)
      expect(other.contributions).not.toEqual(one.contributions)
    } finally {
      await explainer.close()
      await dependent.close()
    }
  })

  it('a black box is explained in what it answers, and says so', async () => {
    const { explainer } = await open('gradient-boosting', 'kernel')
    try {
      expect(explainer.space).toBe('probability')
      const rows = selectRows(frame, explained.slice(0, 2))
      const found = await explainer.explain(rows)
      expect(found.errors).toBeNull()
      expect(Array.from(found.margins, (each) => each.toFixed(9))).toEqual(Array.from(found.scores, (each) => each.toFixed(9)))
    } finally {
      await explainer.close()
    }
  })
})

describe('kernel SHAP over many columns', () => {
  const columns = 14
  const weights = Float64Array.from({ length: columns }, (_, at) => (at % 3) - 1)
  /** A sum, and a product of two columns: its values are known. */
  const value = async (coalitions: readonly Uint8Array[]) =>
    coalitions.map((members) =>
      Float64Array.of(weights.reduce((sum, weight, at) => sum + weight * members[at]!, 3 * members[0]! * members[1]!))
    )
  const truth = weights.map((weight, at) => weight + (at < 2 ? 1.5 : 0))

  it('adds up, and lies about as far from the truth as its standard errors say', async () => {
    let within = 0
    for (let seed = 1; seed <= 20; seed++) {
      const { values, errors, base, answer } = await kernelShap(columns, value, { seed, pairs: 128 })
      expect(values.reduce((sum, each) => sum + each, base[0]!)).toBeCloseTo(answer[0]!, 9)
      truth.forEach((each, at) => (within += Math.abs(values[at]! - each) <= 1.96 * errors![at]! + 1e-12 ? 1 : 0))
    }
    const share = within / (20 * columns)
    expect(share).toBeGreaterThan(0.9)
    expect(share).toBeLessThan(0.995)
  })
})
