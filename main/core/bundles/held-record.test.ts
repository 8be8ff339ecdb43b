import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sha256 } from '../../storage/objects/durable-files'
import { commands } from '../all-commands'
import { openExportWorkspace, passphrase, type ExportWorkspace } from './export-workspace.fixture'
import { compareWithBundle } from './held-record'

let workspace: ExportWorkspace
beforeAll(async () => void (workspace = await openExportWorkspace()))
afterAll(() => workspace.close())

it('a bundle tells whether the record is still the one it was exported from, also where the chain was made to fit anew', async () => {
  const { app, author, root, registered } = workspace
  await registered('tides')
  expect(app.audit.state()).toMatchObject({ intact: true, heldBy: null })
  const entries = app.audit.chain().length
  const { path } = await app.do(commands.bundles.export, { name: 'tides', version: 1, person: author.id, passphrase })
  const chain = app.audit.chain()
  expect(app.audit.state()).toMatchObject({ intact: true, total: chain.length, heldBy: { entries } })
  expect(await compareWithBundle(path, chain)).toEqual({ held: entries, differs: null })
  const rewritten = chain.map((event, index) => (index < 3 ? event : { ...event, hash: sha256(event.hash) }))
  expect(await compareWithBundle(path, rewritten)).toEqual({ held: entries, differs: 4 })
  expect(await compareWithBundle(path, chain.slice(0, entries - 1))).toEqual({ held: entries, differs: entries })
  writeFileSync(join(root, 'none.drydock'), 'no bundle')
  await expect(compareWithBundle(join(root, 'none.drydock'), chain)).rejects.toMatchObject({ name: 'WorkbenchError' })
})
