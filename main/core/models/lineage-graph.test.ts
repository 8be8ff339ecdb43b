import { expect, it } from 'vitest'
import type { LineageNode } from '../../model/pipeline-run'
import { toLineageGraph } from './lineage-graph'

const digest = (letter: string): string => letter.repeat(64)
const table = `dataset:strikes@sha256:${digest('a')}`
const rows = `table:sha256:${digest('b')}`
const model = `model:sha256:${digest('c')}`
const made = (stepId: string, attempt: number, inputs: string[], outputs: [port: string, reference: string][]) =>
  ({
    runId: 'run',
    pipeline: 'damage',
    stepId,
    type: stepId,
    attempt,
    inputs: inputs.map((reference) => ({ reference })),
    outputs: outputs.map(([port, reference]) => ({ port, reference }))
  }) as unknown as LineageNode

it('shows what a step used and produced by kind, short name and digest, each thing and each line once', () => {
  const { nodes, edges } = toLineageGraph([
    made('train', 2, [rows, rows], [['model', model]]),
    made('split', 1, [table], [['train', rows]])
  ])
  expect(nodes.map(({ id, kind, label, detail }) => [id, kind, label, detail])).toEqual([
    ['step:run/split/1', 'step', 'split', 'split, pipeline damage, attempt 1'],
    [table, 'dataset', 'strikes aaaaaaaa', table],
    [rows, 'table', 'table bbbbbbbb', rows],
    ['step:run/train/2', 'step', 'train', 'train, pipeline damage, attempt 2'],
    [model, 'model', 'model model cccccccc', model]
  ])
  expect(edges).toEqual([
    { from: table, to: 'step:run/split/1', relation: 'used' },
    { from: 'step:run/split/1', to: rows, relation: 'produced' },
    { from: rows, to: 'step:run/train/2', relation: 'used' },
    { from: 'step:run/train/2', to: model, relation: 'produced' }
  ])
  expect(toLineageGraph([])).toEqual({ nodes: [], edges: [] })
})

it('calls what has neither name nor digest by its kind', () => {
  expect(
    toLineageGraph([made('look', 1, ['text:hello', `code:src/a.js@sha256:${digest('d')}`], [])]).nodes.map(({ label }) => label)
  ).toEqual(['look', 'text', 'src/a.js dddddddd'])
})

it('has nothing behind itself: not what a step passed on, nor bytes that another step made anew', () => {
  const other = `table:sha256:${digest('e')}`
  const { nodes, edges } = toLineageGraph([
    made('back', 1, [other], [['table', rows]]),
    made('there', 1, [rows], [['table', other]]),
    made('check', 1, [rows], [['table', rows]])
  ])
  expect(nodes).toHaveLength(5)
  expect(edges.map(({ from, to }) => `${from.slice(0, 10)} ${to.slice(0, 10)}`)).toEqual([
    'table:sha2 step:run/c',
    'table:sha2 step:run/t',
    'step:run/t table:sha2',
    'table:sha2 step:run/b'
  ])
})
