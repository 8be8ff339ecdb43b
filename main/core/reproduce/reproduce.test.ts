import { promises as fs, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import type { RunId } from '../../model/reference'
import { sha256File } from '../../storage/objects/durable-files'
import { openWorkspaceLedger } from '../ledger'
import { recordedRun } from '../pipelines'
import {
  casesStep,
  evaluateStep,
  gateStep,
  pipelineOf,
  registerStep,
  splitStep,
  stepText,
  trainStep
} from '../pipelines/fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../pipelines/fixtures/pipeline-workspace'
import { compareFresh, isSame } from './compare-fresh'
import { createReproduce, type Reproduce } from './reproduce'
import { inScratch } from './scratch'
import { gatherTables, type RecordedTable } from './source-tables'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
let reproduce: Reproduce
let run: RunId

const rows = `SELECT i AS id, (i * 7919 % 1000) / 1000.0 AS x, ['red', 'green', 'blue'][1 + i % 3] AS kind,
  CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 < 0.15 + 0.6 * ((i * 7919 % 1000) / 1000.0) AS outcome
  FROM (SELECT range AS i FROM range(600))`
const pipeline = pipelineOf(
  'job',
  casesStep,
  splitStep('cases.table', ', stratify: outcome'),
  trainStep('target: outcome, exclude: [id], algorithm: gradient-boosting, parameters: { trees: 10, maxLeaves: 4 }, seed: 3'),
  evaluateStep('bootstrapSamples: 50, latencyCalls: 20')
)

beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset('cases', rows, { roles: { outcome: 'target' }, knownWhen: { outcome: 'after' } })
  const done = await workspace.run(pipeline)
  if (done.state !== 'succeeded') throw new Error(`the pipeline ended ${done.state}`)
  run = workspace.experiments.runs({ offset: 0, limit: 1 } as never).runs[0]!.id
  const notThere = (ref: string): never => {
    throw new WorkbenchError('NOT_FOUND', `There is no ${ref}.`)
  }
  reproduce = createReproduce(workspace.context, {
    experiments: workspace.experiments,
    datasets: { get: notThere },
    openScratchLedger: openWorkspaceLedger
  })
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const trials = (): number => workspace.experiments.runs({ offset: 0, limit: 10 } as never).total
const leftovers = (): string[] => readdirSync(join(folder.path, 'tmp')).filter((name) => name.startsWith('reproduce'))

describe('a run done again from its record', () => {
  it('is the same in model, metrics and row scores, and leaves nothing in the workspace', async () => {
    // What is newest of the dataset now is not what the run read.
    await workspace.addDataset('cases', `SELECT * REPLACE (x + 1 AS x) FROM (${rows})`)
    const before = trials()
    const found = await reproduce.again(run)
    expect(found.differences).toEqual([])
    expect(found).toMatchObject({ same: true, ran: true })
    expect(found.compared).toEqual(expect.arrayContaining(['model digest', 'model.onnx', 'metric auc', 'metric log_loss', 'row scores']))
    expect(found.leftOut).toEqual(expect.arrayContaining(['latency_p50', 'train_seconds', 'peak_memory']))
    expect(found.compared).not.toContain('metric latency_p50')
    expect(trials()).toBe(before)
    expect(leftovers()).toEqual([])
  })

  it('names each figure that is not as it was recorded, and the first score that is another', async () => {
    const { ledger, objects } = workspace.context
    const { metrics, artifacts } = workspace.experiments.run(run)
    const scores = artifacts.find(({ kind }) => kind === 'row-scores')!
    const bytes = Buffer.from(await objects.read(scores.sha256))
    // Where the score of the first row lies in the file.
    const at = bytes.indexOf(Buffer.from(new Float64Array([await firstScore(objects.pathOf(scores.sha256))]).buffer))
    bytes.writeDoubleLE(0.123456789, at)
    const altered = await objects.putBytes(bytes)
    ledger.run("UPDATE run_artifact SET sha256 = ? WHERE run_id = ? AND kind = 'row-scores'", altered.sha256, run)
    ledger.run("UPDATE run_metric SET value = value + 1e-9 WHERE run_id = ? AND key = 'log_loss'", run)
    try {
      const found = await reproduce.again(run)
      expect(found.same).toBe(false)
      expect(found.differences.map(({ what }) => what)).toEqual(['metric log_loss', 'row scores'])
      expect(found.differences[0]!.fresh).toContain(String(metrics.log_loss!.value))
      expect(found.differences[1]!.detail).toMatch(
        /^The first other cell is row 1 of "score", which was 0\.123456789 and is .+; 1 cell of that column differs\.$/
      )
    } finally {
      ledger.run("UPDATE run_artifact SET sha256 = ? WHERE run_id = ? AND kind = 'row-scores'", scores.sha256, run)
      ledger.run("UPDATE run_metric SET value = ? WHERE run_id = ? AND key = 'log_loss'", Number(metrics.log_loss!.value), run)
    }
  })

  it('is not done where the data file was changed: the dataset is named', async () => {
    const [source] = workspace.experiments.run(run).inputs.filter(({ role }) => role === 'dataset')
    const path = join(folder.path, 'data', `${source!.sha256}.arrow`)
    const bytes = await fs.readFile(path)
    const changed = Buffer.from(bytes)
    changed[changed.length >> 1]! ^= 1
    await fs.writeFile(path, changed)
    try {
      const found = await reproduce.again(run)
      expect(found).toMatchObject({ same: false, ran: false })
      expect(found.differences).toEqual([
        {
          what: 'dataset cases',
          recorded: source!.sha256,
          fresh: await sha256File(path),
          detail: expect.stringContaining('was changed since')
        }
      ])
    } finally {
      await fs.writeFile(path, bytes)
    }
  })

  it('can be cancelled', async () => {
    const controller = new AbortController()
    const work = reproduce.again(run, {
      signal: controller.signal,
      onProgress: ({ message }) => message.startsWith('train') && controller.abort()
    })
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(leftovers()).toEqual([])
  })
})

describe('a registered model that a record names', () => {
  /** A record as a bundle may bring it: its evaluate step was given a program as this file of a model. */
  const hostile = async (part: string) => {
    const { context, experiments } = workspace
    const put = async (value: unknown) => context.objects.putBytes(JSON.stringify(value))
    const scorer = await put({
      ...{ schema: 'drydock.external-scorer', version: 1, command: [process.execPath, 'own.js'], seconds: 5, task: 'binary' },
      ...{ scores: ['score'], files: [], program: null }
    })
    const signature = experiments.run(run).artifacts.find(({ kind }) => kind === 'signature')!
    const files = { [part]: scorer, 'signature.json': { sha256: signature.sha256, size: signature.size } }
    const about = { port: 'model', type: 'Model', rows: null, mediaType: 'application/json', reference: 'model', run: null }
    const cases = (await recordedRun(context, run)).frozen.get('cases')!
    const registered = {
      ...{ name: 'x', version: 1, run, modelSha256: scorer.sha256, decidesFrom: null },
      model: {
        file: { ...about, part: '', ...(await put({ files })) },
        parts: Object.entries(files).map(([name, file]) => ({ ...about, part: name, ...file })),
        ...{ source: null, stepType: null, from: null }
      }
    }
    const table = join(folder.path, 'data', `${String(cases.sha256)}.arrow`)
    return {
      tables: new Map([[cases.sha256 as never, table]]),
      record: {
        text: pipelineOf('hostile', casesStep, stepText('evaluate', 'evaluate', 'test: cases.table', 'model: x@1, latencyCalls: 3')),
        ...{ parameters: {}, targetStep: 'evaluate', sources: [] },
        frozen: new Map<string, Record<string, unknown>>([
          ['cases', cases],
          ['evaluate', { registered }]
        ])
      }
    }
  }
  const again = async (part: string, allowPrograms: boolean, change?: (frozen: Map<string, Record<string, unknown>>) => void) => {
    const { record, tables } = await hostile(part)
    change?.(record.frozen)
    return inScratch(workspace.context, record, { openLedger: openWorkspaceLedger, tables, allowPrograms }, async () => 'done')
  }

  it('starts no program that nobody allowed, and its command is named', async () => {
    await expect(again('scorer.json', false)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/"evaluate" \(.*own\.js\).*Nothing was run/)
    })
  })

  it('starts none that is called a graph, whoever allowed programs', async () => {
    await expect(again('model.onnx', true)).rejects.toThrow(/external scorer: it starts ".*own\.js"\. Nothing was run/)
  })

  it('is read by its form', async () => {
    const broken = again('scorer.json', false, (frozen) => frozen.set('evaluate', { registered: { model: { parts: [{ part: 'x' }] } } }))
    await expect(broken).rejects.toThrow('The record of the registered model that a step was given cannot be read')
  })
})

