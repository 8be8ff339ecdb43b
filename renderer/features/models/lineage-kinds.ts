import { digestOf, parseReference } from '../../../main/model/reference'
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
  policy: 'Policy',
  evaluation: 'Evaluation',
  qualityreport: 'Quality report',
  gateresult: 'Gate result'
}

/** What a kind of lineage node is called. */
export const kindWord = (kind: string): string => words[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1)

/** The screen of a node, or null when it has none of its own: an intermediate table or file is seen at its step. */
export function hrefOfNode({ id, kind, detail }: { id: string; kind: string; detail: string }): string | null {
  const [, run, step] = /^step:([^/]+)\/([^/]+)\//.exec(id) ?? []
  const pipeline = /, pipeline (.+), attempt \d+$/.exec(detail)?.[1]
  if (kind === 'step') return run && pipeline ? hrefTo('pipelines', [pipeline, 'runs', run], { step }) : null
  const digest = digestOf(id)
  if (kind === 'featureset' && digest) return hrefTo('features', [digest])
  return kind === 'dataset' || kind === 'policy' ? hrefOfReference(id) : null
}

/** The name in a reference (`dataset:strikes@...` is strikes); a step has its own label. */
export function nodeName(node: { id: string; label: string }): string {
  const reference = parseReference(node.id)
  return (reference && 'name' in reference && reference.name) || node.label
}
