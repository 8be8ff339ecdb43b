import { evaluate, nodesFor } from './graph/evaluate'
import type { ReadGraph } from './graph/model'
import { columnNumbers, spread, type RowTensor, type Value } from './graph/values'

/**
 * Where columns of the table first meet on the way to tensors that follow from several: what lies before follows from one column each and is
 * computed once for a row; only what comes after has to be computed for every mixture of two rows.
 */
export interface Meeting {
  /** The last tensors before the columns meet. */
  before(feeds: ReadonlyMap<string, RowTensor>, rows: number): ReadonlyMap<string, RowTensor>
  /** Columns of the tensors after it, from what lies before. */
  after(before: ReadonlyMap<string, RowTensor>, rows: number): ReadonlyMap<string, Float64Array[]>
}

/**
 * @param feeds the graph's inputs without any row, each column with its place in the table as support
 * @param tensors follow from several columns
 */
export function meetingOf(graph: ReadGraph, feeds: ReadonlyMap<string, RowTensor>, tensors: Iterable<string>): Meeting {
  const wanted = new Set(tensors)
  const nodes = nodesFor(graph, wanted)
  const outputs = nodes.map((node) => node.outputs[0]!)
  const seen = new Map([...feeds, ...evaluate(graph, nodes, feeds, 0, outputs)])
  const mixing = nodes.filter((node) => isMixed(seen.get(node.outputs[0]!)))
  const last = new Set(mixing.flatMap(({ inputs }) => inputs).filter((name) => isOfRows(seen.get(name)) && !isMixed(seen.get(name))))
  const [first, second] = [nodesFor(graph, last), nodesFor(graph, wanted, last)]
  return {
    before: (own, rows) =>
      new Map([...evaluate(graph, first, own, rows, last)].map(([name, value]): [string, RowTensor] => [name, spread(value, rows)])),
    after: (before, rows) =>
      new Map(
        [...evaluate(graph, second, before, rows, wanted)].map(([name, value]) => [name, spread(value, rows).columns.map(columnNumbers)])
      )
  }
}

const isOfRows = (value: Value | undefined): boolean => value?.kind === 'rows'

const isMixed = (value: Value | undefined): boolean => value?.kind === 'rows' && value.columns.some(({ support }) => support.length > 1)
