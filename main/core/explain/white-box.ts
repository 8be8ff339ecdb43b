import { evaluate, nodesFor } from './graph/evaluate'
import { readAtom } from './graph/linear-form'
import type { ReadGraph } from './graph/model'
import { readMargin, type Link } from './graph/read-margin'
import { Parts } from './graph/take-apart'
import { columnNumbers, spread, type RowTensor } from './graph/values'
import { meetingOf, type Meeting } from './meeting'
import type { Ensemble } from './trees/ensemble'
import type { ScoredTree } from './trees/tree-shap'
import { Unreadable } from './unreadable'

/** A column of a tensor that adds to the outputs by its weights, and the columns of the table that it follows from. */
export interface SumPart {
  tensor: string
  column: number
  weights: Float64Array
  support: readonly number[]
}

/** Trees over a matrix; `playerOf` says which column of the table each column of the matrix follows from. */
export interface TreePart {
  input: string
  trees: readonly ScoredTree[]
  playerOf: Int32Array
}

export type Computer = (feeds: ReadonlyMap<string, RowTensor>, rows: number) => ReadonlyMap<string, Float64Array[]>

/** A model as a sum of trees and of parts that follow from few columns: what its file says, and nothing beside it. */
export interface WhiteBox {
  outputs: number
  link: Link
  constant: Float64Array
  trees: readonly TreePart[]
  sums: readonly SumPart[]
  /** What computes columns of tensors for rows, by nothing but the nodes that they follow from. */
  computerOf(tensors: Iterable<string>): Computer
  /** Where the columns meet that tensors follow from. */
  meetingOf(tensors: Iterable<string>): Meeting
}

/** A part over more columns would have to be explained as a black box. */
const mostTogether = 4

/**
 * Reads a graph as a sum.
 * @param feeds its inputs without any row, each column with its place in the table as support
 * @throws Unreadable where it is no such sum; Malformed for trees that cannot be
 */
export function readWhiteBox(graph: ReadGraph, feeds: ReadonlyMap<string, RowTensor>, answer: string, isEvent: boolean): WhiteBox {
  const parts = new Parts(graph, feeds)
  const { form, link } = readMargin(parts, answer, isEvent)
  const outputs = form.length
  const byAtom = new Map<string, Float64Array>()
  form.forEach(({ terms }, output) => {
    for (const [key, weight] of terms) {
      const weights = byAtom.get(key) ?? new Float64Array(outputs)
      weights[output] = weight
      byAtom.set(key, weights)
    }
  })
  const sums: SumPart[] = []
  const ensembles = new Map<string, Map<number, Float64Array>>()
  const widths = new Map<string, RowTensor>()
  for (const [key, weights] of byAtom) {
    const { tensor, column } = readAtom(key)
    if (parts.ensembles.has(tensor)) ensembles.set(tensor, (ensembles.get(tensor) ?? new Map<number, Float64Array>()).set(column, weights))
    else {
      const seen = widths.get(tensor) ?? spread(parts.probe(tensor), 0)
      widths.set(tensor, seen)
      const { support } = seen.columns[column]!
      if (support.length > mostTogether) throw new Unreadable(`mixes ${support.length} columns in a way that is neither trees nor a sum`)
      sums.push({ tensor, column, weights, support })
    }
  }
  const trees = [...ensembles].map(([key, weights]) => treePart(parts, parts.ensembles.get(key)!, weights, outputs))
  return {
    outputs,
    link,
    constant: Float64Array.from(form, ({ constant }) => constant),
    trees,
    sums,
    meetingOf: (tensors) => meetingOf(graph, feeds, tensors),
    computerOf: (tensors) => {
      const wanted = new Set(tensors)
      const nodes = nodesFor(graph, wanted)
      return (rowFeeds, rows) =>
        new Map(
          [...evaluate(graph, nodes, rowFeeds, rows, wanted)].map(([name, value]) => [name, spread(value, rows).columns.map(columnNumbers)])
        )
    }
  }
}

function treePart(parts: Parts, ensemble: Ensemble, weights: ReadonlyMap<number, Float64Array>, outputs: number): TreePart {
  const matrix = spread(parts.probe(ensemble.input), 0)
  if (matrix.columns.length < ensemble.columns) throw new Unreadable('has trees that name a column which their table does not have')
  const used = new Set(ensemble.trees.flatMap(({ nodes }) => nodes.map(({ column }) => column)))
  const playerOf = Int32Array.from(matrix.columns, ({ support }, column) => {
    if (support.length !== 1 && used.has(column)) throw new Unreadable('has trees over columns that mix several of the table')
    return support[0] ?? -1
  })
  const trees = ensemble.trees.map((tree) => ({
    tree,
    values: tree.leaves.map((leaf) => {
      const values = new Float64Array(outputs)
      for (const [own, weight] of weights) for (let output = 0; output < outputs; output++) values[output]! += leaf[own]! * weight[output]!
      return values
    })
  }))
  return { input: ensemble.input, trees, playerOf }
}
