import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ModelPurpose, ModelStage, stageMoves } from '../../model/registry'
import { GateResultId, type RunId } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../pipelines/fixtures/pipeline-workspace'
import { trainingRecord } from '../../testing/sample-runs'
import { publishedRows } from '../../testing/published-view'
import { bundleExport } from '../bundles/tables'
import { gateResult } from '../policies/tables'
import { modelTables } from './tables'

let workspace: PipelineWorkspace
let folder: ReturnType<typeof temporaryFolder>
let minute: number
beforeEach(async () => {
  folder = temporaryFolder()
  minute = 0
  workspace = await openPipelineWorkspace(folder.path, { clock: () => new Date(Date.UTC(2026, 0, 1, 0, minute++)) })
})
afterEach(async () => {
  await workspace.close()
  folder.remove()
})

/** A run as a training step records it; without a model it did not come that far. */
function trained(name: string, hasModel = true, test?: string): RunId {
  const report = { name: 'report.json', kind: 'report' as const, sha256: sha256(`report of ${name}`), size: 2 }
  const model = { name: 'model.onnx', kind: 'model' as const, sha256: sha256(`model of ${name}`), size: 10 }
  return workspace.experiments.records.training(
    trainingRecord(name, {
      status: hasModel ? 'finished' : 'failed',
      algorithm: 'logistic-regression',
      artifacts: hasModel ? [report, model] : [report],
      inputs: test === undefined ? [] : [{ role: 'test', reference: 'split.test', name: 'split.test', sha256: sha256(test) }],
      metrics: { auc: 0.75, lift: 3, train_seconds: 2 },
      error: hasModel ? null : 'stopped'
    })
  )
}
const judged = (run: RunId, policy: string, outcome: 'pass' | 'fail', text = policy): void =>
  workspace.context.ledger.insert(gateResult, {
    id: GateResultId.parse(randomUUID()),
    run_id: run,
    policy,
    policy_sha256: sha256(text),
    outcome,
    report_sha256: sha256(text),
    at: '2026-01-01T00:00:00.000Z',
    pipeline_run: null
  })
const refused = (code: string, words: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(words) })

describe('registering a run', () => {
  it('makes the next version of the name, a draft of its model with the purpose that was said', () => {
    const run = trained('first')
    const made = workspace.models.register({ run, name: 'tides', purpose: { purpose: 'Ranks tides.' } })
    expect(made).toMatchObject({
      name: 'tides',
      version: 1,
      stage: 'draft',
      run,
      runName: 'first',
      algorithm: 'logistic-regression',
      modelSha256: sha256('model of first'),
      gate: null,
      purpose: { purpose: 'Ranks tides.', owner: 'somebody', riskTier: 'medium' },
      createdBy: 'somebody',
      bundles: 0
    })
    // Nobody judged it: what was logged as an AUC is no figure of the model.
    expect(made.metrics).toMatchObject({ lift: { value: 3 }, train_seconds: { value: 2 } })
    expect(made.metrics.auc).toBeUndefined()
    const judgedOne = workspace.models.register({ run: trained('judged', true, 'rows'), name: 'judged', purpose: {} })
    expect(judgedOne.metrics.auc?.value).toBe(0.75)
    expect(workspace.models.register({ run: trained('second'), name: 'tides', purpose: { owner: 'Maya' } })).toMatchObject({
      version: 2,
      purpose: { owner: 'Maya' }
    })
    // Numbers count for each name alone.
    expect(workspace.models.register({ run, name: 'waves' }).version).toBe(1)
    expect(workspace.models.get('tides', 1).history).toEqual([
      { from: null, to: 'draft', at: made.createdAt, by: 'somebody', reason: 'Registered' }
    ])
  })

  it('again under the same name gives the version that is there, however it was described since', () => {
    const run = trained('first')
    const made = workspace.models.register({ run, name: 'tides' })
    const second = workspace.models.register({ run: trained('second'), name: 'tides' })
    expect(workspace.models.register({ run, name: ' tides ', purpose: { owner: 'Maya' } })).toEqual(made)
    expect(workspace.models.versions('tides')).toEqual([second, made])
  })

  it('is refused without a model, and for a name that is none', () => {
    const run = trained('broken', false)
    expect(() => workspace.models.register({ run, name: 'tides' })).toThrowError(refused('INVALID_INPUT', /has no model.*it is failed/))
    for (const name of ['', '-x', 'a b', 'x'.repeat(65)])
      expect(() => workspace.models.register({ run: trained('whole'), name })).toThrowError(/A model name has 1 to 64/)
    expect(workspace.models.list()).toEqual([])
  })
})

