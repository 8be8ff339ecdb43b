import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from '../../cli/program'
import { commands } from '../all-commands'
import type { Application } from '../application'
import { countersign, openBundle, readDecisions, verifyBundle } from '../bundle-format'
import { approval, attest } from '../bundle-format/made-attestation.fixture'
import { newKey, removeFolders } from '../bundle-format/sample-bundle.fixture'
import { createDecisionFiles, gatherDecisions } from './kept-decisions'
import { roomFor } from './take-decisions'
import { openExportWorkspace, passphrase, type ExportWorkspace } from './export-workspace.fixture'

let workspace: ExportWorkspace
let app: Application
beforeAll(async () => {
  workspace = await openExportWorkspace()
  ;({ app } = workspace)
  await workspace.registered('tides')
})
afterAll(async () => {
  await workspace.close()
  removeFolders()
})

it('a rejection by somebody of the workspace is kept, listed and handed on however many strangers decided before it', async () => {
  const exporting = (path?: string) =>
    app.do(commands.bundles.export, { name: 'tides', version: 1, person: workspace.author.id, passphrase, path })
  const folder = join(workspace.root, 'tides')
  await exporting(folder)
  const { id } = app.do(commands.people.create, { name: 'Rui', title: '', email: '', roles: ['reviewer'] })
  await app.do(commands.people.createKey, { id, passphrase })
  const often = newKey()
  for (let number = 0; number < 8; number++) attest(folder, `0-${number}.dsse.json`, often, { record: { statement: `Read ${number}.` } })
  const take = () => app.do(commands.bundles.takeDecisions, { paths: [folder] })
  expect(await take()).toMatchObject({ kept: 5, notKept: { count: 3, reason: expect.stringMatching(/^3 decisions by keys of nobody/) } })
  const { key } = await app.people.openKey(id, passphrase)
  const { report } = await countersign(folder, { ...approval, name: 'Rui', decision: 'reject', key, anyAuthor: true })
  expect(report.verdict).toBe('rejected')
  expect(await take()).toMatchObject({ kept: 1, known: 5, notKept: { count: 3 } })
  expect(await app.bundles.decisions()).toMatchObject([
    {
      rejectedBy: ['Rui'],
      approvedBy: [],
      unknown: { length: 5 },
      remarks: expect.arrayContaining([expect.stringMatching(/^Not listed: /)])
    }
  ])

  // The same with room for two and for one, in the bundle as in the record.
  const isKept = roomFor(app.people).isKept
  const namesWith = async (most: number) => {
    const { held, leftOut } = await gatherDecisions(app.bundles.list(), app.audit, createDecisionFiles(workspace.home), { isKept, most })
    return [...held.map(({ known, bytes }) => bytes && known.name), leftOut.size]
  }
  expect(await namesWith(2)).toEqual([approval.name, 'Rui', 7])
  expect(await namesWith(1)).toEqual(['Rui', 8])
  const inside = await readDecisions(folder, { isKept, most: 1 })
  expect(inside).toMatchObject({ decisions: [{ known: { name: 'Rui', decision: 'reject' } }], leftOut: { size: 8 } })

  const next = await exporting()
  expect(next.warnings).toContainEqual(expect.stringMatching(/^Not listed: 3 decisions by keys of nobody here/))
  const bundle = await openBundle(next.path)
  const index = JSON.parse((await bundle.read('log/decisions.json')).toString()) as { decisions: { name: string }[]; leftOut: number }
  await bundle.close()
  expect(index).toMatchObject({ decisions: { length: 6 }, leftOut: 3 })
  expect(index.decisions.map(({ name }) => name)).toContain('Rui')
  const { notChecked } = await verifyBundle(next.path, { expectedKeyFingerprint: next.fingerprint })
  expect(notChecked.join()).toContain('3 decisions known when the bundle was signed')

  await app.closeWorkspace()
  let out = ''
  await runCli(['bundle', 'take', folder, '-w', workspace.home], { out: (text) => (out += text), err: () => undefined })
  expect(out).toMatch(/^0 decisions kept, 6 known before, about tides@1\nnot kept: 3 decisions by keys of nobody here/)
  out = ''
  await runCli(['bundle', 'list', '-w', workspace.home], { out: (text) => (out += text), err: () => undefined })
  expect(out).toMatch(/^tides@1, tides: Not listed: 3 decisions by keys of nobody here/m)
})
