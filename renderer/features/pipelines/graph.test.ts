import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { describeType } from '../../../main/core/pipelines/describe-type'
import { stepRegistry } from '../../../main/core/pipelines/steps'
import { checkPipeline } from '../../../main/core/pipelines/validate-pipeline'
import { applyPipelineEdits } from '../../../main/core/pipelines/edit-pipeline'
import { samplePipelines } from '../../../resources/sample/pipelines'
import type { PipelineStep } from '../../../main/model/pipeline'
import { idForStep, inputsFromBeside, nameForPort, neighbourOf, NEW_PORT, refuseConnection, type PipelineGraph } from './connection-rules'
import { graphHeights, placeNodes, projectEdges, projectNodes } from './graph-projection'
import { arrangeSteps, freeSpot, placeSteps, STEP_WIDTH, stepHeight } from './step-layout'

const types = new Map([...stepRegistry.values()].map((definition) => [definition.type, describeType(definition)]))
function graphOf(yaml: string): PipelineGraph {
  const { document, ports } = checkPipeline(yaml, stepRegistry)
  if (!document) throw new Error('The test document does not parse.')
  return { document, ports: new Map(ports.map((each) => [each.stepId, each])), types }
}
const sample = graphOf(samplePipelines[1])
const NONE: ReadonlySet<string> = new Set()

/** A document of `size` steps; each takes what the numbers say from steps before it. */
function documentOf(size: number, wishes: readonly number[] = []) {
  const steps = Array.from({ length: size }, (_, index): PipelineStep => {
    if (index === 0) return { id: 's0', type: 'source' }
    const sources = new Set([(wishes[index] ?? index) % index, Math.floor(index / 2)])
    return { id: `s${index}`, type: 'sql', inputs: Object.fromEntries([...sources].map((at) => [`p${at}`, `s${at}.table`])) }
  })
  return { schema: 'drydock.pipeline' as const, version: 1 as const, name: 'many', steps }
}

describe('the rules for a connection', () => {
  it('allow what fits, a feature set as a table, and a new input where the author names inputs', () => {
    expect(refuseConnection(sample, { sourceStep: 'strikes', sourcePort: 'table', targetStep: 'split', targetPort: 'table' })).toBeNull()
    expect(refuseConnection(sample, { sourceStep: 'features', sourcePort: 'table', targetStep: 'quality', targetPort: 'table' })).toBeNull()
    expect(
      refuseConnection(sample, { sourceStep: 'strikes', sourcePort: 'table', targetStep: 'features', targetPort: NEW_PORT })
    ).toBeNull()
  })

  it('refuse a wrong type, an unknown port, a step with itself and a circle, each with its reason', () => {
    const refuse = (sourceStep: string, sourcePort: string, targetStep: string, targetPort: string) =>
      refuseConnection(sample, { sourceStep, sourcePort, targetStep, targetPort })
    expect(refuse('train', 'model', 'evaluate', 'test')).toMatch(/takes Table or FeatureSet; "train.model" gives Model/)
    expect(refuse('train', 'nothing', 'evaluate', 'test')).toMatch(/no output "nothing"/)
    expect(refuse('split', 'train', 'split', 'table')).toMatch(/own output/)
    expect(refuse('split', 'train', 'features', 'strikes')).toMatch(/both would wait/)
    expect(refuse('strikes', 'table', 'split', NEW_PORT)).toMatch(/no input/)
  })

  it('agree with the engine: what is allowed gives no new problem, what is refused gives one', () => {
    const text = samplePipelines[1]
    const before = checkPipeline(text, stepRegistry).problems.length
    let allowed = 0
    let refused = 0
    for (const source of sample.ports.values())
      for (const output of source.outputs)
        for (const target of sample.ports.values())
          for (const input of target.inputs) {
            const reason = refuseConnection(sample, {
              sourceStep: source.stepId,
              sourcePort: output.name,
              targetStep: target.stepId,
              targetPort: input.name
            })
            const edited = applyPipelineEdits(text, [
              { kind: 'connect', from: `${source.stepId}.${output.name}`, stepId: target.stepId, port: input.name }
            ])
            const after = checkPipeline(edited, stepRegistry).problems.length
            if (reason === null) allowed++
            else refused++
            expect(after > before, `${source.stepId}.${output.name} -> ${target.stepId}.${input.name}: ${reason ?? 'allowed'}`).toBe(
              reason !== null
            )
          }
    expect(allowed).toBeGreaterThan(10)
    expect(refused).toBeGreaterThan(50)
  })

  it('find free names', () => {
    expect(nameForPort({ id: 'q', type: 'sql' }, 'my-data', 'table')).toBe('my_data')
    expect(nameForPort({ id: 'q', type: 'sql', inputs: { my_data: 'a.table' } }, 'my-data', 'table')).toBe('my_data_2')
    expect(nameForPort({ id: 'q', type: 'sql' }, 'split', 'train')).toBe('train')
    expect(idForStep(sample.document, 'split')).toBe('split-2')
    expect(idForStep(sample.document, 'sql')).toBe('sql')
  })
})

