import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import { inspectBundle } from '../bundles'
import { noPrinter, saveDocument } from '../documents/save-document'
import { backUpWorkspace, examineWorkspace, restoreWorkspace, salvageWorkspace } from '../recovery'
import { findResource } from '../resources'
import { isAllowed } from './allowed-folders'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'drydock-allowed-')))
const inside = join(root, 'lab')
const outside = join(root, 'elsewhere')
const settings = join(root, 'drydock.yaml')
const { DRYDOCK_MACHINE_SETTINGS } = process.env
const csv = (folder: string): string => {
  const path = join(folder, 'sea.csv')
  writeFileSync(path, 'a,b\n1,2\n3,4\n')
  return path
}
let app: Application

beforeAll(async () => {
  for (const folder of [inside, outside]) mkdirSync(folder)
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(outside, 'w'), 'Before')
  await app.closeWorkspace()
  writeFileSync(settings, `schema: drydock.machine/1\nversion: 1\nname: Lab\nallowedFolders: ["${inside}", "${join(root, 'later')}"]\n`)
  process.env.DRYDOCK_MACHINE_SETTINGS = settings
})
afterAll(async () => {
  await app.close()
  if (DRYDOCK_MACHINE_SETTINGS === undefined) delete process.env.DRYDOCK_MACHINE_SETTINGS
  else process.env.DRYDOCK_MACHINE_SETTINGS = DRYDOCK_MACHINE_SETTINGS
  rmSync(root, { recursive: true, force: true })
})

const refused = expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringContaining(settings) })

describe('allowed folders', () => {
  it('hold for what leads out of them by links, dots, other names and links to nothing', () => {
    symlinkSync(outside, join(inside, 'out'))
    symlinkSync(join(outside, 'not-yet.html'), join(inside, 'report.html'))
    symlinkSync('circle', join(inside, 'circle'))
    mkdirSync(join(root, 'laboratory'))
    expect(isAllowed(join(inside, 'a', 'b.html'))).toBe(true)
    expect(isAllowed(inside)).toBe(true)
    expect(isAllowed(join(root, 'later', 'x'))).toBe(true)
    expect(isAllowed(join(findResource('guide'), 'index.md'))).toBe(true)
    for (const path of [
      outside,
      `${inside}/../elsewhere/x`,
      join(inside, 'out'),
      join(inside, 'out', 'new', 'x.csv'),
      `${inside}/out/../elsewhere/x`,
      join(inside, 'report.html'),
      join(root, 'laboratory', 'x'),
      join(root, 'lab.csv'),
      join(root, '..lab'),
      root,
      '/'
    ])
      expect(isAllowed(path), path).toBe(false)
    if (process.platform === 'linux') expect(isAllowed(join(root, 'LAB', 'x'))).toBe(false)
  })
  it('hold for workspaces: made, opened, trusted, examined, backed up and brought back', async () => {
    await expect(app.createWorkspace(join(outside, 'new'), 'New')).rejects.toEqual(refused)
    await expect(app.createWorkspace(join(inside, 'out', 'new'), 'New')).rejects.toEqual(refused)
    await expect(app.openWorkspace(join(outside, 'w'))).rejects.toEqual(refused)
    await expect(app.setTrust(join(outside, 'w'), true)).rejects.toEqual(refused)
    await expect(examineWorkspace(join(outside, 'w'))).rejects.toEqual(refused)
    await app.createWorkspace(join(inside, 'w'), 'Lab')
    await expect(backUpWorkspace(join(inside, 'w'), join(outside, 'w.drydock-backup'))).rejects.toEqual(refused)
    await backUpWorkspace(join(inside, 'w'), join(inside, 'w.drydock-backup'))
    await restoreWorkspace(join(inside, 'w.drydock-backup'), join(inside, 'w.copy'))
    await expect(restoreWorkspace(join(inside, 'w.drydock-backup'), join(outside, 'again'))).rejects.toEqual(refused)
    await expect(salvageWorkspace(join(inside, 'w'), join(outside, 'saved'))).rejects.toEqual(refused)
    for (const part of ['objects', 'ledger.sqlite']) {
      const linked = join(inside, `linked-${part}`)
      cpSync(join(inside, 'w.copy'), linked, { recursive: true })
      rmSync(join(linked, part), { recursive: true })
      symlinkSync(join(outside, 'w', part), join(linked, part))
      await expect(app.openWorkspace(linked), part).rejects.toEqual(refused)
    }
    expect(app.sampleDirectory().directory).toBe(join(inside, 'Drydock sample'))
  })
  it('hold for files that are imported and documents that are written', async () => {
    await expect(app.do(commands.datasets.import, { path: csv(outside), options: { name: 'sea' } })).rejects.toEqual(refused)
    await app.do(commands.datasets.import, { path: csv(inside), options: { name: 'sea' } })
    const { id } = await app.do(commands.quality.run, { ref: 'sea', options: {} })
    await expect(app.do(commands.quality.save, { id, html: join(inside, 'report.html') })).rejects.toEqual(refused)
    await app.do(commands.quality.save, { id, html: join(inside, 'sea.html') })
    const sheet = { html: '<p>Sheet</p>', title: 'Sheet', reference: 'bundle', at: '2026-01-01T00:00:00.000Z' }
    await expect(saveDocument(sheet, { html: join(outside, 'sheet.html') }, noPrinter)).rejects.toEqual(refused)
    await saveDocument(sheet, { html: join(inside, 'sheet.html') }, noPrinter)
  })
  it('hold for bundles that are verified, and for what is trusted', async () => {
    const release = join(process.cwd(), 'main', 'core', 'bundles', 'fixtures', 'release-0.1')
    await expect(inspectBundle(join(release, 'strike-damage-1.drydock'), {})).rejects.toEqual(refused)
  })
})