describe('reading the registry', () => {
  it('lists models by name with their newest version, and knows what was registered last', () => {
    expect(workspace.models.latest()).toBeNull()
    const [one, two] = [trained('one'), trained('two')]
    workspace.models.register({ run: one, name: 'waves' })
    workspace.models.register({ run: one, name: 'tides' })
    workspace.models.register({ run: two, name: 'tides' })
    workspace.models.register({ run: two, name: 'waves' })
    // A move of an older version is no registration.
    workspace.models.setStage('waves', 1, 'retired', 'Replaced.')
    expect(workspace.models.list().map(({ name, versions, latest }) => [name, versions, latest.version, latest.run])).toEqual([
      ['tides', 2, 2, two],
      ['waves', 2, 2, two]
    ])
    expect(workspace.models.latest()).toMatchObject({ name: 'waves', version: 2 })
    expect(workspace.models.versions('nothing')).toEqual([])
  })

  it('resolves a name to the newest version and name@number to that one', () => {
    workspace.models.register({ run: trained('one'), name: 'tides' })
    workspace.models.register({ run: trained('two'), name: 'tides' })
    expect(workspace.models.resolve('tides').version).toBe(2)
    expect(workspace.models.resolve('tides@1').version).toBe(1)
    expect(workspace.models.resolve('model:tides@1').version).toBe(1)
    expect(() => workspace.models.resolve('dataset:tides@1')).toThrowError(refused('NOT_FOUND', /dataset:tides@1/))
    expect(() => workspace.models.resolve('tides@3')).toThrowError(refused('NOT_FOUND', /no model tides@3/))
    expect(() => workspace.models.resolve('tides@0')).toThrowError(refused('NOT_FOUND', /./))
    expect(() => workspace.models.resolve('waves')).toThrowError(refused('NOT_FOUND', /no model "waves"/))
    for (const text of ['', '@1', 'tides@', 'tides@one', 'tides@1.5', 'tides@-1'])
      expect(() => workspace.models.resolve(text), text).toThrowError(refused('INVALID_INPUT', /not a model reference/))
  })

  it('counts the bundles of each version', () => {
    const run = trained('one')
    for (const name of ['tides', 'waves']) workspace.models.register({ run, name })
    workspace.models.register({ run: trained('two'), name: 'tides' })
    for (const [index, version] of [1, 2, 2].entries())
      workspace.context.ledger.insert(bundleExport, {
        id: `export-${index}`,
        model: 'tides',
        version,
        path: 'exports/tides.drydock',
        size: 1,
        root_sha256: sha256('root'),
        signature_sha256: sha256('signature'),
        signer: 'Maya',
        fingerprint: sha256('key'),
        created_at: '2026-01-01T00:00:00.000Z',
        unowned: 0
      })
    expect(workspace.models.versions('tides').map(({ version, bundles }) => [version, bundles])).toEqual([
      [2, 2],
      [1, 1]
    ])
    expect(workspace.models.get('waves', 1).bundles).toBe(0)
  })

  it('publishes versions to SQL, under names that stay', () => {
    const [one, two] = [trained('one'), trained('two')]
    for (const [run, name] of [
      [one, 'waves'],
      [one, 'tides'],
      [two, 'tides']
    ] as const)
      workspace.models.register({ run, name, purpose: { purpose: `About ${name}.` } })
    workspace.models.setStage('waves', 1, 'retired', 'Old.')
    const [view] = modelTables.published
    expect(view.name).toBe('models')
    expect(publishedRows(workspace.context.ledger, view)).toEqual(
      (
        [
          ['tides', 1, 'draft', one],
          ['tides', 2, 'draft', two],
          ['waves', 1, 'retired', one]
        ] as const
      ).map(([model, version, stage, run]) => ({
        model,
        version,
        stage,
        run_id: run,
        sha256: workspace.models.get(model, version).modelSha256,
        purpose: `About ${model}.`,
        created_at: workspace.models.get(model, version).createdAt,
        created_by: 'somebody'
      }))
    )
  })
})