describe('a step added beside another', () => {
  const inputsOf = (beside: string, type: string) => {
    const ports = stepRegistry.get(type)!
    const probe = checkPipeline(`schema: drydock.pipeline\nversion: 1\nname: probe\nsteps: [{ id: a, type: ${type} }]\n`, stepRegistry)
    const info = { ...types.get(type)!, inputs: probe.ports[0].inputs }
    return inputsFromBeside(sample, beside, { ...info, dynamicInputs: ports.dynamicInputs ? [...ports.dynamicInputs.types] : null })
  }

  it('is fed by it where that fits: by name, else the first input by the first output', () => {
    expect(inputsOf('split', 'train')).toEqual({ train: 'split.train' })
    expect(inputsOf('split', 'evaluate')).toEqual({ test: 'split.test' })
    expect(inputsOf('train', 'evaluate')).toEqual({ model: 'train.model', test: 'split.test' })
    // Everything that fits, also what a step further up makes; the report is that of the split, which the model was made from.
    expect(inputsOf('evaluate', 'gate')).toEqual({ evaluation: 'evaluate.evaluation', model: 'train.model', quality: 'split.quality' })
    expect(inputsOf('gate', 'register')).toEqual({ model: 'train.model', gate: 'gate.decision' })
    expect(inputsOf('features', 'split')).toEqual({ table: 'features.table' })
    expect(inputsOf('split', 'sql')).toEqual({ train: 'split.train' })
    expect(inputsOf('strikes', 'sql')).toEqual({ strikes: 'strikes.table' })
  })

  it('is left alone where nothing fits', () => {
    expect(inputsOf('strikes', 'source')).toEqual({})
    expect(inputsOf('train', 'split')).toEqual({})
    expect(inputsOf('nothing', 'split')).toEqual({})
  })
})

