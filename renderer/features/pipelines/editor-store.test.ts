import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { applyPipelineEdits } from '../../../main/core/pipelines/edit-pipeline'
import { stepRegistry } from '../../../main/core/pipelines/steps'
import { checkPipeline } from '../../../main/core/pipelines/validate-pipeline'
import type { PipelineDetail } from '../../../main/model/pipeline'
import type { EditorHost } from './editor-state'
import { createEditor } from './editor-store'

const start = `schema: drydock.pipeline
version: 1
name: demo
# Keep this comment.
steps:
  - id: data
    type: source
    parameters:
      dataset: strikes
  - id: split
    type: split
    inputs:
      table: data.table
`

function open(options: { yaml?: string; version?: string | null; failSaves?: boolean; failChecks?: boolean } = {}) {
  const { yaml = start, version = 'a'.repeat(64) } = options
  const calls: string[] = []
  const drafts: string[] = []
  const errors: unknown[] = []
  let editDelay: Promise<void> = Promise.resolve()
  const host = {
    validate: async ({ yaml: text }: { yaml: string }) => {
      if (options.failChecks) throw new Error('No workspace is open.')
      return checkPipeline(text, stepRegistry)
    },
    edit: async ({ yaml: text, edits }: Parameters<EditorHost['edit']>[0]) => {
      calls.push('edit')
      await editDelay
      const edited = applyPipelineEdits(text, edits)
      return { yaml: edited, check: checkPipeline(edited, stepRegistry) }
    },
    saveDraft: async ({ yaml: text }: { yaml: string }) => {
      if (options.failSaves) throw new Error('The disk is full.')
      calls.push('saveDraft')
      drafts.push(text)
      return { savedAt: '2026-01-01T00:00:00.000Z' }
    },
    discardDraft: async () => {
      calls.push('discardDraft')
      return {}
    },
    save: async () => {
      calls.push('save')
      return { ...detail, version: 'b'.repeat(64) }
    }
  } as unknown as EditorHost
  const detail = {
    name: 'demo',
    title: 'demo',
    version,
    yaml,
    source: 'version',
    draftSavedAt: null,
    history: [],
    check: checkPipeline(yaml, stepRegistry)
  } as unknown as PipelineDetail
  const editor = createEditor(detail, version === null ? null : yaml, { host, onError: (error) => errors.push(error) })
  return { editor, calls, drafts, errors, state: () => editor.store.getState(), hold: (until: Promise<void>) => (editDelay = until) }
}

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

describe('the draft', () => {
  it('keeps comments through canvas edits, and undo and redo give the exact texts back', async () => {
    const { editor, state } = open()
    await editor.edit([{ kind: 'add-step', step: { id: 'sql', type: 'sql' } }])
    await editor.edit([{ kind: 'connect', from: 'data.table', stepId: 'sql', port: 'data' }])
    const edited = state().text
    expect(edited).toContain('# Keep this comment.')
    expect(state().document?.steps.map((step) => step.id)).toEqual(['data', 'split', 'sql'])
    editor.undo()
    editor.undo()
    expect(state().text).toBe(start)
    await vi.advanceTimersByTimeAsync(1)
    expect(state().document?.steps.map((step) => step.id)).toEqual(['data', 'split'])
    editor.redo()
    editor.redo()
    expect(state().text).toBe(edited)
    expect(state().future).toEqual([])
  })

  it('has nothing left to redo after a new edit, typed or drawn', async () => {
    const { editor, state } = open()
    const rename = (id: string) => editor.edit([{ kind: 'add-step', step: { id, type: 'sql' } }])
    await rename('first')
    editor.undo()
    expect(state().future).toHaveLength(1)
    await rename('second')
    const drawn = state().text
    expect(state().future).toEqual([])
    editor.redo()
    expect(state().text).toBe(drawn)
    editor.undo()
    editor.type(`${start}# typed`)
    editor.redo()
    expect(state().text).toBe(`${start}# typed`)
    // Within one group of typing too: the second letter follows an undo of something else.
    editor.type(`${start}# typed on`)
    expect(state().future).toEqual([])
  })

  it('makes one undo step of quick typing and separate ones after a pause', async () => {
    const { editor, state } = open()
    editor.type(`${start}# a`)
    editor.type(`${start}# ab`)
    await vi.advanceTimersByTimeAsync(2000)
    editor.type(`${start}# abc`)
    expect(state().past).toHaveLength(2)
    editor.undo()
    expect(state().text).toBe(`${start}# ab`)
    editor.undo()
    expect(state().text).toBe(start)
  })

  it('applies edits to the newest text when somebody typed meanwhile', async () => {
    const { editor, state, hold } = open()
    let release = () => {}
    hold(new Promise((resolve) => (release = resolve)))
    const done = editor.edit([{ kind: 'remove-step', stepId: 'split' }])
    await vi.advanceTimersByTimeAsync(1)
    editor.type(`${start}# typed meanwhile\n`)
    release()
    await done
    expect(state().text).toContain('# typed meanwhile')
    expect(state().document?.steps.map((step) => step.id)).toEqual(['data'])
  })

  it('runs edits one after the other, each seeing the one before', async () => {
    const { editor, state } = open()
    const set = (key: string, value: number) =>
      editor.edit((document) => [
        {
          kind: 'update-step',
          stepId: 'split',
          parameters: { ...document?.steps.find((step) => step.id === 'split')?.parameters, [key]: value }
        }
      ])
    await Promise.all([set('seed', 7), set('test', 0.3)])
    expect(state().document?.steps[1].parameters).toEqual({ seed: 7, test: 0.3 })
  })

  it('shows the last readable graph while the text is broken, and refuses edits with a reason', async () => {
    const { editor, state, errors } = open()
    editor.type('steps: [')
    await vi.advanceTimersByTimeAsync(300)
    expect(state().isReadable).toBe(false)
    expect(state().problems[0]).toMatchObject({ code: 'SYNTAX', severity: 'error' })
    expect(state().document?.steps).toHaveLength(2)
    expect(await editor.edit([{ kind: 'remove-step', stepId: 'data' }])).toBe(false)
    expect(errors).toHaveLength(1)
    expect(state().text).toBe('steps: [')
  })

  it('is checked again by itself after the host was away, with a notice only when that lasts', async () => {
    const options = { failChecks: true }
    const { editor, state, errors } = open(options)
    for (let word = 0; word < 6; word++) {
      editor.type(`${start}# ${word}`)
      await vi.advanceTimersByTimeAsync(500)
    }
    editor.type(`${start}  - id: late\n    type: sql\n`)
    await vi.advanceTimersByTimeAsync(300)
    options.failChecks = false
    await vi.advanceTimersByTimeAsync(2500)
    expect(errors).toEqual([])
    expect(state().document?.steps.map((step) => step.id)).toContain('late')
    options.failChecks = true
    editor.type(`${start}# again`)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(errors).toHaveLength(1)
    editor.dispose()
  })

  it('forgets a selected step that is gone', async () => {
    const { editor, state } = open()
    editor.select({ steps: ['split'] })
    await editor.edit([{ kind: 'remove-step', stepId: 'split' }])
    expect(state().selection.steps).toEqual([])
  })
})