describe('the stage of a version', () => {
  it('moves where the rules allow and nowhere else, and each move is kept with its reason', () => {
    for (const from of ModelStage.options)
      for (const to of ModelStage.options) {
        const name = `${from}-${to}`.replaceAll(' ', '')
        const run = trained(name)
        judged(run, 'strict', 'pass')
        const { version } = workspace.models.register({ run, name })
        const path: Record<ModelStage, ModelStage[]> = {
          draft: [],
          'in review': ['in review'],
          approved: ['in review', 'approved'],
          released: ['in review', 'approved', 'released'],
          retired: ['retired']
        }
        for (const step of path[from]) workspace.models.setStage(name, version, step, 'On its way.')
        const move = () => workspace.models.setStage(name, version, to, 'Because.')
        if (!stageMoves[from].includes(to)) {
          expect(move, name).toThrowError(refused('CONFLICT', new RegExp(`is ${from} and cannot become ${to}`)))
          expect(workspace.models.get(name, version).stage).toBe(from)
          continue
        }
        const moved = move()
        expect(moved.stage).toBe(to)
        expect(moved.history).toHaveLength(2 + path[from].length)
        expect(moved.history.at(-1)).toMatchObject({ from, to, by: 'somebody', reason: 'Because.' })
      }
    const releasedOf = (name: string) => workspace.models.list().find((model) => model.name === name)?.released
    expect(['released-draft', 'released-retired', 'approved-draft'].map(releasedOf)).toEqual([1, null, null])
    const retire = (name: string) => () => workspace.models.setStage(name, 1, 'released', 'On.')
    expect(retire('retired-draft')).toThrowError(/is retired and cannot become released\. From here it can become nothing else\.$/)
    expect(retire('inreview-inreview')).toThrowError(/From here it can become draft or approved or retired\.$/)
  })

  it('is approved and released only while every policy passes; nothing else asks for a gate', () => {
    const run = trained('one')
    workspace.models.register({ run, name: 'tides' })
    const to = (stage: ModelStage) => () => workspace.models.setStage('tides', 1, stage, 'Because.').stage
    expect(to('in review')()).toBe('in review')
    expect(to('approved')).toThrowError(refused('POLICY_DENIED', /no policy gate was run over it/))
    judged(run, 'strict', 'fail')
    judged(run, 'fair', 'fail')
    judged(run, 'lenient', 'pass')
    expect(to('approved')).toThrowError(refused('POLICY_DENIED', /the policy "fair" and of "strict" failed/))
    judged(run, 'strict', 'pass')
    expect(to('approved')).toThrowError(refused('POLICY_DENIED', /the policy "fair" failed/))
    judged(run, 'fair', 'pass')
    expect(to('approved')()).toBe('approved')
    workspace.context.ledger.insert(gateResult, {
      id: GateResultId.parse(randomUUID()),
      run_id: run,
      policy: 'strict',
      policy_sha256: sha256('strict'),
      outcome: 'fail',
      report_sha256: sha256('strict'),
      at: '2026-01-01T00:00:00.000Z',
      pipeline_run: null
    })
    expect(to('released')).toThrowError(refused('POLICY_DENIED', /cannot become released/))
    expect(to('retired')()).toBe('retired')
  })

  it('that failed is told to mend what the gate names, and never to train the same again, which gives the same bytes', () => {
    const advice = (name: string, run: RunId): string => {
      workspace.models.register({ run, name })
      workspace.models.setStage(name, 1, 'in review', 'Please look.')
      try {
        workspace.models.setStage(name, 1, 'approved', 'Because.')
      } catch (error) {
        return (error as Error).message
      }
      return 'approved'
    }
    const [failed, cured] = [trained('failed'), trained('cured')]
    judged(failed, 'strict', 'fail')
    judged(cured, 'strict', 'fail')
    judged(cured, 'strict', 'pass', 'a weaker text')
    const said = [advice('none', trained('none')), advice('failed', failed), advice('cured', cured)]
    expect(said[0]).toMatch(/no policy gate was run over it\. Run the gate in the pipeline, or apply a policy to the run\.$/)
    expect(said[1]).toMatch(
      /"strict" failed\. Read its result, mend what it names in data, features or parameters, and run the pipeline again\.$/
    )
    expect(said[2]).toMatch(/"strict" failed\. It passes under another text .* Change data, features or parameters, and register the model/)
    for (const each of said) expect(each).not.toMatch(/train/i)
  })
})

describe('what is said of a version', () => {
  it('can be changed until it is approved', () => {
    const purpose = (words: string) => ModelPurpose.parse({ purpose: words, owner: 'Maya', riskTier: 'high' })
    const run = trained('one')
    judged(run, 'strict', 'pass')
    for (const version of [1, 2]) workspace.models.register({ run: version === 1 ? run : trained('two'), name: 'tides' })
    expect(workspace.models.setPurpose('tides', 1, purpose('As a draft.')).purpose).toEqual(purpose('As a draft.'))
    workspace.models.setStage('tides', 1, 'in review', 'Please look.')
    expect(workspace.models.setPurpose('tides', 1, purpose('In review.')).purpose.purpose).toBe('In review.')
    expect(workspace.models.get('tides', 2).purpose.purpose).toBe('')
    for (const stage of ['approved', 'released', 'retired'] as const) {
      workspace.models.setStage('tides', 1, stage, 'Onwards.')
      expect(() => workspace.models.setPurpose('tides', 1, purpose('Too late.'))).toThrowError(
        refused('CONFLICT', new RegExp(`is ${stage}`))
      )
    }
    expect(workspace.models.get('tides', 1).purpose.purpose).toBe('In review.')
    expect(() => workspace.models.setPurpose('tides', 9, purpose('Nobody.'))).toThrowError(refused('NOT_FOUND', /tides@9/))
  })
})
