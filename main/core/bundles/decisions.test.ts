import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportedBundle } from '../../model/commands/bundles'
import type { PersonId } from '../../model/reference'
import { runCli } from '../../cli/program'
import { commands } from '../all-commands'
import type { Application } from '../application'
import { countersign, openBundle, verifyBundle } from '../bundle-format'
import { newKey, removeFolders } from '../bundle-format/sample-bundle.fixture'
import { openExportWorkspace, passphrase, type ExportWorkspace } from './export-workspace.fixture'

let workspace: ExportWorkspace
let app: Application
let first: ExportedBundle
let vera: PersonId
const stranger = newKey()
const kept = () => join(workspace.home, 'exports', 'decisions')
const exporting = () => app.do(commands.bundles.export, { name: 'tides', version: 1, person: workspace.author.id, passphrase })
const taking = (...paths: string[]) => app.do(commands.bundles.takeDecisions, { paths })
const brought = (name: string): string => {
  const copy = join(workspace.root, name)
  copyFileSync(first.path, copy)
  return copy
}
const decide = async (path: string, name: string, decision: 'approve' | 'reject', key = stranger) =>
  (await countersign(path, { key, name, decision, meaning: 'reviewer', statement: 'Read.', anyAuthor: true })).file
const keyOf = async (id: PersonId) => (await app.people.openKey(id, passphrase)).key
const read = async (path: string, file: string): Promise<Buffer> => {
  const bundle = await openBundle(path)
  const bytes = await bundle.read(file)
  await bundle.close()
  return bytes
}

beforeAll(async () => {
  workspace = await openExportWorkspace()
  ;({ app } = workspace)
  await workspace.registered('tides', { gates: [{ policy: 'strict' }] })
  first = await exporting()
  vera = app.do(commands.people.create, { name: 'Vera', title: '', email: '', roles: ['reviewer'] }).id
  await app.do(commands.people.createKey, { id: vera, passphrase })
})
afterAll(async () => {
  await workspace.close()
  removeFolders()
})

