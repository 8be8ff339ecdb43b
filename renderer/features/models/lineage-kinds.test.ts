import { describe, expect, it } from 'vitest'
import type { Lineage } from '../../../main/model/registry'
import { hrefOfNode, nodeName } from './lineage-kinds'
import { layoutLineage, nodeHeight, nodeWidth } from './lineage-layout'

const digest = 'ab'.repeat(32)
const node = (id: string, kind: string, detail = id) => ({ id, kind, label: 'label', detail })

describe('a node of the lineage', () => {
  it('leads to its screen', () => {
    const step = node('step:run-1/split/2', 'step', 'split, pipeline strike-damage, attempt 2')
    expect(hrefOfNode(step)).toBe('#/pipelines/strike-damage/runs/run-1?step=split')
    expect(hrefOfNode(node(`featureset:features.table@sha256:${digest}`, 'featureset'))).toBe(`#/features/${digest}`)
    expect(hrefOfNode(node(`dataset:strikes@sha256:${digest}`, 'dataset'))).toContain('#/data/strikes/')
    expect(hrefOfNode(node(`file:model.onnx@sha256:${digest}`, 'file'))).toBeNull()
    expect(hrefOfNode(node(`policy:floor@sha256:${digest}`, 'policy'))).toBe('#/policies/floor')
    expect(nodeName(node(`file:model.onnx@sha256:${digest}`, 'file'))).toBe('model.onnx')
  })
})

describe('the drawing of the lineage', () => {
  it('puts no node on another, keeps sources above and survives a cycle', () => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    const edges: Lineage['edges'] = [
      ['a', 'b'],
      ['b', 'a'],
      ['b', 'c'],
      ['b', 'd'],
      ['d', 'e'],
      ['e', 'gone']
    ].map(([from, to]) => ({ from, to, relation: 'used' }))
    const placed = layoutLineage({ nodes: ids.map((id) => node(id, 'table')), edges })
    const at = new Map(placed.nodes.map((each) => [each.node.id, each]))
    expect(at.get('b')!.y).toBeLessThan(at.get('d')!.y)
    expect(at.get('d')!.y).toBeLessThan(at.get('e')!.y)
    for (const first of placed.nodes)
      for (const second of placed.nodes)
        if (first !== second) expect(Math.abs(first.x - second.x) >= nodeWidth || Math.abs(first.y - second.y) >= nodeHeight).toBe(true)
    for (const { x, y } of placed.nodes) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x + nodeWidth).toBeLessThanOrEqual(placed.width)
      expect(y + nodeHeight).toBeLessThanOrEqual(placed.height)
    }
  })
})
