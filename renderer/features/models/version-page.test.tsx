import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { StandingRejection } from '../../../main/model/commands/bundles'
import { WorkbenchError } from '../../../main/model/errors'
import { evaluationSchema, type Evaluation } from '../../../main/model/evaluation'
import type { ModelPurpose, ModelVersionDetail } from '../../../main/model/registry'
import type { RunDetail } from '../../../main/model/run'
import { renderWithHost, type RenderedScreen, type SomeHandlers } from '../../host/testing'
import { actions } from './actions'
import { ModelsPage } from './models-page'
import { VersionPage } from './version-page'
import { GateResultId, RunId, Sha256 } from '../../../main/model/reference'
import { runDetail, uuidOf } from '../../../main/testing/sample-runs'

const purpose: ModelPurpose = {
  purpose: 'Ranks strikes.',
  intendedUse: '',
  outOfScope: '',
  limitations: '',
  owner: 'Ada',
  riskTier: 'medium'
}

function aVersion(change: Partial<ModelVersionDetail> = {}): ModelVersionDetail {
  return {
    name: 'strike',
    version: 2,
    stage: 'in review',
    run: RunId.parse('1'.repeat(32)),
    runName: 'boosted',
    algorithm: 'gradient-boosting',
    modelSha256: Sha256.parse('a'.repeat(64)),
    metrics: { auc: { value: 0.81858, low: 0.79132, high: 0.84443 }, latency_p50: { value: 0.000053, low: null, high: null } },
    gate: { id: GateResultId.parse(uuidOf('gate')), outcome: 'pass', policy: 'floor' },
    purpose,
    createdAt: '2026-03-01T10:00:00.000Z',
    createdBy: 'Ada',
    bundles: 0,
    history: [{ from: null, to: 'draft', at: '2026-03-01T10:00:00.000Z', by: 'Ada', reason: 'Registered' }],
    lineage: { nodes: [], edges: [] },
    ...change
  }
}

let screen: RenderedScreen
afterEach(() => screen.unmount())

async function open(
  version: ModelVersionDetail,
  models: SomeHandlers['models'] = {},
  evaluation: Evaluation | null = null,
  rejections: StandingRejection[] = [],
  artifacts: RunDetail['artifacts'] = []
): Promise<void> {
  window.location.hash = '#/models/strike/2'
  screen = await renderWithHost(<VersionPage name="strike" version={2} />, {
    experiments: { evaluation: () => evaluation, run: () => runDetail('boosted', { artifacts }) },
    bundles: { rejections: () => rejections },
    models: { versions: () => [version], get: () => version, ...models }
  })
  await screen.settle()
}

