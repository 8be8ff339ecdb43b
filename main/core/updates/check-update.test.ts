import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeRotation } from '../../../scripts/package/evidence/rotation'
import { connect } from '../../storage/ledger/ledger-connection'
import { ledgerFormat, openWorkspaceLedger } from '../ledger'
import { checkUpdate } from './check-update'
import { writeState } from './kept-state'
import {
  copyOf,
  freshFolder,
  makePlace,
  makeReleaseFolder,
  makeUpdateFile,
  newKey,
  removeFolders,
  rotation,
  type NamedKey
} from './release.fixture'
import { ownLedgerFormat } from './update-place'

const [ours, theirs, next, third] = ['Ours', 'Theirs', 'Next', 'Third'].map(newKey) as [NamedKey, NamedKey, NamedKey, NamedKey]
let file: string
beforeAll(async () => {
  file = await makeUpdateFile({ version: '0.2.0', key: ours })
})
afterAll(removeFolders)

const place = makePlace([ours])
const failed = async (path: string, at = place) => {
  const { verdict, findings } = await checkUpdate(at, path)
  const fail = findings.filter(({ status }) => status === 'fail')
  return { verdict, fail: fail.map(({ id }) => id), words: fail[0]?.detail ?? '' }
}

describe('an update by the key of the program', () => {
  it('may be applied, as a file and as a folder, and says what changes, whose it is and which ways there are', async () => {
    const folder = await makeReleaseFolder({ version: '0.2.0', key: ours })
    for (const path of [file, folder]) {
      const report = await checkUpdate(place, path)
      expect(report).toMatchObject({
        verdict: 'may-apply',
        from: { version: '0.1.0' },
        to: { version: '0.2.0', platform: 'linux-x64', ledgerFormat: 14 },
        signer: { name: 'Ours', fingerprint: ours.fingerprint },
        newKey: null,
        changes: '## 0.2.0\n\n- Something new.\n'
      })
      expect(report.findings.map(({ id, status }) => `${id} ${status}`)).toEqual([
        'signature pass',
        'signer pass',
        'platform pass',
        'version pass',
        'workspaces pass',
        'program pass'
      ])
      expect(report.ways.map(({ open }) => open)).toEqual([true, true])
    }
  })
  it('is nothing to do where its version runs, and refused where a higher one runs or was had', async () => {
    expect(await checkUpdate(makePlace([ours], { version: '0.2.0' }), file)).toMatchObject({ verdict: 'nothing-to-do' })
    expect(await failed(file, makePlace([ours], { version: '0.3.0' }))).toMatchObject({ verdict: 'refused', fail: ['version'] })
    const had = makePlace([ours])
    const state = { schema: 'drydock.versions/1' as const, highest: '0.10.0', machine: null, before: null, backups: [], rotations: [] }
    await writeState(had.versionsFolder, state)
    expect(await failed(file, had)).toMatchObject({ fail: ['version'], words: expect.stringContaining('you had 0.10.0') })
    await writeState(had.versionsFolder, { ...state, highest: '0.2.0' })
    expect(await checkUpdate(had, file)).toMatchObject({ verdict: 'may-apply' })
  })
  it('is refused for another system, and where the administrator has switched updates off', async () => {
    expect(await failed(file, makePlace([ours], { platform: 'win32-x64' }))).toMatchObject({ fail: ['platform'] })
    const off = makePlace([ours], { rule: 'off', ruleFrom: '/etc/drydock/drydock.yaml' })
    expect(await failed(file, off)).toMatchObject({ fail: ['program'], words: expect.stringContaining('/etc/drydock/drydock.yaml') })
  })
  it('is for the administrator alone where the settings of the machine say so, and for nobody in a checkout', async () => {
    const open = async (change: Parameters<typeof makePlace>[1]) =>
      (await checkUpdate(makePlace([ours], change), file)).ways.map((way) => way.open)
    expect(await open({ rule: 'administrator', ruleFrom: '/etc/x' })).toEqual([false, true])
    expect(await open({ isRoot: true })).toEqual([false, true])
    const checkout = { ...makePlace([ours]), programFolder: null }
    expect(await failed(file, checkout)).toMatchObject({ fail: ['signer'], words: expect.stringContaining('without a release key') })
  })
})