describe('places', () => {
  it('never let two steps overlap, with dagre and above its limit, for any graph', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 121, max: 200 })),
        fc.array(fc.nat(1000), { maxLength: 200 }),
        (size, wishes) => {
          const document = documentOf(size, wishes)
          const heights = new Map(document.steps.map((step, index) => [step.id, stepHeight((index % 4) + 1)]))
          const places = [...arrangeSteps(document, heights)]
          expect(places).toHaveLength(size)
          const columns = places.toSorted((a, b) => a[1].x - b[1].x)
          columns.forEach(([id, at], index) => {
            for (let next = index + 1; next < columns.length && columns[next][1].x < at.x + STEP_WIDTH; next++) {
              const [otherId, other] = columns[next]
              const apart = other.y >= at.y + (heights.get(id) ?? 0) || at.y >= other.y + (heights.get(otherId) ?? 0)
              expect(apart, `${id} and ${otherId}`).toBe(true)
            }
          })
        }
      ),
      { numRuns: 25 }
    )
  })

  it('put every step to the right of what feeds it', () => {
    for (const size of [30, 300]) {
      const document = documentOf(size)
      const places = arrangeSteps(document, new Map())
      for (const step of document.steps)
        for (const from of Object.values(step.inputs ?? {})) {
          const source = places.get(from.split('.')[0])
          expect(source && source.x + STEP_WIDTH <= (places.get(step.id)?.x ?? -1)).toBe(true)
        }
    }
  })

  it('finish for a thousand steps within a second of work, and for a graph with a circle', () => {
    // Work of this process, not time on the wall, which also counts what other programs do.
    const started = process.cpuUsage()
    expect(arrangeSteps(documentOf(1000), new Map()).size).toBe(1000)
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1e3).toBeLessThan(1000)
    const circle = documentOf(130)
    circle.steps[1].inputs = { p: 's129.table' }
    expect(arrangeSteps(circle, new Map()).size).toBe(130)
  })

  it('keep what the document says and put a new step beside what feeds it', () => {
    const document = {
      ...sample.document,
      steps: [...sample.document.steps, { id: 'extra', type: 'sql', inputs: { train: 'split.train' } }]
    }
    const places = placeSteps(document, graphHeights(sample))
    for (const step of sample.document.steps) expect(places.get(step.id)).toEqual(step.position)
    expect(places.get('extra')?.x).toBeGreaterThan((places.get('split')?.x ?? 0) + STEP_WIDTH - 1)
    expect(freeSpot({ x: 0, y: 120 }, 100, new Map([['a', { x: 0, y: 100 }]]), new Map([['a', 100]])).y).toBeGreaterThanOrEqual(200)
  })
})

describe('the projection', () => {
  it('draws every step and connection of the sample, with handles for its ports', () => {
    const nodes = projectNodes(sample, [], false, [])
    expect(nodes.map((node) => node.id)).toEqual(sample.document.steps.map((step) => step.id))
    expect(nodes.find((node) => node.id === 'features')?.handles?.map((handle) => handle.id)).toEqual(['strikes', NEW_PORT, 'table'])
    expect(projectEdges(sample, NONE)).toHaveLength(
      sample.document.steps.reduce((sum, step) => sum + Object.keys(step.inputs ?? {}).length, 0)
    )
  })

  it('hands out the same objects for what did not change', () => {
    const base = projectNodes(sample, [], false, [])
    const places = placeSteps(sample.document, graphHeights(sample))
    const placed = placeNodes(base, places, NONE, [])
    const again = projectNodes(graphOf(samplePipelines[1]), [], false, base)
    expect(again.every((node, index) => node === base[index])).toBe(true)
    const changed = applyPipelineEdits(samplePipelines[1], [{ kind: 'update-step', stepId: 'split', title: 'Other' }])
    const next = projectNodes(graphOf(changed), [], false, base)
    expect(next.filter((node, index) => node !== base[index]).map((node) => node.id)).toEqual(['split'])
    const selected = placeNodes(next, places, new Set(['train']), placed)
    expect(selected.filter((node, index) => node !== placed[index]).map((node) => node.id)).toEqual(['split', 'train'])
  })

  it('marks steps with their problems and leaves out edges to ports that are not there', () => {
    const broken = applyPipelineEdits(samplePipelines[1], [{ kind: 'connect', from: 'split.nothing', stepId: 'train', port: 'train' }])
    const check = checkPipeline(broken, stepRegistry)
    const graph = graphOf(broken)
    expect(projectNodes(graph, check.problems, false, []).find((node) => node.id === 'train')?.data.errors).toBe(1)
    expect(projectEdges(graph, NONE).some((edge) => edge.target === 'train')).toBe(false)
  })
})

describe('arrow keys', () => {
  it('lead along connections and among the steps of a column', () => {
    const places = placeSteps(sample.document, graphHeights(sample))
    const from = (id: string, direction: 'left' | 'right' | 'up' | 'down') => neighbourOf(sample.document, places, id, direction)
    expect(from('strikes', 'right')).toBe('features')
    expect(from('features', 'left')).toBe('strikes')
    expect(from('quality', 'down')).toBe('split')
    expect(from('split', 'up')).toBe('quality')
    expect(from('strikes', 'left')).toBeNull()
  })
})