describe('a run that only judged a registered model', () => {
  it('says which version can be reproduced instead, and runs nothing', async () => {
    workspace.policies.set(
      'any',
      `schema: drydock.policy\nversion: 1\nname: any\ntitle: Any\nrules:\n  - { id: any, title: Any, severity: block, expression: metrics.auc >= 0, message: None. }\n`
    )
    const kept = await workspace.run(pipeline + gateStep('any') + registerStep('cases-model'))
    expect(kept.state).toBe('succeeded')
    const judged = await workspace.run(
      pipelineOf('april', casesStep, stepText('evaluate', 'evaluate', 'test: cases.table', 'model: cases-model@1, latencyCalls: 3'))
    )
    expect(judged.state).toBe('succeeded')
    const before = workspace.pipelines.runs().total
    const made = workspace.experiments.runs({ offset: 0, limit: 1 } as never).runs[0]!.id
    await expect(reproduce.again(made)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(
        /only judged the registered model cases-model@1.*Reproduce cases-model@1 instead, .*from a bundle of it/
      ),
      details: { model: 'cases-model@1' }
    })
    expect(workspace.pipelines.runs().total).toBe(before)
    expect((await reproduce.again(workspace.models.get('cases-model', 1).run)).same).toBe(true)
  }, 60_000)
})

