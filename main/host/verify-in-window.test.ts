import { createPrivateKey } from 'node:crypto'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../preload/contract'
import { createClient, createMemoryTransport, type Server } from '../../preload/wire'
import { createChosenPlaces } from '../app/chosen-places'
import { runCli } from '../cli/program'
import { commands } from '../core/all-commands'
import { countersign, signDirectory } from '../core/bundle-format'
import { makeChain, removeFolders, writeFiles } from '../core/bundle-format/sample-bundle.fixture'
import { openExportWorkspace, passphrase, type ExportWorkspace } from '../core/bundles/export-workspace.fixture'
import type { SignatureMeaning, VerificationReport } from '../model/bundle'
import { knownPlace, placeText } from '../model/place'
import type { PersonId } from '../model/reference'
import type { Role } from '../model/workspace'
import { createShellQuestions } from './ask-shell'
import { serveContract } from './serve-contract'

let workspace: ExportWorkspace
let server: Server
let client: ReturnType<typeof createClient<typeof contract>>
let bundle: string
const { DRYDOCK_USER_DIR } = process.env
const chosen = createChosenPlaces()
const people: Record<string, { id: PersonId; file: string; fingerprint: string }> = {}

/** As a window asks: by what the shell gave out for files that a person chose. */
const place = (path: string) => chosen.give(path, 'read')

async function person(name: string, roles: Role[]): Promise<void> {
  const { app, root } = workspace
  const { id } = app.do(commands.people.create, { name, title: '', email: '', roles })
  const { keys } = await app.do(commands.people.createKey, { id, passphrase })
  const file = join(root, `${name}.pub.pem`)
  writeFileSync(file, keys[0]!.publicPem)
  people[name] = { id, file, fingerprint: keys[0]!.fingerprint }
}

async function decide(path: string, name: string, decision: 'approve' | 'reject', meaning: SignatureMeaning): Promise<void> {
  const { key } = await workspace.app.people.openKey(people[name]!.id, passphrase)
  await countersign(path, { key, name, decision, meaning, statement: 'Read.', anyAuthor: true })
}

beforeAll(async () => {
  workspace = await openExportWorkspace()
  process.env.DRYDOCK_USER_DIR = join(workspace.root, 'user')
  const { app, author, root } = workspace
  await workspace.registered('tides', { gates: [{ policy: 'strict' }] })
  const { path } = await app.do(commands.bundles.export, { name: 'tides', version: 1, person: author.id, passphrase })
  bundle = path
  const ada = app.people.get(author.id)
  people['Ada'] = { id: ada.id, file: join(root, 'Ada.pub.pem'), fingerprint: ada.keys[0]!.fingerprint }
  writeFileSync(people['Ada'].file, ada.keys[0]!.publicPem)
  await person('Vera', ['reviewer'])
  await person('Omar', ['approver'])
  await decide(bundle, 'Vera', 'approve', 'reviewer')
  const transport = createMemoryTransport()
  const shell = createShellQuestions((message) => {
    const said = message as { kind: string; id: number; token: string; use: 'read' }
    if (said.kind === 'take') shell.heard({ kind: 'answer', id: said.id, ...chosen.take(said.token, said.use) })
  })
  server = serveContract(app, transport.server, { shell })
  client = createClient(contract, transport.client)
})
afterAll(async () => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  await server.close()
  await workspace.close()
  removeFolders()
})

type Input = Parameters<typeof client.bundles.inspect>[0]

async function inWindow(path: string, input: Omit<Input, 'path'>): Promise<VerificationReport> {
  return (await client.bundles.inspect({ path: place(path), ...input }).result).report
}

async function atCommandLine(path: string, ...options: string[]): Promise<VerificationReport> {
  let out = ''
  await runCli(['verify', path, ...options, '--json'], { out: (text) => (out += text), err: () => undefined })
  return JSON.parse(out) as VerificationReport
}

