import { act } from 'react'
import { afterEach, expect, it } from 'vitest'
import type { Baseline } from '../../../main/model/baseline'
import type { QualityReportDetail } from '../../../main/model/quality'
import { PipelineRunId, QualityReportId, Sha256 } from '../../../main/model/reference'
import { datasetDetail } from '../../../main/testing/sample-datasets'
import { uuidOf } from '../../../main/testing/sample-runs'
import { renderWithHost, type RenderedScreen, type SomeHandlers } from '../../host/testing'
import { base } from './data-area.fixture'
import { DataPage } from './data-page'
import { TrainDialog } from './train-dialog'

let screen: RenderedScreen | undefined
afterEach(async () => {
  await screen?.unmount()
  screen = undefined
})

const runId = PipelineRunId.parse('6f1f2c52-6c58-4b3c-9a08-2f4fd6a3f4a1')
const detail = datasetDetail('strikes')

const inTrash = {
  ...{
    name: 'strikes-baseline',
    title: 'Strikes',
    description: '',
    version: null,
    versions: 0,
    hasDraft: true,
    automatic: false,
    steps: 1
  },
  ...{ updatedAt: '2026-01-01T00:00:00.000Z', removedAt: '2026-01-01T00:00:00.000Z', lastRun: null }
}

/** A host with a dataset whose column `arm` has three values, and what was written in it. */
function host(suggested: string, measured = false, again: Baseline['again'] = null) {
  const calls: string[] = []
  const handlers: SomeHandlers = {
    pipelines: {
      list: ({ removed }) => (removed ? [inTrash] : []),
      baselineTargets: () => ({ columns: [{ name: suggested, type: 'VARCHAR', role: 'feature' }], suggested }),
      baseline: ({ dataset, target, event }): Baseline => ({
        ...{
          name: 'strikes-baseline-2',
          again,
          dataset,
          target,
          task: 'binary' as const,
          algorithm: 'gradient-boosting' as const,
          event: event ?? null,
          pipeline: `pipeline of ${String(event)}`,
          policy: 'the policy'
        },
        doubt: event === undefined ? (measured ? 'It is a number with 64 different values.' : 'It has 3.') : null,
        values: measured ? [] : ['a', 'b', 'c'],
        leaks: null,
        heldBack: { by: 'time', column: 'day', share: 0.25 },
        columns: [{ name: target, role: 'target' }]
      }),
      save: ({ yaml }) => {
        calls.push(`pipeline: ${yaml}`)
        const check = { document: null, problems: [], ports: [] }
        return { ...inTrash, yaml, source: 'version', draftSavedAt: null, history: [], check }
      },
      run: (input) => {
        calls.push(`run: ${'name' in input ? input.name : ''}`)
        return { runId, replaced: null }
      }
    },
    policies: {
      list: () => [],
      save: ({ text }) => {
        calls.push(`policy: ${text}`)
        const counts = { rules: 1, blocking: 1, tests: 0, testsPassed: 0 }
        return { name: 'strikes-baseline-2', title: '', sha256: Sha256.parse('a'.repeat(64)), ...counts, updatedAt: inTrash.updatedAt }
      }
    },
    models: { list: () => [] },
    datasets: {
      setColumns: ({ columns }) => {
        calls.push(`columns: ${columns.map(({ name, role }) => `${name} ${role}`).join()}`)
        return detail
      }
    }
  }
  return { handlers, calls }
}

it('asks for the event where it is not plain, then writes the documents under a free name, runs them and opens the run', async () => {
  const { handlers, calls } = host('arm')
  screen = await renderWithHost(<TrainDialog detail={detail} onClose={() => {}} />, handlers)
  await screen.shows('It is not plain which one it is')
  await screen.shows('The newest 25% of the rows by "day", which has the role time, are held back')
  expect(screen.find('button', 'Train').hasAttribute('disabled')).toBe(true)
  await screen.click(screen.find('combobox', /Choose a value|Value that counts/))
  await screen.settle(60)
  const option = screen.find('option', 'b')
  // A select takes a click only on what the pointer is over.
  await act(async () => void option.dispatchEvent(new MouseEvent('mousemove', { bubbles: true })))
  await screen.settle(60)
  await screen.click(option)
  await screen.shows('strikes-baseline-2')
  await screen.click(screen.find('button', 'Train'))
  await screen.settle(100)
  expect(calls).toEqual(['columns: arm target', 'policy: the policy', 'pipeline: pipeline of b', 'run: strikes-baseline-2'])
  expect(window.location.hash).toBe(`#/pipelines/strikes-baseline-2/runs/${runId}`)
})

