import { createHash, createPrivateKey } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportedBundle } from '../../model/commands/bundles'
import type { RunArtifact, RunInput } from '../../model/run'
import type { Person } from '../../model/workspace'
import { sha256 } from '../../storage/objects/durable-files'
import { publishedRows } from '../../testing/published-view'
import { trainingRecord } from '../../testing/sample-runs'
import { commands } from '../all-commands'
import type { Application } from '../application'
import { countersign, openBundle, verifyBundle } from '../bundle-format'
import { encryptPkcs8 } from '../bundle-format/pkcs8-encryption'
import { makeChain, newKey, removeFolders } from '../bundle-format/sample-bundle.fixture'
import { makeTimeAuthority, stampArguments } from '../bundle-format/time-authority.fixture'
import { runCommands } from '../experiments'
import { keyFileCommands } from './commands'
import { createBundles, type BundlesWriter, type ExportSources, type ExportWork } from './bundles'
import { openExportWorkspace, passphrase, type ExportWorkspace, type Made } from './export-workspace.fixture'
import { listStaged } from './stage-files'
import { bundleTables } from './tables'

let app: Application
let bundles: BundlesWriter
let author: Person
let model: RunArtifact
let workspace: ExportWorkspace
let root: string
let home: string

beforeAll(async () => {
  workspace = await openExportWorkspace()
  ;({ app, author, model, root, home } = workspace)
  bundles = createBundles(app.workbench().context, app.workbench() as unknown as ExportSources)
})
afterAll(async () => {
  await workspace.close()
  removeFolders()
})

const registered = (name: string, made?: Made) => workspace.registered(name, made)
const exporting = (name: string, path?: string) =>
  app.do(commands.bundles.export, { name, version: 1, path, person: author.id, passphrase })
const nothingUnderWay = () => expect(readdirSync(join(home, 'tmp')).filter((name) => name.startsWith('export-'))).toEqual([])
const refused = (code: string, words: RegExp) => ({ code, message: expect.stringMatching(words) })
const rowOf = ({ id }: ExportedBundle) =>
  app.workbench().context.ledger.get<{ path: string; size: number }>('SELECT path, size FROM bundle_export WHERE id = ?', id)!
const read = async (path: string, name: string): Promise<string> => {
  const bundle = await openBundle(path)
  const text = (await bundle.read(name)).toString('utf8')
  await bundle.close()
  return text
}

describe('where a bundle goes', () => {
  it('is exports/ under name and version unless said, and never the place of another', async () => {
    await registered('tides', { gates: [{ policy: 'strict' }] })
    const made: ExportedBundle[] = []
    for (const name of ['tides-1', 'tides-1-2', 'tides-1-3']) {
      made.push(await exporting('tides'))
      expect(made.at(-1)).toMatchObject({ model: 'tides', version: 1, path: join(home, 'exports', `${name}.drydock`), available: true })
    }
    const [first] = made
    expect((await verifyBundle(first.path, { publicKeyPem: author.keys[0].publicPem })).verdict).toBe('holds')
    // It moves with the workspace.
    expect(rowOf(first)).toEqual({ path: join('exports', 'tides-1.drydock'), size: statSync(first.path).size })
    expect(app.bundles.list()).toEqual([...made].reverse())
    renameSync(first.path, `${first.path}.gone`)
    expect(app.bundles.list().map(({ available }) => available)).toEqual([true, true, false])
    expect(await read(made[1].path, 'policy/policy.yaml')).toContain('name: strict')
    const [view] = bundleTables.published
    expect(view.name).toBe('bundle_exports')
    expect(publishedRows(app.workbench().context.ledger, view)).toEqual(
      made.map(({ id, model: name, version, size, signatureSha256, signer, fingerprint, createdAt }, index) => ({
        export_id: id,
        model: name,
        version,
        bytes: size,
        signature_sha256: signatureSha256,
        signer,
        fingerprint,
        created_at: createdAt,
        seq: index + 1
      }))
    )
    nothingUnderWay()
  })

  it('may be a folder anywhere, made with those above it', async () => {
    await registered('folder')
    const made = await exporting('folder', join(root, 'for', 'the', 'auditor'))
    const files = await listStaged(made.path)
    const signed = files.filter(({ path }) => path !== 'model.sig').reduce((sum, { size }) => sum + size, 0)
    expect(rowOf(made)).toEqual({ path: join(root, 'for', 'the', 'auditor'), size: signed })
    expect(isAbsolute(rowOf(made).path)).toBe(true)
    const bill = JSON.parse(readFileSync(join(made.path, 'bom.cdx.json'), 'utf8'))
    const data = bill.components.filter(({ type }: { type: string }) => type === 'data')
    const digests = (content: Buffer) => ['sha256', 'sha512'].map((hash) => createHash(hash).update(content).digest('hex'))
    const stated = ({ hashes }: { hashes: { content: string }[] }) => hashes.map(({ content }) => content)
    expect(stated(bill.metadata.component)).toEqual(digests(readFileSync(join(made.path, 'model/model.onnx'))))
    for (const dataset of data) expect(stated(dataset)).toEqual(digests(readFileSync(join(home, 'data', `${stated(dataset)[0]}.arrow`))))
    // A neighbour whose name begins like the workspace is not in it.
    expect(rowOf(await exporting('folder', `${home}-not.drydock`)).path).toBe(`${home}-not.drydock`)
    expect(files.map(({ path }) => path)).not.toContain('policy/policy.yaml')
    nothingUnderWay()
  })

  it('is free, or nothing is written', async () => {
    await registered('taken')
    const [file, folder] = [join(root, 'taken.drydock'), join(root, 'taken')]
    writeFileSync(file, 'mine')
    mkdirSync(folder)
    for (const path of [file, folder])
      await expect(exporting('taken', path)).rejects.toMatchObject(refused('CONFLICT', /taken.*exists already\. Nothing was written/))
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(readdirSync(folder)).toEqual([])
    await expect(exporting('taken', join(file, 'below.drydock'))).rejects.toThrowError(/exporting taken@1/)
    nothingUnderWay()
  })
})