/** What the verdict says; when it was made is another time. */
const said = ({ verdict, summary, missing, notChecked, decisions, signer }: VerificationReport) => ({
  ...{ verdict, summary, missing, notChecked, decisions },
  anchoredBy: signer?.anchoredBy
})

describe('the window answers what it is asked as verify does', () => {
  it('about people, approvals, gate and release', async () => {
    const { root } = workspace
    const [ada, vera] = [people['Ada']!, people['Vera']!]
    const trust = join(root, 'trust.yaml')
    const entry = (name: string, role: string) => `  - { name: ${name}, roles: [${role}], keys: [${people[name]!.fingerprint}] }\n`
    writeFileSync(trust, `schema: drydock.trust\nversion: 1\nname: ours\npeople:\n${entry('Ada', 'author')}${entry('Vera', 'reviewer')}`)
    const key = { publicKeyPath: place(ada.file) }
    const all = { approvals: 1, gate: 'pass', stage: 'released' } as const
    const questions: [Omit<Input, 'path'>, string[], VerificationReport['verdict']][] = [
      [{}, [], 'insufficient'],
      [{ question: all }, ['--approvals', '1', '--gate', 'pass', '--stage', 'released'], 'insufficient'],
      [key, ['--key', ada.file], 'holds'],
      [{ publicKeyPath: place(vera.file) }, ['--key', vera.file], 'altered'],
      [{ ...key, question: { approvals: 1 } }, ['--key', ada.file, '--approvals', '1'], 'insufficient'],
      [
        { ...key, reviewerPaths: [place(vera.file)], question: { approvals: 1, gate: 'pass' } },
        ['--key', ada.file, '--reviewer', vera.file, '--approvals', '1', '--gate', 'pass'],
        'holds'
      ],
      [
        { trustPath: place(trust), question: { approvals: 2, stage: 'released' } },
        ['--trust', trust, '--approvals', '2', '--stage', 'released'],
        'insufficient'
      ]
    ]
    for (const [input, options, verdict] of questions) {
      const [window, line] = [await inWindow(bundle, input), await atCommandLine(bundle, ...options)]
      expect(window.verdict, options.join(' ')).toBe(verdict)
      expect(said(window), options.join(' ')).toEqual(said(line))
    }
  })

  it('once more the next time, where it was asked by hand: files by what the host remembers, and nothing once it is forgotten', async () => {
    const { file } = people['Ada']!
    const inspect = async (input: Omit<Input, 'path'>) => client.bundles.inspect({ path: place(bundle), ...input }).result
    const { report } = await inspect({ publicKeyPath: place(file), question: { approvals: 1 } })
    expect((await inspect({})).askedBefore).toBeUndefined()
    expect((await inspect({ publicKeyPath: place(file), question: { approvals: 1 }, remember: true })).askedBefore).toBeUndefined()
    const { askedBefore } = await inspect({ fingerprint: people['Ada']!.fingerprint })
    expect(askedBefore).toMatchObject({ question: { approvals: 1 } })
    expect(placeText(askedBefore!.trust.publicKeyPath!)).toBe(file)
    const again = await inspect({ ...askedBefore!.trust, question: askedBefore!.question, remember: true })
    expect([again.report.verdict, again.report.signer?.anchoredBy]).toEqual([report.verdict, 'public-key'])
    expect((await inspect({})).askedBefore?.trust).toEqual(askedBefore!.trust)
    for (const guessed of [file, `asked:${'0'.repeat(16)}:${file}`])
      await expect(inspect({ publicKeyPath: guessed })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await client.bundles.forgetAsked({ bundleDigest: report.bundleDigest! })
    expect((await inspect({})).askedBefore).toBeUndefined()
    await expect(inspect(askedBefore!.trust)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('about certificates and time', async () => {
    const { root } = workspace
    const chain = makeChain(createPrivateKey)
    const folder = writeFiles()
    await signDirectory(folder, { key: chain.key, certificateChainPem: chain.chainPem })
    const ca = join(root, 'ca.pem')
    writeFileSync(ca, chain.rootPem)
    const under = { rootCertificatePath: place(ca) }
    const questions: [Omit<Input, 'path'>, string[], VerificationReport['verdict']][] = [
      [under, ['--ca', ca], 'holds'],
      [{ ...under, identities: ['nobody', 'Harbour Test'] }, ['--ca', ca, '--identity', 'nobody', '--identity', 'Harbour Test'], 'holds'],
      [{ ...under, identities: ['nobody'] }, ['--ca', ca, '--identity', 'nobody'], 'altered'],
      [{ ...under, at: '2046-01-01' }, ['--ca', ca, '--at', '2046-01-01'], 'altered'],
      [
        { ...under, at: '2030-01-01T12:00:00+02:00', tsaRootPath: place(ca) },
        ['--ca', ca, '--at', '2030-01-01T12:00:00+02:00', '--tsa', ca],
        'holds'
      ]
    ]
    for (const [input, options, verdict] of questions) {
      const [window, line] = [await inWindow(folder, input), await atCommandLine(folder, ...options)]
      expect(window.verdict, options.join(' ')).toBe(verdict)
      expect(said(window), options.join(' ')).toEqual(said(line))
      expect(window.judgedAt.slice(0, 10)).toBe(line.judgedAt.slice(0, 10))
    }
    await expect(inWindow(folder, { ...under, revocationListPaths: [place(ca)] })).rejects.toMatchObject({
      message: expect.stringContaining('list of revoked certificates cannot be used')
    })
    await expect(inWindow(folder, { ...under, at: 'tomorrow' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('takes the people kept in the workspace for those whom the reader trusts, without who left and retired keys', async () => {
    const { app } = workspace
    const copy = join(workspace.root, 'released.drydock')
    copyFileSync(bundle, copy)
    await decide(copy, 'Omar', 'approve', 'release')
    const asked = { keptPeople: true, question: { approvals: 2, gate: 'pass', stage: 'released' } } as const
    expect(await inWindow(copy, asked)).toMatchObject({
      verdict: 'holds',
      decisions: { approvedBy: expect.arrayContaining(['Vera', 'Omar']), releasedBy: ['Omar'] }
    })
    await expect(inWindow(copy, { ...asked, trustPath: place(copy) })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await app.do(commands.people.use, { id: people['Omar']!.id, passphrase })
    await app.do(commands.people.leave, { id: people['Vera']!.id, reason: 'Went ashore.' })
    const without = await inWindow(copy, asked)
    expect(without.missing).toEqual([expect.stringMatching(/^Approvals: 2 persons .*Omar did/)])
    expect(without.decisions.approvedBy).toEqual(['Omar'])
    // Her key is still one of this machine, so she is no stranger; that makes her no reviewer.
    expect(without.decisions).toMatchObject({ unknown: [], own: [{ name: 'Vera' }] })
  })
})

describe('a countersignature in the window', () => {
  it('knows the author first, and lets people sign only as what their role allows', async () => {
    const copy = join(workspace.root, 'countersigned.drydock')
    copyFileSync(bundle, copy)
    const sign = (name: string, meaning: SignatureMeaning, more: object) =>
      client.bundles.countersign({
        path: place(copy),
        keyPath: knownPlace('key', people[name]!.fingerprint),
        passphrase,
        name,
        meaning,
        decision: 'approve',
        statement: 'Read.',
        ...more
      })
    const kept = { trust: { keptPeople: true } } as const
    await expect(sign('Omar', 'reviewer', {})).rejects.toMatchObject({ code: 'SIGNER_UNTRUSTED' })
    await expect(sign('Ada', 'reviewer', kept)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('no independent')
    })
    await expect(sign('Omar', 'author', kept)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const { report } = await sign('Omar', 'approver', kept)
    expect(report.decisions.approvedBy).toContain('Omar')
  })
})