describe('a file that is not as it was signed', () => {
  it('is refused wherever a byte differs, where it is cut, and where something was added', async () => {
    const { size } = statSync(file)
    for (const at of [40, Math.floor(size / 3), Math.floor(size / 2), size - 30]) {
      const copy = copyOf(file)
      const bytes = readFileSync(copy)
      bytes[at] ^= 1
      writeFileSync(copy, bytes)
      expect(await failed(copy), String(at)).toMatchObject({ verdict: 'refused', fail: ['signature'] })
    }
    for (const length of [0, 1, 100, Math.floor(size / 2), size - 1]) {
      const copy = copyOf(file)
      truncateSync(copy, length)
      const { words, ...said } = await failed(copy)
      expect(said, String(length)).toMatchObject({ verdict: 'refused', fail: ['signature'] })
      // In the words of updates: nobody asks for a bundle that was exported again.
      expect(words, String(length)).toContain('It is no update file, or it was damaged or cut short on the way.')
      expect(words, String(length)).not.toContain('bundle')
    }
    await expect(checkUpdate(place, `${file}.none`)).rejects.toThrow('opening the update file')
    const folder = await makeReleaseFolder({ version: '0.2.0', key: ours })
    writeFileSync(join(folder, 'more'), 'x')
    expect(await failed(folder)).toMatchObject({ fail: ['signature'], words: expect.stringContaining('more') })
  })
  it('shows nothing of what it says of itself', async () => {
    const folder = await makeReleaseFolder({ version: '0.2.0', key: theirs, changes: 'Trust me.' })
    expect(await checkUpdate(place, folder)).toMatchObject({ verdict: 'refused', to: null, signer: null, changes: '', ways: [] })
  })
  it('is refused where it is signed by another key, or no release at all', async () => {
    expect(await failed(await makeUpdateFile({ version: '0.2.0', key: theirs }))).toMatchObject({ fail: ['signer'] })
    const odd: [string, string][] = [
      ['release.json', '{"schema":"drydock.release/9"}'],
      ['release.json', JSON.stringify({ schema: 'drydock.release/1', name: 'Drydock', version: '../../x' })],
      ['release.json', '{']
    ]
    for (const [name, text] of odd) {
      const folder = await makeReleaseFolder({ version: '0.2.0', key: ours, before: (at) => writeFileSync(join(at, name), text) })
      expect(await failed(folder), text).toMatchObject({ verdict: 'refused', fail: ['release'] })
    }
  })
})

describe('a release that names a payload which it does not hold as it says', () => {
  it.each([
    ['is missing', { file: 'nothing.tar.gz' }],
    ['is another file', { sha256: `${'0'.repeat(64)}` }]
  ])('is refused by the check already, where one %s', async (_what, change) => {
    const folder = await makeReleaseFolder({
      version: '0.2.0',
      key: ours,
      before(at) {
        const file = join(at, 'release.json')
        const document = JSON.parse(readFileSync(file, 'utf8'))
        Object.assign(document.payloads[0], change)
        writeFileSync(file, JSON.stringify(document))
      }
    })
    expect(await failed(folder)).toMatchObject({ verdict: 'refused', fail: ['release'], words: expect.stringContaining('does not hold') })
  })
})