describe('an export under way', () => {
  const started = (work: ExportWork, path: string) =>
    bundles.export({ name: 'steps', version: 1, path, person: author.id, passphrase }, work)
  beforeAll(() => registered('steps').then(() => undefined))

  it('tells how far it is, in words', async () => {
    const stages: [string, number][] = []
    await started({ onProgress: (stage, fraction) => stages.push([stage, fraction]) }, join(root, 'steps.drydock'))
    expect(stages.map(([stage]) => stage)).toEqual([
      expect.stringContaining('model'),
      expect.stringContaining('evidence'),
      expect.stringContaining('Signing'),
      expect.stringContaining('bundle')
    ])
    const fractions = stages.map(([, fraction]) => fraction)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect([fractions[0] > 0, fractions.at(-1)! < 1, new Set(fractions).size]).toEqual([true, true, 4])
  })

  it.each(['model', 'evidence', 'Signing'])('leaves nothing when it is cancelled at "%s"', async (at) => {
    const stop = new AbortController()
    const target = join(root, `cancelled-${at}.drydock`)
    const before = bundles.list().length
    const onProgress = (stage: string): void => {
      if (stage.includes(at)) stop.abort()
    }
    await expect(started({ signal: stop.signal, onProgress }, target)).rejects.toMatchObject(refused('CANCELLED', /Nothing was written/))
    expect(existsSync(target)).toBe(false)
    expect(bundles.list()).toHaveLength(before)
    nothingUnderWay()
  })

  it.each(['unrecorded.drydock', 'unrecorded'])('leaves no %s that is not on record', async (name) => {
    const commit = (): never => {
      throw new Error('The ledger is full.')
    }
    await expect(started({ commit }, join(root, name))).rejects.toThrowError(/exporting steps@1: The ledger is full/)
    expect(existsSync(join(root, name))).toBe(false)
    nothingUnderWay()
  })
})