describe('autosave', () => {
  it('writes within a second of the first change, even while typing goes on', async () => {
    const { editor, drafts } = open()
    for (let index = 0; index < 20; index++) {
      editor.type(`${start}# ${index}`)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(drafts.length).toBeGreaterThanOrEqual(3)
    await vi.advanceTimersByTimeAsync(600)
    expect(drafts.at(-1)).toBe(`${start}# 19`)
  })

  it('drops the draft when the text is the version again', async () => {
    const { editor, calls, state } = open()
    editor.type(`${start}# x`)
    await vi.advanceTimersByTimeAsync(600)
    editor.undo()
    await vi.advanceTimersByTimeAsync(600)
    expect(calls).toEqual(['saveDraft', 'discardDraft'])
    expect(state().saving).toBe('saved')
  })

  it('says saved only of the text that was written: what was typed meanwhile is written as well', async () => {
    const { editor, drafts, state } = open()
    editor.type(`${start}# a`)
    // The draft is on its way when the next letter comes.
    const written = editor.flush()
    await Promise.resolve()
    editor.type(`${start}# ab`)
    await written
    expect(drafts).toEqual([`${start}# a`])
    expect(state().saving).toBe('pending')
    await vi.advanceTimersByTimeAsync(600)
    expect(drafts).toEqual([`${start}# a`, `${start}# ab`])
    expect(state().saving).toBe('saved')
  })

  it('says that it failed and keeps the text', async () => {
    const { editor, state } = open({ failSaves: true })
    editor.type(`${start}# x`)
    await vi.advanceTimersByTimeAsync(600)
    expect(state()).toMatchObject({ saving: 'failed', text: `${start}# x` })
  })

  it('tries again by itself, until it is written', async () => {
    const options = { failSaves: true }
    const { editor, state, drafts } = open(options)
    editor.type(`${start}# x`)
    await vi.advanceTimersByTimeAsync(3000)
    expect(state().saving).toBe('failed')
    options.failSaves = false
    await vi.advanceTimersByTimeAsync(2000)
    expect(state()).toMatchObject({ saving: 'saved', saveError: null })
    expect(drafts).toEqual([`${start}# x`])
    editor.dispose()
  })

  it('writes what is unsaved when the editor is left', async () => {
    const { editor, drafts } = open()
    editor.type(`${start}# last words`)
    editor.dispose()
    await vi.advanceTimersByTimeAsync(1)
    expect(drafts).toEqual([`${start}# last words`])
  })

  it('makes no second version of the same text', async () => {
    const { editor, calls, state } = open()
    expect(await editor.saveVersion()).toBeNull()
    editor.type(`${start}# v2`)
    expect((await editor.saveVersion())?.version).toBe('b'.repeat(64))
    expect(await editor.saveVersion()).toBeNull()
    expect(calls.filter((call) => call === 'save')).toHaveLength(1)
    expect(state().saving).toBe('saved')
  })
})