describe('a version of a model', () => {
  it('shows figures with their interval and units', async () => {
    await open(aVersion())
    for (const shown of ['0.819', '0.791\u20130.844', '53 \u00b5s', 'Unsigned', 'Gate passed', 'In review'])
      expect(screen.text()).toContain(shown)
  })

  it('calls what has the digest by what it is: a program is no ONNX model', async () => {
    const artifact = { kind: 'model', sha256: Sha256.parse('a'.repeat(64)), size: 1 }
    for (const [name, word, other] of [
      ['scorer.json', 'External scorer', 'ONNX model'],
      ['model.onnx', 'ONNX model', 'External scorer']
    ] as const) {
      await open(aVersion(), {}, null, [], [{ ...artifact, name }])
      expect(screen.text()).toContain(word)
      expect(screen.text()).not.toContain(other)
      if (name === 'scorer.json') await screen.unmount()
    }
  })

  it('says in red when its figures were found on the rows that it was trained on, whatever the evaluation calls them', async () => {
    const file = join(dirname(fileURLToPath(import.meta.url)), '../../../main/model/fixtures/evaluation-1.json')
    const evaluation = evaluationSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    const [model, rows] = ['a', 'b'].map((letter) => Sha256.parse(letter.repeat(64)))
    await open(aVersion(), {}, { ...evaluation, split: 'test', subject: { model, rows, split: 'test', trainingRows: rows } })
    expect(screen.find('alert', /Judged on the rows that the model was trained on/).className).toContain('text-error')
    expect(screen.text()).toContain(`training split, n = ${evaluation.rows.judged.toLocaleString('en-US')}`)
    // How the intervals were made stands with the run, not beside the few figures that a reader of the model needs.
    expect(screen.text()).not.toMatch(/bootstrap/i)
  })

  it('offers only the legal stages and explains a refusal by the policy', async () => {
    const asked: unknown[] = []
    await open(aVersion(), {
      setStage: (input) => {
        asked.push(input)
        throw new WorkbenchError('POLICY_DENIED', 'strike@2 cannot become approved: its last gate "floor" failed. Mend what it names.')
      }
    })
    await screen.click(screen.find('button', 'Move to stage'))
    await screen.settle()
    expect([...document.querySelectorAll('[role=menuitem]')].map((item) => item.textContent)).toEqual(['Draft', 'Approved', 'Retired'])
    await screen.click(screen.find('menuitem', 'Approved'))
    await screen.settle()
    await screen.click(screen.find('button', 'Move to approved'))
    expect(screen.text()).toContain('Say why; the reason is part of the record.')
    expect(asked).toEqual([])
    await screen.type(document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')!, ' Looks sound. ')
    await screen.click(screen.find('button', 'Move to approved'))
    await screen.settle()
    expect(asked).toEqual([{ name: 'strike', version: 2, to: 'approved', reason: 'Looks sound.' }])
    expect(screen.find('alert', /does not allow this move/).textContent).toContain('its last gate "floor" failed')
    expect(screen.find('button', 'Show the gate')).toBeTruthy()
  })

  it('says before a release who rejects the version, when, why, and what would end that', async () => {
    const fingerprint = Sha256.parse('c'.repeat(64))
    const rejection = { person: 'Rui', at: '2026-03-02T10:00:00.000Z', statement: 'No purpose\nis given.', fingerprint }
    const move = async (stage: string) => {
      await screen.click(screen.find('button', 'Move to stage'))
      await screen.settle()
      await screen.click(screen.find('menuitem', stage))
      await screen.settle()
    }
    await open(aVersion({ stage: 'approved' }), {}, null, [rejection])
    await move('Released')
    expect(screen.text()).toContain('Rui rejected it on 2026-03-02 (key cccccccc): "No purpose is given."')
    expect(screen.text()).toContain('The move is refused. A rejection stands until the same person decides otherwise.')
    expect(screen.text()).toContain('a newer decision of Rui')
    await screen.click(screen.find('button', 'Cancel'))
    await move('Retired')
    expect(screen.text()).not.toContain('Rui rejected it')
  })

  it('freezes the description once it is approved', async () => {
    await open(aVersion({ stage: 'approved' }))
    expect([...document.querySelectorAll('textarea')].every((area) => area.readOnly)).toBe(true)
    expect(screen.text()).toContain('part of what was approved')
  })

  it('keeps unsaved words when the page is left and saves them whole', async () => {
    const saved: unknown[] = []
    const setPurpose = (input: { purpose: ModelPurpose }) => {
      saved.push(input.purpose)
      return aVersion({ purpose: input.purpose })
    }
    await open(aVersion(), { setPurpose })
    await screen.type(document.querySelector('textarea')!, 'Ranks strikes by damage.')
    await screen.unmount()
    await open(aVersion(), { setPurpose })
    expect(document.querySelector('textarea')?.value).toBe('Ranks strikes by damage.')
    await screen.click(screen.find('button', 'Save description'))
    await screen.settle()
    expect(saved).toEqual([{ ...purpose, purpose: 'Ranks strikes by damage.' }])
  })

  it('says so when there is no such version', async () => {
    screen = await renderWithHost(<VersionPage name="nobody" version={null} />, { models: { versions: () => [] } })
    await screen.settle()
    expect(screen.find('alert', /not registered here/)).toBeTruthy()
  })
})

describe('the address where policies once stood', () => {
  it.each([
    ['#/models/policies', '#/policies'],
    ['#/models/policies?view=new', '#/policies?view=new'],
    ['#/models/policies/strike%20damage', '#/policies/strike%20damage'],
    ['#/models/policies/3', '#/models/policies/3']
  ])('%s leads to %s', async (old, now) => {
    window.location.hash = old
    screen = await renderWithHost(<ModelsPage />, {
      workspace: { status: () => ({ workspace: null }) },
      models: { versions: () => [] }
    })
    await screen.settle()
    expect(window.location.hash).toBe(now)
  })
})

const changed = {
  was: 'failed',
  before: Sha256.parse('3'.repeat(64)),
  after: Sha256.parse('9'.repeat(64)),
  by: 'Ada',
  at: '2026-05-04T10:00:00.000Z',
  weakened: true
} as const
const failedSince = { id: GateResultId.parse(uuidOf('gate')), outcome: 'fail', policy: 'floor', changed } as const

it('who would approve what failed under another text is told to make another model, not to train the same again', async () => {
  await open(aVersion({ gate: failedSince }))
  await screen.click(screen.find('button', 'Move to stage'))
  await screen.settle()
  await screen.click(screen.find('menuitem', 'Approved'))
  await screen.settle()
  expect(screen.text()).toContain('Change data, features or parameters, and register the model that comes of it.')
  expect(screen.text()).not.toMatch(/train again/i)
})

it('a draft that no gate let in, and a policy whose text was changed, are marked on its page', async () => {
  await open(aVersion({ stage: 'draft', withoutGate: true, gate: failedSince }))
  for (const shown of [
    'Draft without gate',
    'Gate failed, text changed',
    'failed under 33333333, passed under 99999999, weakened by Ada on 2026-05-04'
  ])
    expect(screen.text()).toContain(shown)
})

describe('export from anywhere', () => {
  const registered = (name: string, version: number) => ({ name, versions: version, latest: aVersion({ name, version }), released: null })
  const openModels = async (list: ReturnType<typeof registered>[]) => {
    window.location.hash = '#/overview'
    actions.find((action) => action.id === 'models.export-any')!.run()
    screen = await renderWithHost(<ModelsPage />, {
      workspace: { status: () => ({ workspace: null }) },
      experiments: { evaluation: () => null },
      people: { list: () => [] },
      models: {
        list: () => list,
        versions: ({ name }) => list.filter((each) => each.name === name).map((each) => each.latest),
        get: ({ name, version }) => aVersion({ name, version })
      }
    })
    await screen.settle(120)
  }

  it('goes straight to the dialog of the only version', async () => {
    await openModels([registered('strike', 1)])
    expect(window.location.hash).toBe('#/models/strike/1')
    expect(screen.find('dialog', /Export signed bundle/)).toBeTruthy()
  })

  it('asks for the version when there are several', async () => {
    await openModels([registered('strike', 3), registered('fraud', 1)])
    expect(screen.find('dialog', /Export a model/).textContent).toContain('Version 3')
    await screen.click(screen.find('button', 'Continue'))
    await screen.settle(120)
    expect(window.location.hash).toBe('#/models/strike/3')
    expect(screen.find('dialog', /Export signed bundle/)).toBeTruthy()
  })
})