describe('decisions about exports', () => {
  it('are seen where the bundle lies; only people of the workspace are counted, strangers stand apart', async () => {
    expect(await app.bundles.decisions()).toEqual([])
    await decide(first.path, 'Chief Risk Officer', 'approve')
    await decide(first.path, 'Vera', 'reject', await keyOf(vera))
    expect(await app.bundles.decisions()).toMatchObject([
      { id: first.id, model: 'tides', version: 1, approvedBy: [], rejectedBy: ['Vera'], unknown: [{ name: 'Chief Risk Officer' }], lost: 0 }
    ])
  })

  it('come back in a bundle or as files, are recorded once, and nothing about another bundle is', async () => {
    const copy = brought('back.drydock')
    const file = await decide(copy, 'Omar', 'approve')
    const alone = join(workspace.root, 'omar.dsse.json')
    writeFileSync(alone, await read(copy, file))
    const before = app.audit.chain().length
    expect(await taking(alone)).toEqual({ kept: 1, known: 0, about: ['tides@1'] })
    expect(await taking(copy)).toEqual({ kept: 2, known: 1, about: ['tides@1'] })
    expect(await taking(copy)).toEqual({ kept: 0, known: 3, about: ['tides@1'] })
    const events = app.audit.chain().slice(before)
    expect(events).toMatchObject([
      { action: 'bundle.decided', detail: { after: { decisions: [{ decision: 'approve', name: 'Omar' }] } } },
      { action: 'bundle.decided', detail: { after: { decisions: [{ name: 'Chief Risk Officer' }, { decision: 'reject', name: 'Vera' }] } } }
    ])
    await workspace.registered('other')
    const other = await app.do(commands.bundles.export, { name: 'other', version: 1, person: workspace.author.id, passphrase })
    const forged = join(workspace.root, 'forged.dsse.json')
    const envelope = JSON.parse((await read(copy, file)).toString()) as { signatures: { sig: string }[] }
    const bytes = Buffer.from(envelope.signatures[0]!.sig, 'base64')
    bytes[bytes.length - 1]! ^= 1
    envelope.signatures[0]!.sig = bytes.toString('base64')
    writeFileSync(forged, JSON.stringify(envelope))
    mkdirSync(join(workspace.root, 'empty'), { recursive: true })
    for (const wrong of [other.path, join(workspace.root, 'empty'), forged, join(workspace.root, 'absent.dsse.json')])
      await expect(taking(wrong), wrong).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(app.audit.chain().filter(({ action }) => action === 'bundle.decided')).toHaveLength(2)
  })

  it('are listed and carried by the next export also when the exported bundle is gone', async () => {
    rmSync(first.path)
    expect(await app.bundles.decisions()).toMatchObject([
      { rejectedBy: ['Vera'], unknown: [{ name: 'Omar' }, { name: 'Chief Risk Officer' }] }
    ])
    const next = await exporting()
    const index = JSON.parse((await read(next.path, 'log/decisions.json')).toString()) as { decisions: { name: string }[] }
    expect(index.decisions.map(({ name }) => name).sort()).toEqual(['Chief Risk Officer', 'Omar', 'Vera'])
    const report = await verifyBundle(next.path, { expectedKeyFingerprint: next.fingerprint })
    expect(report).toMatchObject({ verdict: 'holds', decisions: { approvedBy: [], rejectedBy: [] } })
    expect(report.attestations.map(({ earlier }) => earlier)).toEqual([true, true, true])
  })

  it('that are signed in the workspace itself are kept with the signature', async () => {
    const next = app.bundles.list()[0]!
    const held = readdirSync(kept()).length
    await app.do(commands.bundles.countersign, {
      path: next.path,
      keyPath: app.people.get(vera).keys[0]!.privateKeyPath!,
      passphrase,
      name: 'Vera',
      meaning: 'reviewer',
      decision: 'approve',
      statement: 'Read.',
      trust: { fingerprint: next.fingerprint }
    })
    rmSync(next.path)
    expect(readdirSync(kept())).toHaveLength(held + 1)
    expect((await app.bundles.decisions()).find(({ id }) => id === next.id)).toMatchObject({ approvedBy: ['Vera'] })
  })

  it('whose files are lost are still listed, so that a reader misses them', async () => {
    rmSync(kept(), { recursive: true })
    expect((await app.bundles.decisions()).map(({ lost }) => lost)).toEqual([1, 3])
    const { path, fingerprint } = await exporting()
    const { verdict, missing } = await verifyBundle(path, { expectedKeyFingerprint: fingerprint })
    expect(verdict).toBe('insufficient')
    expect(missing.filter((each) => each.includes('is not in the bundle any more'))).toHaveLength(4)
  })

  it('are listed and taken in from the command line', async () => {
    const copy = join(workspace.root, 'next.drydock')
    copyFileSync(app.bundles.list()[0]!.path, copy)
    await decide(copy, 'Omar', 'reject')
    await app.closeWorkspace()
    const { DRYDOCK_USER_DIR } = process.env
    process.env.DRYDOCK_USER_DIR = join(workspace.root, 'user')
    const drydock = async (...argv: string[]) => {
      let out = ''
      const code = await runCli(['bundle', ...argv, '-w', workspace.home], { out: (text) => (out += text), err: () => undefined })
      return { code, out }
    }
    expect(await drydock('take', copy)).toEqual({ code: 0, out: expect.stringContaining('1 decision kept, 0 known before, about tides@1') })
    expect((await drydock('take', join(workspace.root, 'absent.drydock'))).code).not.toBe(0)
    expect(JSON.parse((await drydock('list', '--json')).out)).toMatchObject({
      total: 4,
      items: [
        { model: 'tides', decisions: { unknown: [{ name: 'Omar', decision: 'reject' }] } },
        { model: 'tides' },
        { model: 'other', decisions: null },
        {}
      ]
    })
    expect((await drydock('list')).out).toMatch(/tides@1 +- +Vera +0|tides@1 +- +- +1/)
    if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
    else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  })
})
