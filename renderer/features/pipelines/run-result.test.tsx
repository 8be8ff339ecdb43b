import { afterEach, expect, it } from 'vitest'
import type { OutputReference, StepRun } from '../../../main/model/pipeline-run'
import { Sha256 } from '../../../main/model/reference'
import { uuidOf } from '../../../main/testing/sample-runs'
import { renderWithHost, type RenderedScreen } from '../../host/testing'
import { RunResult } from './run-result'
import { createRunStore, RunProvider } from './run-store'

let screen: RenderedScreen | undefined
afterEach(() => screen?.unmount())

const sha256 = Sha256.parse('a'.repeat(64))
const output = (port: string, type: OutputReference['type']): OutputReference => ({
  ...{ port, type, sha256, size: 10, rows: null, mediaType: 'application/json', run: null }
})
const step = (stepId: string, type: string, ...outputs: OutputReference[]) => ({ stepId, type, outputs }) as unknown as StepRun
const gate = {
  ...{ schema: 'drydock.gate-report', version: 2, subject: null, policy: 'floor', title: 'The floor', sha256 },
  ...{ evaluatedAt: '2026-03-01T10:00:00.000Z', outcome: 'fail', reason: 'Not met: Ranks better than chance.', results: [], tests: [] }
}

/** A run that held a gate and came to its register step, which left this. */
async function show(registered: object): Promise<void> {
  const store = createRunStore()
  const steps = {
    gate: step('gate', 'gate', output('decision', 'GateResult')),
    keep: step('keep', 'register', output('registration', 'Report'))
  }
  store.setState({ order: ['gate', 'keep'], steps })
  const result = (
    <RunProvider value={store}>
      <RunResult runId={uuidOf('run')} />
    </RunProvider>
  )
  screen = await renderWithHost(result, {
    pipelines: {
      preview: ({ stepId }) => ({ kind: 'json', value: (stepId === 'gate' ? gate : registered) as never })
    },
    models: { versions: () => [] }
  })
  await screen.shows('Not met: Ranks better than chance.')
}

const registration = { schema: 'drydock.registration', name: 'churn', model: sha256 }

it('says what the gate of a run means, and of a variant that it kept no version and how it would', async () => {
  await show(registration)
  await screen!.shows('No version was registered. Mend what does not hold, and run again.')
  await screen!.click(screen!.find('button', 'Read what does not hold'))
  await screen!.shows('Gate report')
  await screen!.unmount()
  await show({ ...registration, variant: { trees: 40 } })
  await screen!.shows('The model was not registered: this run is a variant of the pipeline (trees 40).')
  expect(screen!.text()).not.toContain('Mend what does not hold')
})
