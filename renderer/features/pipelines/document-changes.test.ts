import { describe, expect, it } from 'vitest'
import { applyPipelineEdits } from '../../../main/core/pipelines/edit-pipeline'
import { parsePipeline } from '../../../main/core/pipelines/pipeline-document'
import { samplePipelines } from '../../../resources/sample/pipelines'
import { collectDocumentChanges } from './document-changes'

const read = (yaml: string) => parsePipeline(yaml).document!
const text = samplePipelines[1]

describe('what changed between two versions', () => {
  it('is nothing between the same ones, whatever their comments', () => {
    expect(collectDocumentChanges(read(text), read(`# A remark.\n${text}`))).toEqual({
      added: [],
      removed: [],
      changed: [],
      moved: [],
      pipeline: []
    })
  })

  it('is told by steps, and within them by parameters and inputs; a move is no change', () => {
    const edited = applyPipelineEdits(text, [
      { kind: 'set-details', title: 'Another title' },
      { kind: 'add-step', step: { id: 'extra', type: 'sql' } },
      { kind: 'remove-step', stepId: 'register' },
      { kind: 'move-step', stepId: 'quality', position: { x: 1, y: 2 } },
      {
        kind: 'update-step',
        stepId: 'split',
        parameters: { ...read(text).steps.find((step) => step.id === 'split')!.parameters, seed: 8 }
      },
      { kind: 'update-step', stepId: 'train', retries: 2 },
      { kind: 'disconnect', stepId: 'gate', port: 'quality' }
    ])
    expect(collectDocumentChanges(read(text), read(edited))).toEqual({
      added: ['extra'],
      removed: ['register'],
      changed: [
        { stepId: 'split', parts: ['parameters.seed'] },
        { stepId: 'train', parts: ['retries'] },
        { stepId: 'gate', parts: ['inputs.quality'] }
      ],
      moved: ['quality'],
      pipeline: ['title']
    })
  })
})
