import { hrefOfReference, hrefTo } from '../../ui'

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
export function hrefOfNode(id: string): string | null {
  const step = /^step:([^/]+)\//.exec(id)
  if (step) return hrefTo('pipelines', ['run', step[1]])
  if (id.startsWith('dataset:')) return hrefOfReference(id)
  if (id.startsWith('featureset:')) return hrefTo('features')
  const policy = /^policy:([^@]+)/.exec(id)
  return policy ? hrefTo('models', ['policies', policy[1]]) : null
}

/** The name in a reference (`dataset:strikes@...` is strikes); a step has its own label. */
export const nodeName = (node: { id: string; kind: string; label: string }): string =>
  node.kind === 'step' ? node.label : (/^[^:]+:([^@]+)@/.exec(node.id)?.[1] ?? node.label)