describe('who signs', () => {
  const withKey = (keyPath: string, path: string, chainPath?: string, tsaCommand?: string) =>
    bundles.exportWithKey({ name: 'signed', version: 1, path: join(root, path), keyPath, passphrase, chainPath, tsaCommand })
  beforeAll(() => registered('signed').then(() => undefined))

  it('is the person whose key it is, else the key', async () => {
    app.do(commands.people.create, { name: 'No Keys', title: '', email: '', roles: ['author'] })
    const own = await withKey(author.keys[0].privateKeyPath!, 'own.drydock')
    expect(own).toMatchObject({ signer: 'Ada Author', fingerprint: author.keys[0].fingerprint })
    const { keyPath, fingerprint } = await app.do(commands.bundles.createKey, { name: 'stranger', passphrase })
    const made = await withKey(keyPath, 'stranger.drydock')
    expect(made).toMatchObject({ signer: `key ${fingerprint.slice(0, 8)}`, fingerprint, unowned: true })
    expect(own).not.toHaveProperty('unowned')
    const strange = { name: 'signed', version: 1, path: join(root, 'recorded.drydock'), keyPath, passphrase }
    await app.do(keyFileCommands.export, strange)
    expect(app.audit.chain().at(-1)!.detail).toMatchObject({ signer: 'a key that nobody in this workspace owns' })
    expect((await verifyBundle(made.path, { expectedKeyFingerprint: fingerprint })).verdict).toBe('holds')
  })

  it('is nobody whose key was retired, neither by name nor by the file', async () => {
    const { id } = app.do(commands.people.create, { name: 'Rhea Retired' })
    const [{ fingerprint, privateKeyPath }] = (await app.do(commands.people.createKey, { id, passphrase })).keys
    app.do(commands.people.retireKey, { fingerprint, reason: 'Lost.' })
    await expect(withKey(privateKeyPath!, 'retired.drydock')).rejects.toMatchObject(refused('FORBIDDEN', /of Rhea Retired was retired/))
    const decision = { name: 'R', meaning: 'reviewer', decision: 'approve', statement: 'Fine.' } as const
    await expect(
      app.do(commands.bundles.countersign, { ...decision, path: join(root, 'own.drydock'), keyPath: privateKeyPath!, passphrase })
    ).rejects.toMatchObject(refused('FORBIDDEN', /of Rhea Retired was retired/))
  })

  it('may show certificates, which have to be there', async () => {
    const chain = makeChain(createPrivateKey)
    const file = (name: string, text: string): string => {
      writeFileSync(join(root, name), text)
      return join(root, name)
    }
    const key = file('signer.key', await encryptPkcs8(chain.key.export({ type: 'pkcs8', format: 'der' }), passphrase))
    const made = await withKey(key, 'certified.drydock', file('chain.pem', chain.chainPem))
    expect((await verifyBundle(made.path, { rootCertificatePem: chain.rootPem })).verdict).toBe('holds')
    makeTimeAuthority(root, 'clock')
    const command = ['openssl', ...stampArguments(root, 'clock', '{request}', '{reply}')].map((word) => `"${word}"`).join(' ')
    const stamped = await withKey(key, 'stamped.drydock', join(root, 'chain.pem'), command)
    const trust = {
      rootCertificatePem: chain.rootPem,
      at: new Date('2050-01-01'),
      tsaRootPem: readFileSync(join(root, 'clock.root.pem'), 'utf8')
    }
    expect((await verifyBundle(stamped.path, trust)).verdict).toBe('holds')
    expect((await verifyBundle(made.path, trust)).verdict).toBe('altered')
    await expect(withKey(key, 'unstamped.drydock', join(root, 'chain.pem'), 'echo sorry')).rejects.toThrow(/Nothing was signed/)
    expect(existsSync(join(root, 'unstamped.drydock'))).toBe(false)
    await expect(withKey(key, 'uncertified.drydock', join(root, 'gone.pem'))).rejects.toMatchObject(
      refused('NOT_FOUND', /reading ".*gone\.pem"/)
    )
    expect(existsSync(join(root, 'uncertified.drydock'))).toBe(false)
  })

  it('has a key on this machine', async () => {
    const { id } = app.do(commands.people.create, { name: 'Keyless', title: '', email: '', roles: ['author'] })
    const request = { name: 'signed', version: 1, person: id, passphrase }
    await expect(app.do(commands.bundles.export, request)).rejects.toMatchObject(
      refused('CONFLICT', /^Keyless has no signing key on this machine\. Make or add one/)
    )
  })

  it('is not asked for the card as it would be', async () => {
    const { html: card } = await bundles.cardDocument('signed', 1)
    expect(card).toMatch(/^<!doctype html>/i)
    expect(card).toContain('Ranks tides.')
    expect(card).toContain(model.sha256.slice(0, 8))
  })
})

