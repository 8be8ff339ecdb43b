import { afterEach, expect, it } from 'vitest'
import { aBundle } from '../../main/core/bundle-format/documents/bundle-facts.fixture'
import { renderPlain, type RenderedScreen } from '../host/testing'
import { viewOfDocument } from './document-view'
import { lookOfState, unlessPassed } from './state-look'

let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

it('shows a decision, an evaluation, a quality report and a model as people read them', async () => {
  const { gate, evaluation, quality } = aBundle()
  const manifest = { schema: 'drydock.files', version: 1, files: { 'model.onnx': { sha256: 'a'.repeat(64), size: 2048 } } }
  const stored = (document: unknown) => JSON.parse(JSON.stringify(document)) as unknown
  screen = await renderPlain(
    <>
      {viewOfDocument('GateResult', stored(gate))}
      {viewOfDocument('Evaluation', stored(evaluation))}
      {viewOfDocument('QualityReport', stored(quality))}
      {viewOfDocument('Model', manifest)}
    </>
  )
  for (const shown of [gate!.reason, 'rows of the', '95% CI', quality!.findings[0]!.title, 'model.onnx', 'KiB'])
    expect(screen.text()).toContain(shown)
  expect(screen.text()).not.toContain('"schema"')
})

it('has no view of a document that is not what its type says, nor of another type', () => {
  expect(viewOfDocument('GateResult', { schema: 'drydock.evaluation' })).toBeNull()
  expect(viewOfDocument('Report', {})).toBeNull()
})

it('a gate step that ended looks by its decision, and never like a plain success', () => {
  const words = (['passed', 'failed', 'undecided', 'no gate'] as const).map((gate) => lookOfState('succeeded', true, gate))
  expect(words.map(({ word, status }) => [word, status])).toEqual([
    ['Gate passed', 'ok'],
    ['Gate failed', 'error'],
    ['Gate undecided', 'error'],
    ['No gate', 'error']
  ])
  expect(lookOfState('running', false, 'failed').word).toBe('Running')
  expect(lookOfState('succeeded', false, unlessPassed('passed')).word).toBe('Succeeded')
})
