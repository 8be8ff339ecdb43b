import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WhiteBoxExplainer, type Feeds } from './explain-white-box'
import { readGraphBytes } from './graph/model'
import { applyLink } from './graph/read-margin'
import { readWhiteBox } from './white-box'
import type { TreeMethod } from './trees/tree-shap'

type Cells = (number | null)[][]
interface Case {
  name: string
  method: TreeMethod
  onnx: string
  base: number[]
  values: (number | number[])[][]
  margins: (number | number[])[]
  isEvent: boolean
  link: string
  gaps?: boolean
}
interface Fixture {
  rows: Cells
  rowsWithGaps: Cells
  background: Cells
  train: Cells
  trainWithGaps: Cells
  cases: Case[]
}
const fixture = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/shap.json'), 'utf8')) as Fixture
const width = fixture.rows[0]!.length

const feedsOf = (input: string, rows: Cells): Feeds => ({
  rows: rows.length,
  tensors: new Map([
    [
      input,
      {
        kind: 'rows',
        element: 'float',
        rank: 2,
        columns: Array.from({ length: width }, (_, at) => ({ support: [at], numbers: Float64Array.from(rows, (row) => row[at] ?? NaN) }))
      }
    ]
  ])
})

async function explain(each: Case) {
  const graph = readGraphBytes(Buffer.from(each.onnx, 'base64'), each.name)
  const input = graph.inputs[0]!.name
  const answer = graph.outputs.at(-1)!
  const box = readWhiteBox(graph, feedsOf(input, []).tensors, answer, each.isEvent)
  const train = each.gaps ? fixture.trainWithGaps : fixture.train
  const background = each.method === 'path-dependent' ? train : each.gaps ? train.slice(0, 40) : fixture.background
  const explainer = new WhiteBoxExplainer(box, width, feedsOf(input, background), each.method)
  const rows = each.gaps ? fixture.rowsWithGaps : fixture.rows
  return { box, explainer, rows, found: await explainer.explain(feedsOf(input, rows)) }
}

describe('explanations of ONNX files equal those of the shap package over the models that they came from', () => {
  for (const each of fixture.cases)
    it(`${each.name}, ${each.method}`, async () => {
      const { box, explainer, rows, found } = await explain(each)
      const { outputs } = box
      expect(box.link).toBe(each.link)
      // shap gives trees one figure for two classes as often as two: those of the second one are meant.
      const of = (value: number | number[], output: number): number => (Array.isArray(value) ? value[output]! : value)
      let worst = 0
      const compare = (own: number, theirs: number): void => void (worst = Math.max(worst, Math.abs(own - theirs)))
      for (let output = 0; output < outputs; output++) {
        compare(explainer.base[output]!, each.base[output]!)
        rows.forEach((_, row) => {
          compare(found.margins[row * outputs + output]!, of(each.margins[row]!, output))
          for (let column = 0; column < width; column++)
            compare(found.contributions[(row * width + column) * outputs + output]!, of(each.values[row]![column]!, output))
        })
      }
      expect(worst).toBeLessThan(1e-6)
      expect(applyLink(box.link, found.margins.slice(0, outputs)).every(Number.isFinite)).toBe(true)
    })
})
