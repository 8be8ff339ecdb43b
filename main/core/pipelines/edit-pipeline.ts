import { isMap, isSeq, type Document, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml'
import { WorkbenchError } from '../../model/errors'
import type { PipelineEdit } from '../../model/pipeline'
import { atOnce, type Work } from './pieces'
import { orderedStep } from './pipeline-document'
import { writeNodes } from './write-nodes'
import { readNodes } from './yaml-nodes'

/**
 * Applies canvas edits to a pipeline text and returns the new text. Works on the YAML nodes, so comments and whatever the edits do
 * not touch stay. Removing or renaming a step takes its connections along.
 * @throws WorkbenchError INVALID_INPUT when the text is not YAML, NOT_FOUND for an unknown step, CONFLICT for a taken id
 */
export const applyPipelineEdits = (text: string, edits: readonly PipelineEdit[]): string => atOnce(editPipeline(text, edits))

/** As `applyPipelineEdits`, in pieces of bounded work. */
export function* editPipeline(text: string, edits: readonly PipelineEdit[]): Work<string> {
  const { nodes, problems } = yield* readNodes(text)
  if (!nodes || problems.length > 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The text has to be repaired before the canvas can change it. ${problems[0]?.message ?? ''}`,
      {
        details: { problems }
      }
    )
  for (const edit of edits) {
    applyEdit(nodes, edit)
    yield
  }
  return yield* writeNodes(nodes)
}

function applyEdit(nodes: Document<ParsedNode>, edit: PipelineEdit): void {
  switch (edit.kind) {
    case 'set-details':
      for (const key of ['title', 'description'] as const)
        if (edit[key] !== undefined) setOrDelete(nodes.contents as unknown as YAMLMap, key, edit[key] || null, nodes)
      return
    case 'set-parameters':
      return setOrDelete(nodes.contents as unknown as YAMLMap, 'parameters', edit.parameters.length ? edit.parameters : null, nodes)
    case 'add-step': {
      if (findStep(nodes, edit.step.id)) throw taken(edit.step.id)
      return stepsOf(nodes).add(nodes.createNode(orderedStep(edit.step)))
    }
    case 'remove-step': {
      const steps = stepsOf(nodes)
      steps.items.splice(steps.items.indexOf(step(nodes, edit.stepId)), 1)
      return eachConnection(nodes, (inputs, port, from) => {
        if (from.split('.')[0] === edit.stepId) inputs.delete(port)
      })
    }
    case 'rename-step': {
      if (edit.newId === edit.stepId) return
      if (findStep(nodes, edit.newId)) throw taken(edit.newId)
      step(nodes, edit.stepId).set('id', edit.newId)
      return eachConnection(nodes, (inputs, port, from) => {
        if (from.split('.')[0] === edit.stepId) inputs.set(port, `${edit.newId}.${from.split('.')[1]}`)
      })
    }
    case 'update-step': {
      const map = step(nodes, edit.stepId)
      for (const key of ['title', 'parameters', 'cache', 'retries', 'timeout', 'memory'] as const) {
        const value = edit[key]
        if (value === undefined) continue
        if (key === 'parameters' && value !== null) mergeParameters(nodes, map, value as Record<string, unknown>)
        else setOrDelete(map, key, value, nodes)
      }
      return
    }
    case 'move-step':
      return setOrDelete(step(nodes, edit.stepId), 'position', { x: edit.position.x, y: edit.position.y }, nodes)
    case 'connect': {
      step(nodes, edit.from.split('.')[0])
      const map = step(nodes, edit.stepId)
      const inputs = map.get('inputs')
      if (isMap(inputs)) inputs.set(edit.port, edit.from)
      else setOrDelete(map, 'inputs', { [edit.port]: edit.from }, nodes)
      return
    }
    case 'disconnect': {
      const map = step(nodes, edit.stepId)
      const inputs = map.get('inputs')
      if (isMap(inputs)) {
        inputs.delete(edit.port)
        if (inputs.items.length === 0) map.delete('inputs')
      }
    }
  }
}

/** Keeps the nodes (and comments) of parameters that did not change. */
function mergeParameters(nodes: Document<ParsedNode>, map: YAMLMap, parameters: Record<string, unknown>): void {
  const existing = map.get('parameters')
  if (!isMap(existing) || Object.keys(parameters).length === 0)
    return setOrDelete(map, 'parameters', Object.keys(parameters).length ? parameters : null, nodes)
  const before = (existing.toJS(nodes) ?? {}) as Record<string, unknown>
  for (const key of Object.keys(before)) if (!Object.hasOwn(parameters, key)) existing.delete(key)
  for (const [key, value] of Object.entries(parameters))
    if (JSON.stringify(before[key]) !== JSON.stringify(value)) setOrDelete(existing as YAMLMap, key, value, nodes)
}

function setOrDelete(map: YAMLMap, key: string, value: unknown, nodes: Document<ParsedNode>): void {
  if (value === null) map.delete(key)
  else if (typeof value === 'object') map.set(key, nodes.createNode(value))
  else map.set(key, value)
}

function stepsOf(nodes: Document<ParsedNode>): YAMLSeq {
  const steps = nodes.get('steps')
  if (isSeq(steps)) {
    // An empty list is written "[]"; what is added to it belongs on lines of its own.
    if (steps.items.length === 0) steps.flow = false
    return steps
  }
  nodes.set('steps', nodes.createNode([]))
  return stepsOf(nodes)
}

function findStep(nodes: Document<ParsedNode>, id: string): YAMLMap | undefined {
  return stepsOf(nodes).items.find((item): item is YAMLMap => isMap(item) && item.get('id') === id)
}

function step(nodes: Document<ParsedNode>, id: string): YAMLMap {
  const found = findStep(nodes, id)
  if (!found)
    throw new WorkbenchError('NOT_FOUND', `There is no step "${id}" in this pipeline. It may have been deleted; reload the pipeline.`)
  return found
}

const taken = (id: string): WorkbenchError =>
  new WorkbenchError('CONFLICT', `There is already a step "${id}". Step ids are unique in a pipeline; choose another.`)

function eachConnection(nodes: Document<ParsedNode>, visit: (inputs: YAMLMap, port: string, from: string) => void): void {
  for (const item of stepsOf(nodes).items) {
    if (!isMap(item)) continue
    const inputs = item.get('inputs')
    if (!isMap(inputs)) continue
    for (const [port, from] of Object.entries((inputs.toJS(nodes) ?? {}) as Record<string, unknown>))
      if (typeof from === 'string') visit(inputs as YAMLMap, port, from)
    if (inputs.items.length === 0) item.delete('inputs')
  }
}