it('says what becomes of an earlier baseline that was edited, and leaves its policy as it is', async () => {
  const { handlers, calls } = host('arm', false, { versions: 3, isSame: false, isEdited: true, keepsPolicy: true })
  const baseline = handlers.pipelines!.baseline!
  handlers.pipelines = { ...handlers.pipelines, baseline: (input, context) => baseline({ ...input, event: 'b' }, context) }
  screen = await renderWithHost(<TrainDialog detail={detail} onClose={() => {}} />, handlers)
  await screen.shows('Saves a new version of the pipeline "strikes-baseline-2"')
  await screen.shows('It was edited since: the edited version 3 stays in its history. Its policy stays as it is.')
  await screen.click(screen.find('button', 'Train'))
  await screen.settle(100)
  expect(calls).toEqual(['columns: arm target', 'pipeline: pipeline of b', 'run: strikes-baseline-2'])
})

const { ref, sha256, rows } = detail.version
const counts = { error: 1, warning: 0, info: 0 }
const made = { ...{ id: QualityReportId.parse(uuidOf('report')), dataset: 'strikes', ref, sha256, rows, counts }, options: {} }
const profile = { ...{ rows, columns: [], duplicateRows: 0, associations: [], missingTogether: [], timeline: null, pairwiseRows: rows } }
const reportDetail: QualityReportDetail = {
  ...{ ...made, createdAt: inTrash.updatedAt, createdBy: null, object: 'a'.repeat(64), profile },
  report: {
    ...{ format: 'drydock-quality/1', subject: 'strikes', sha256, rows, columnCount: 2, target: null, features: [], counts, findings: [] }
  }
}

it('looks for leaks before anything is trained, and names the column that gives the target away', async () => {
  const { handlers, calls } = host('arm')
  const baseline = handlers.pipelines!.baseline!
  const report = QualityReportId.parse(uuidOf('report'))
  const found = { report, findings: [{ columns: ['fee'], title: '"fee" may give the outcome away', severity: 'error' as const }] }
  let asked: unknown
  handlers.pipelines = {
    ...handlers.pipelines,
    baseline: async (input, context) => ({ ...(await baseline({ ...input, event: 'b' }, context)), leaks: asked ? found : null })
  }
  handlers.quality = {
    async *run({ options }) {
      asked = options
      yield { fraction: 0.5, message: 'Checking' }
      return reportDetail
    }
  }
  screen = await renderWithHost(<TrainDialog detail={detail} onClose={() => {}} />, handlers)
  await screen.shows('No check of this version has looked yet for columns that give "arm" away')
  await screen.click(screen.find('button', 'Look for leaks'))
  await screen.shows('"fee" may give the outcome away')
  expect(asked).toEqual({ target: { column: 'arm', positive: ['b'] } })
  expect(screen.find('button', 'Open the columns')).toBeTruthy()
  expect(calls).toEqual([])
})

it('opens at once by the way of the next step, and the address keeps no sign of it', async () => {
  window.location.hash = '#/data/strikes?train=baseline'
  const { handlers } = host('arm')
  const known = base({ get: () => detail })
  screen = await renderWithHost(<DataPage />, { ...known, ...handlers, datasets: known.datasets })
  await screen.shows('Train a baseline on strikes')
  expect(window.location.hash).toBe('#/data/strikes')
  await screen.click(screen.find('button', 'Cancel'))
  await screen.settle(100)
  expect(screen.text()).not.toContain('Train a baseline on strikes')
})

it('refuses a target that nobody can tell the event of, with the reason', async () => {
  const { handlers, calls } = host('level', true)
  screen = await renderWithHost(<TrainDialog detail={detail} onClose={() => {}} />, handlers)
  await screen.shows('It is a number with 64 different values.')
  expect(screen.find('button', 'Train').hasAttribute('disabled')).toBe(true)
  expect(calls).toEqual([])
})
