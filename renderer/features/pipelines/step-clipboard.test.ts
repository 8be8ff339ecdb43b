import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { applyPipelineEdits } from '../../../main/core/pipelines/edit-pipeline'
import { parsePipeline } from '../../../main/core/pipelines/pipeline-document'
import { stepRegistry } from '../../../main/core/pipelines/steps'
import { checkPipeline } from '../../../main/core/pipelines/validate-pipeline'
import { samplePipelines } from '../../../resources/sample/pipelines'
import { pasteSteps, readSteps, writeSteps } from './step-clipboard'

const text = samplePipelines[1]
const document = parsePipeline(text).document!
const places = new Map(document.steps.map((step) => [step.id, step.position!]))
const stepsOf = (yaml: string) => new Map(parsePipeline(yaml).document!.steps.map((step) => [step.id, step]))

describe('copied steps', () => {
  it('keep their connections among themselves and to what stays, under new ids and not on top of the old ones', () => {
    const copied = readSteps(writeSteps(document, ['split', 'train'], places))!
    const { edits, ids } = pasteSteps(document, copied, places, null)
    expect(ids).toEqual(['split-2', 'train-2'])
    const edited = applyPipelineEdits(text, edits)
    const steps = stepsOf(edited)
    expect(steps.get('split-2')?.inputs).toEqual({ table: 'features.table' })
    expect(steps.get('train-2')).toMatchObject({ inputs: { train: 'split-2.train' }, parameters: steps.get('train')!.parameters })
    expect(steps.get('split-2')?.position).not.toEqual(places.get('split'))
    expect(checkPipeline(edited, stepRegistry).problems).toEqual([])
  })

  it('lose connections to steps that the other pipeline does not have, and go where it is looked at', () => {
    const other = 'schema: drydock.pipeline\nversion: 1\nname: other\nsteps: []\n'
    const copied = readSteps(writeSteps(document, ['split', 'train'], places))!
    const { edits } = pasteSteps(parsePipeline(other).document!, copied, new Map(), { x: 1000, y: 500 })
    const steps = stepsOf(applyPipelineEdits(other, edits))
    expect(steps.get('split')?.inputs).toBeUndefined()
    expect(steps.get('train')?.inputs).toEqual({ train: 'split.train' })
    const at = [...steps.values()].map((step) => step.position!)
    expect((at[0].x + at[1].x) / 2).toBe(1000)
  })

  it('can be pasted again and again, each time with ids and places of their own', () => {
    let yaml = text
    for (let time = 0; time < 5; time++) {
      const now = parsePipeline(yaml).document!
      const taken = new Map(now.steps.map((step) => [step.id, step.position!]))
      yaml = applyPipelineEdits(yaml, pasteSteps(now, readSteps(writeSteps(document, ['train'], places))!, taken, null).edits)
    }
    const trains = [...stepsOf(yaml).values()].filter((step) => step.type === 'train')
    expect(trains.map((step) => step.id)).toEqual(['train', 'train-2', 'train-3', 'train-4', 'train-5', 'train-6'])
    expect(new Set(trains.map((step) => `${step.position!.x},${step.position!.y}`)).size).toBe(6)
  })

  it('are told from anything else that may be in the clipboard', () => {
    for (const garbage of ['', 'SELECT 1', '{', '[]', '{"steps": []}', '{"drydock.steps": 1, "steps": [{"id": "../x", "type": "sql"}]}'])
      expect(readSteps(garbage), garbage).toBeNull()
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (garbage) => readSteps(garbage) === null))
  })
})