describe('evidence that is about something else', () => {
  const mismatch = (words: RegExp) => refused('EVIDENCE_MISMATCH', words)
  let target: string
  beforeAll(() => void (target = join(root, 'refused.drydock')))
  const other = sha256('another')

  it.each<[string, Made, RegExp]>([
    [
      'an evaluation of another model',
      { subject: { model: other } },
      /^The evaluation of the run ".+" is about another model.*Nothing was written/
    ],
    [
      'an evaluation of nobody knows what',
      { subject: null },
      /^The evaluation of the run ".+" .* not on record.*Run its evaluate step again, then export\.$/
    ],
    [
      'a gate over another model',
      { gates: [{ policy: 'strict', subject: { model: other } }] },
      /^The gate "strict" is about another model/
    ],
    [
      'a gate over another evaluation',
      { gates: [{ policy: 'strict', subject: { evaluation: other } }] },
      /^The gate "strict" is about another evaluation/
    ],
    [
      'a gate by another text of the policy',
      { gates: [{ policy: 'strict', subject: { policy: other } }] },
      /^The gate "strict" is about another policy/
    ],
    [
      'a gate over nobody knows what',
      { gates: [{ policy: 'strict', subject: null }] },
      /^The result of the policy "strict" .* not on record.*Run its gate step again, then export\.$/
    ],
    ['the first of two gates', { gates: [{ policy: 'strict', subject: { model: other } }, { policy: 'fair' }] }, /^The gate "strict"/],
    ['the second of two gates', { gates: [{ policy: 'fair' }, { policy: 'strict', subject: { model: other } }] }, /^The gate "strict"/]
  ])('keeps a bundle here: %s', async (_, made, words) => {
    const name = `about-${sha256(words.source + JSON.stringify(made)).slice(0, 8)}`
    await registered(name, made)
    await expect(exporting(name, target)).rejects.toMatchObject(mismatch(words))
    expect(existsSync(target)).toBe(false)
    nothingUnderWay()
  })

  it('is passed over where the same policy was held again since', async () => {
    await registered('again', { gates: [{ policy: 'strict', subject: { model: other } }, { policy: 'strict' }] })
    const { path } = await exporting('again', join(root, 'again.drydock'))
    expect(JSON.parse(await read(path, 'policy/history.json')).gates).toHaveLength(2)
  })

  it('is every gate over the rows of the training, and no evaluation without a gate', async () => {
    const rows = sha256('rows')
    const input = (role: string, digest = rows): RunInput => ({ role, name: role, reference: `table:sha256:${digest}`, sha256: digest })
    await registered('trained', { record: { inputs: [input('train')] }, gates: [{ policy: 'strict' }] })
    await registered('same', { record: { inputs: [input('train'), input('test')] }, gates: [{ policy: 'strict' }] })
    await expect(exporting('same', target)).rejects.toMatchObject(
      mismatch(/^The gates of the run "same" were held over rows that the model was trained on/)
    )
    await exporting('trained', join(root, 'trained.drydock'))
  })

  it('is no evaluation at all, and a model whose bytes were changed', async () => {
    const run = app.do(runCommands.recordTraining, trainingRecord('bare', { artifacts: [model, ...workspace.papers] }))
    app.do(commands.models.register, { withoutGate: true, run, name: 'bare' })
    await expect(exporting('bare', target)).rejects.toMatchObject(refused('CONFLICT', /bare@1 was not evaluated/))
    await registered('changed')
    const file = app.workbench().context.objects.pathOf(model.sha256)
    const bytes = readFileSync(file)
    chmodSync(file, 0o644)
    writeFileSync(file, Buffer.concat([bytes, Buffer.from('x')]))
    await expect(exporting('changed', target)).rejects.toMatchObject(refused('DIGEST_MISMATCH', /^The model was changed on the disk/))
    writeFileSync(file, bytes)
    expect(existsSync(target)).toBe(false)
  })
})

describe('what is known of earlier exports', () => {
  it('leaves with the next one: decisions about them are listed and enclosed, and one that is taken out is missed', async () => {
    await registered('reefs')
    const first = await exporting('reefs')
    const trust = { publicKeyPem: author.keys[0].publicPem }
    const decision = { name: 'Rae', meaning: 'reviewer', decision: 'reject', statement: 'It leaks.' } as const
    await countersign(first.path, { ...decision, key: newKey(), trust })
    const next = join(home, 'exports', 'reefs-next')
    await exporting('reefs', next)
    const carried = { earlier: true, decision: 'reject', name: 'Rae' }
    expect(await verifyBundle(next, trust)).toMatchObject({ verdict: 'holds', attestations: [carried] })
    rmSync(join(next, 'attestations'), { recursive: true })
    expect(await verifyBundle(next, trust)).toMatchObject({
      verdict: 'insufficient',
      missing: [expect.stringContaining('reject under the name "Rae"')]
    })
  })
})
