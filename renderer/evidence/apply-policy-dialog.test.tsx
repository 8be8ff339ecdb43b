import { afterEach, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../main/model/errors'
import { renderWithHost, type RenderedScreen, type SomeHandlers } from '../host/testing'
import { ApplyPolicyDialog, type ApplyPolicyDialogProps } from './apply-policy-dialog'
import { GateResultId, Sha256 } from '../../main/model/reference'
import { uuidOf } from '../../main/testing/sample-runs'

const policy = (name: string) => ({
  name,
  title: `The ${name}`,
  sha256: Sha256.parse('a'.repeat(64)),
  rules: 2,
  blocking: 2,
  tests: 3,
  testsPassed: 3,
  updatedAt: '2026-03-01T10:00:00.000Z'
})
const gate = GateResultId.parse(uuidOf('gate'))
const report = {
  schema: 'drydock.gate-report' as const,
  version: 2 as const,
  subject: null,
  policy: 'floor',
  title: 'The floor',
  sha256: Sha256.parse('a'.repeat(64)),
  evaluatedAt: '2026-03-01T10:00:00.000Z',
  outcome: 'fail' as const,
  reason: 'One rule does not hold.',
  results: [],
  tests: []
}

let screen: RenderedScreen
afterEach(() => screen.unmount())

async function open(props: Partial<ApplyPolicyDialogProps>, evaluate: NonNullable<SomeHandlers['policies']>['evaluate']): Promise<void> {
  screen = await renderWithHost(<ApplyPolicyDialog run={{ id: '1'.repeat(32), name: 'boosted' }} onClose={() => {}} {...props} />, {
    policies: { list: () => [policy('ceiling'), policy('floor')], evaluate },
    experiments: { runs: () => ({ runs: [], total: 0, all: 0, metricKeys: [], parameterKeys: [], ranges: {}, notes: [] }) }
  })
  await screen.settle()
}

describe('applying a policy to a run', () => {
  it('asks for the chosen policy and shows its report', async () => {
    const asked: unknown[] = []
    await open({ policy: 'floor', hasUnsavedText: true }, (input) => {
      asked.push(input)
      return { id: gate, report }
    })
    expect(screen.text()).toContain('The text in the editor is not saved')
    expect(screen.text()).toContain('the evidence of boosted')
    await screen.click(screen.find('button', 'Run the gate'))
    await screen.shows('The gate failed')
    expect(asked).toEqual([{ policy: 'floor', run: '1'.repeat(32) }])
    expect(document.querySelector('a[href="#/policies/floor"]')?.textContent).toBe('The floor')
  })

  it('leaves the report to the page that wants to show it itself', async () => {
    const told: string[] = []
    await open({ onClose: () => told.push('closed'), onDone: () => told.push('done') }, () => ({ id: gate, report }))
    await screen.click(screen.find('button', 'Run the gate'))
    await screen.shows('The gate failed.')
    expect(told).toEqual(['closed', 'done'])
    expect(screen.text()).not.toContain('Gate report')
  })

  it('writes a policy where there is none to choose, and goes on with it', async () => {
    const asked: unknown[] = []
    const written: string[] = []
    screen = await renderWithHost(<ApplyPolicyDialog run={{ id: '1'.repeat(32), name: 'boosted' }} onClose={() => {}} />, {
      policies: {
        list: () => (written.length > 0 ? [policy('model-policy')] : []),
        template: ({ name }) => ({ text: `name: ${name}` }),
        save: ({ text }) => {
          written.push(text)
          return policy('model-policy')
        },
        evaluate: (input) => {
          asked.push(input)
          return { id: gate, report }
        }
      }
    })
    await screen.shows('There is no policy yet.')
    expect(screen.find('button', 'Run the gate').hasAttribute('disabled')).toBe(true)
    await screen.click(screen.find('button', 'Write a policy'))
    await screen.shows('The model-policy')
    expect(written).toEqual(['name: model-policy'])
    await screen.click(screen.find('button', 'Run the gate'))
    await screen.shows('The gate failed')
    expect(asked).toEqual([{ policy: 'model-policy', run: '1'.repeat(32) }])
  })

  it('needs a run, and stays open on a refusal', async () => {
    await open({ run: null }, () => {
      throw new WorkbenchError('EVIDENCE_MISMATCH', 'The evaluation is of another model.')
    })
    expect(screen.find('button', 'Run the gate').hasAttribute('disabled')).toBe(true)
    await screen.unmount()
    await open({}, () => {
      throw new WorkbenchError('EVIDENCE_MISMATCH', 'The evaluation is of another model.')
    })
    await screen.click(screen.find('button', 'Run the gate'))
    await screen.shows('The evaluation is of another model.')
    expect(screen.find('button', 'Cancel')).toBeTruthy()
  })
})