describe('a comparison', () => {
  it('without a model is not the same, however alike the figures are', async () => {
    const metrics = { auc: { value: 0.8, low: null, high: null } }
    const of = (artifacts: { kind: string; sha256: string }[]) =>
      ({ detail: { inputs: [], environment: {}, metrics, artifacts }, training: null, pathOf: () => null }) as never
    const [none, model] = [of([]), of([{ kind: 'model', sha256: 'a'.repeat(64) }])]
    expect(isSame(await compareFresh(none, model))).toBe(false)
    expect(isSame(await compareFresh(model, model))).toBe(true)
    expect(isSame(await compareFresh(model, none))).toBe(false)
  })
})

describe('files that stand for the datasets of a run', () => {
  it('are imported again as then, and one other cell is named by row and column', async () => {
    const [csv, other] = ['cases.csv', 'other.csv'].map((name) => join(folder.path, 'tmp', name))
    const lines = ['id;size;kind', ...Array.from({ length: 50 }, (_, row) => `${row};${row},5;${['a', 'b'][row % 2]}`)]
    await fs.writeFile(csv!, lines.join('\n'))
    await fs.writeFile(other!, lines.join('\n').replace('17;17,5;b', '17;17,25;b'))
    const work = join(folder.path, 'tmp', 'gather')
    const table = (more: Partial<RecordedTable>): RecordedTable => ({
      ...{ name: 'cases', sha256: '0'.repeat(64) as RecordedTable['sha256'], path: null },
      ...{ choices: { dialect: { delimiter: ';', decimal: ',' } }, source: null, ...more }
    })
    const first = await gatherTables([table({})], [csv!], work)
    expect(first.differences[0]).toMatchObject({ what: 'dataset cases', detail: expect.stringContaining('cannot be named') })
    const sha256 = first.differences[0]!.fresh as RecordedTable['sha256']
    const again = await gatherTables([table({ sha256 })], [csv!], work)
    expect(again.differences).toEqual([])
    const path = again.tables.get(sha256)!
    const changed = await gatherTables([table({ sha256, path })], [other!], work)
    expect(changed.differences[0]!.detail).toBe(
      'The first other cell is row 18 of "size", which was 17.5 and is 17.25; 1 cell of that column differs.'
    )
    const two = [table({ sha256, path }), table({ name: 'places' })]
    await expect(gatherTables(two, [other!], work)).rejects.toThrow('"other.csv" belongs to no dataset of the run')
    await expect(gatherTables([table({ sha256 })], [], work)).rejects.toThrow('The table of "cases"')
  })
})

async function firstScore(path: string): Promise<number> {
  const link = join(folder.path, 'data', 'scores.arrow')
  await fs.copyFile(path, link)
  const [{ score }] = await workspace.context.duckdb.all<{ score: number }>(`SELECT score FROM read_arrow('${link}') LIMIT 1`)
  return score
}
