import { hrefOfReference } from '../../evidence'
import { hrefTo } from '../../ui'

const words: Record<string, string> = {
  dataset: 'Dataset',
  featureset: 'Feature set',
  table: 'Table',
  model: 'Model',
  report: 'Report',
  file: 'File',
  step: 'Step',
  policy: 'Policy'
}

/** What a kind of lineage node is called. */
export const kindWord = (kind: string): string => words[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1)

/** The screen of a node, or null when it has none of its own: an intermediate table or file is seen at its step. */
export function hrefOfNode({ id, kind, detail }: { id: string; kind: string; detail: string }): string | null {
  const [, run, step] = /^step:([^/]+)\/([^/]+)\//.exec(id) ?? []
  const pipeline = /, pipeline (.+), attempt \d+$/.exec(detail)?.[1]
  if (kind === 'step') return run && pipeline ? hrefTo('pipelines', [pipeline, 'runs', run], { step }) : null
  if (kind === 'dataset') return hrefOfReference(id)
  const digest = /[0-9a-f]{64}/.exec(id)?.[0]
  if (kind === 'featureset' && digest) return hrefTo('features', [digest])
  const policy = /^policy:([^@]+)/.exec(id)?.[1]
  return policy ? hrefTo('policies', [policy]) : null
}

/** The name in a reference (`dataset:strikes@...` is strikes); a step has its own label. */
export const nodeName = (node: { id: string; kind: string; label: string }): string =>
  node.kind === 'step' ? node.label : (/^[^:]+:([^@]+)@/.exec(node.id)?.[1] ?? node.label)
