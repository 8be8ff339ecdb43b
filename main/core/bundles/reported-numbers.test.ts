import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../../preload/contract'
import { runCli } from '../../cli/program'
import { sha256 } from '../../storage/objects/durable-files'
import { parseHtml } from '../../testing/parse-html'
import { trainingRecord } from '../../testing/sample-runs'
import { commands } from '../all-commands'
import { runCommands } from '../experiments'
import { openExportWorkspace, passphrase, type ExportWorkspace } from './export-workspace.fixture'
import { inspectBundle, readBundleFile, type ReviewedBundle } from './review'

let workspace: ExportWorkspace
let path: string
let opened: ReviewedBundle
const shown = async (name: string): Promise<string> => {
  const { sha256: verified, state } = opened.files.find((file) => file.path === name)!
  expect(state).toBe('verified')
  return contract.bundles.file.output.parse(await readBundleFile(path, name, verified)).text
}

beforeAll(async () => {
  workspace = await openExportWorkspace()
  const { app, author, root } = workspace
  const judged = { role: 'test', name: 'test', reference: `table:sha256:${sha256('test')}`, sha256: sha256('test') }
  const trial = (name: string, metrics: Record<string, number>) =>
    app.do(runCommands.recordTraining, trainingRecord(name, { experiment: 'tides', inputs: [judged], metrics }))
  trial('burst', { auc: NaN, log_loss: Infinity, train_memory: -Infinity, brier: 0.25 })
  await workspace.registered('tides', {
    record: { metrics: { train_seconds: Infinity, loss: NaN } },
    gates: [{ policy: 'strict', metrics: { auc: NaN } }]
  })
  path = join(root, 'tides.drydock')
  await app.do(commands.bundles.export, { name: 'tides', version: 1, path, person: author.id, passphrase })
  writeFileSync(join(root, 'key.pem'), author.keys[0].publicPem)
  opened = await inspectBundle(path, { publicKeyPath: join(root, 'key.pem') })
})
afterAll(() => workspace.close())

describe('a bundle with figures that are NaN or infinite', () => {
  it('is verified by the command line and opened by the window', async () => {
    let out = ''
    const argv = ['verify', path, '--key', join(workspace.root, 'key.pem'), '--json']
    expect(await runCli(argv, { out: (text) => (out += text), err: () => {} })).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ verdict: 'holds' })
    expect(contract.bundles.inspect.output.parse(opened)).toMatchObject({ report: { verdict: 'holds' }, model: { name: 'tides' } })
  })

  it('names them in the ledger of trials, of the model and of what was tried beside it', async () => {
    const { trials } = JSON.parse(await shown('evidence/trials.json')) as { trials: { name: string; metrics: unknown }[] }
    expect(Object.fromEntries(trials.map(({ name, metrics }) => [name, metrics]))).toEqual({
      burst: { auc: 'NaN', log_loss: 'Infinity', train_memory: '-Infinity', brier: 0.25 },
      // What no evaluation knows is no figure of a trial, finite or not.
      tides: { train_seconds: 'Infinity' }
    })
  })

  it('shows what its gate looked at, in the result and on the card', async () => {
    const { outcome, results } = JSON.parse(await shown('policy/results.json')) as { outcome: string; results: { evidence: unknown }[] }
    expect(outcome).toBe('fail')
    expect(results.at(-1)!.evidence).toEqual([{ fact: 'metrics.auc', value: 'NaN', present: true }])
    expect(parseHtml(await shown('card/model-card.html')).body.textContent).toMatch(/metrics\.auc\s*NaN/)
  })
})