describe('another release key', () => {
  it('takes over by a statement that both keys signed, from the version that it names on', async () => {
    const statement = rotation(ours, next, '0.2.0')
    const report = await checkUpdate(place, await makeUpdateFile({ version: '0.2.0', key: next, rotation: statement }))
    expect(report).toMatchObject({ verdict: 'may-apply', newKey: { name: 'Next', fingerprint: next.fingerprint } })
    const early = await makeUpdateFile({ version: '0.1.9', key: next, rotation: statement })
    expect(await failed(early)).toMatchObject({ fail: ['signer'], words: expect.stringContaining('from version 0.2.0 on') })
    const late = await makeUpdateFile({ version: '0.2.0', key: ours, rotation: statement })
    expect(await failed(late)).toMatchObject({ fail: ['signer'], words: expect.stringContaining('took over') })
  })
  it('takes over by the statement that the release tool writes', async () => {
    const written = writeRotation(ours.privateKey, { name: 'Next', key: next.privateKey }, { fromVersion: '0.2.0', date: '2026-11-01' })
    const update = await makeUpdateFile({ version: '0.2.0', key: next, rotation: written })
    expect(await checkUpdate(place, update)).toMatchObject({ verdict: 'may-apply', newKey: { name: 'Next' } })
    const other = JSON.parse(written)
    other.statement.payloadType = 'application/vnd.in-toto+json'
    expect(await failed(await makeUpdateFile({ version: '0.2.0', key: next, rotation: JSON.stringify(other) }))).toMatchObject({
      fail: ['release']
    })
  })
  it.each([
    ['the former key alone signed it', (): string => rotation(ours, next, '0.2.0', [ours, ours])],
    ['the new key alone signed it', (): string => rotation(ours, next, '0.2.0', [next, next])],
    ['one signature is missing', (): string => rotation(ours, next, '0.2.0', [ours])],
    ['a stranger signed in the place of the former key', (): string => rotation(ours, next, '0.2.0', [theirs, next])],
    ['it hands over from a stranger', (): string => rotation(theirs, next, '0.2.0')],
    ['the fingerprint is of another key', (): string => rotation(ours, { ...next, fingerprint: third.fingerprint }, '0.2.0')]
  ])('does not where %s', async (_what, statement) => {
    const { verdict, fail } = await failed(await makeUpdateFile({ version: '0.2.0', key: next, rotation: statement() }))
    expect(verdict).toBe('refused')
    expect(['signer', 'signature', 'release']).toContain(fail[0])
  })
  it('is known later by the statements that were accepted, one after the other, and the former ones sign nothing more', async () => {
    const at = makePlace([ours])
    const accepted = [rotation(ours, next, '0.2.0'), rotation(next, third, '0.3.0')].map((text) => JSON.parse(text))
    await writeState(at.versionsFolder, {
      schema: 'drydock.versions/1',
      highest: '0.1.0',
      machine: null,
      before: null,
      backups: [],
      rotations: accepted
    })
    expect(await checkUpdate(at, await makeUpdateFile({ version: '0.3.0', key: third }))).toMatchObject({
      verdict: 'may-apply',
      newKey: null
    })
    for (const key of [ours, next])
      expect(await failed(await makeUpdateFile({ version: '0.3.1', key }), at)).toMatchObject({ fail: ['signer'] })
    const again = rotation(ours, theirs, '0.3.0')
    expect(await failed(await makeUpdateFile({ version: '0.3.1', key: theirs, rotation: again }), at)).toMatchObject({
      fail: ['signer'],
      words: expect.stringContaining('handed over')
    })
  })
  it('takes nothing back: an older statement with a later version gives the former key none of its time again', async () => {
    const at = makePlace([ours])
    const rotations = [JSON.parse(rotation(ours, next, '0.2.0'))]
    await writeState(at.versionsFolder, {
      ...{ schema: 'drydock.versions/1', highest: null, machine: null, before: null, backups: [] },
      rotations
    })
    const older = rotation(ours, next, '3.0.0')
    const replayed = await makeUpdateFile({ version: '2.5.0', key: ours, rotation: older })
    expect(await failed(replayed, at)).toMatchObject({ fail: ['signer'], words: expect.stringContaining('with version 0.2.0') })
  })
  it('may be skipped by nobody: a statement of a key that is not known brings in none', async () => {
    const far = await makeUpdateFile({ version: '0.4.0', key: third, rotation: rotation(next, third, '0.3.0') })
    expect(await failed(far)).toMatchObject({ fail: ['signer'], words: expect.stringContaining('releases between') })
  })
  it('goes on where a program pins it and the release still carries the statement', async () => {
    const at = makePlace([next], { version: '0.2.0' })
    const later = await makeUpdateFile({ version: '0.2.1', key: next, rotation: rotation(ours, next, '0.2.0') })
    expect(await checkUpdate(at, later)).toMatchObject({ verdict: 'may-apply', newKey: null })
  })
})

describe('workspaces', () => {
  const folderWith = (format: number): string => {
    const directory = freshFolder()
    openWorkspaceLedger(join(directory, 'ledger.sqlite')).close()
    if (format !== ownLedgerFormat()) {
      const db = connect(join(directory, 'ledger.sqlite'))
      db.exec(`DELETE FROM migration WHERE version > ${format}; PRAGMA user_version = ${format}; PRAGMA wal_checkpoint(TRUNCATE)`)
      db.close()
    }
    return directory
  }
  it('are told with what becomes of each, also while one is in use', async () => {
    const now = ownLedgerFormat()
    const [old, present, ancient] = [now - 1, now, 2].map(folderWith) as [string, string, string]
    const open = freshFolder()
    const ledger = openWorkspaceLedger(join(open, 'ledger.sqlite'))
    const empty = freshFolder()
    mkdirSync(join(empty, 'x'))
    const named = Object.entries({ old, present, ancient, open, empty }).map(([name, directory]) => ({ name, directory, available: true }))
    const at = makePlace([ours], { workspaces: () => [...named, { name: 'gone', directory: '/nowhere', available: false }] })
    const release = await makeUpdateFile({ version: '0.2.0', key: ours, ledgerSchema: now, opensLedgerFrom: 3 })
    const report = await checkUpdate(at, release)
    ledger.close()
    expect(Object.fromEntries(report.workspaces.map(({ name, effect, format }) => [name, [effect, format]]))).toEqual({
      old: ['migrates', now - 1],
      present: ['stays', now],
      ancient: ['too-old', 2],
      open: ['stays', now],
      empty: ['unknown', null],
      gone: ['unknown', null]
    })
    expect(report.verdict).toBe('may-apply')
    expect(report.findings.find(({ id }) => id === 'workspaces')).toMatchObject({ status: 'warn', title: '1 workspace will be migrated' })
    expect(ledgerFormat.migrations).toHaveLength(now)
  })
})
