import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { rounds } from '../../testing/deep'
import { programFile } from '../../testing/programs'
import { createApplication } from '../application'
import { checkBackup } from '../recovery'
import { applyUpdate } from './apply-update'
import { goBack } from './go-back'
import { handOver } from './hand-over'
import { whileHoldingVersions } from './hold-versions'
import { readChosen, readState } from './kept-state'
import { freshFolder, makePlace, makeUpdateFile, newKey, removeFolders, rotation, startedAs, type NamedKey } from './release.fixture'
import { ownLedgerFormat, type UpdatePlace } from './update-place'
import { updateState } from './update-state'

const [ours, theirs] = ['Ours', 'Theirs'].map(newKey) as [NamedKey, NamedKey]
let second: string
let third: string
beforeAll(async () => {
  second = await makeUpdateFile({ version: '0.2.0', key: ours })
  third = await makeUpdateFile({ version: '0.3.0', key: ours })
})
afterAll(removeFolders)

const starts = (place: UpdatePlace, version: string): string =>
  execFileSync(join(place.versionsFolder, version, 'bin', 'drydock'), ['x'], { encoding: 'utf8' }).trim()
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort()
const versionsIn = (place: UpdatePlace): string[] => readdirSync(place.versionsFolder).filter((name) => /^\d/.test(name))
const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error as { code: string; message: string }
  )

describe('applying an update for oneself', () => {
  it('puts the program in place as a whole, starts it from then on, and has the settings of its user backed up', async () => {
    const place = makePlace([ours])
    const stages = new Set<string>()
    const result = await applyUpdate(place, second, { onProgress: ({ stage }) => stages.add(stage) })
    expect(result).toMatchObject({ for: 'me', version: '0.2.0', from: '0.1.0', command: null, workspaces: [] })
    expect(readChosen(place.versionsFolder)).toBe('0.2.0')
    expect(starts(place, '0.2.0')).toBe('drydock 0.2.0 x')
    expect(filesBelow(result.path)).toEqual(filesBelow(place.programFolder!))
    expect(statSync(place.versionsFolder).mode & 0o077).toBe(0)
    expect(filesBelow(result.backups!)).toEqual(['/own-files/keys/a.pem', '/own-files/preferences.json'])
    expect(statSync(join(result.backups!, 'own-files/keys/a.pem')).mode & 0o077).toBe(0)
    expect([...stages]).toEqual(expect.arrayContaining(['Verifying every file', 'Unpacking the program', 'Putting the version in place']))
    const state = updateState(place)
    expect(state.versions).toMatchObject([
      { version: '0.2.0', place: 'user', running: false, next: true, by: 'ada', appliedAt: '2026-11-29T12:00:00.000Z' },
      { version: '0.1.0', place: 'machine', running: true, next: false }
    ])
    expect(state).toMatchObject({ back: '0.1.0', packaged: true, keys: [{ name: 'Ours', fingerprint: ours.fingerprint, from: 'program' }] })
    expect(await refusal(applyUpdate(place, second))).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('starts the next time')
    })
  })

  it('keeps the version before and removes older ones, and goes back by one step', async () => {
    const place = makePlace([ours])
    await applyUpdate(place, second)
    const second2 = startedAs(place, '0.2.0')
    await applyUpdate(second2, third)
    const third2 = startedAs(place, '0.3.0')
    expect(updateState(third2)).toMatchObject({ back: '0.2.0' })
    await applyUpdate(third2, await makeUpdateFile({ version: '0.4.0', key: ours }))
    const fourth = startedAs(place, '0.4.0')
    expect(versionsIn(place)).toEqual(['0.3.0', '0.4.0'])
    expect(await goBack(fourth)).toEqual({ from: '0.4.0', to: '0.3.0', restore: [] })
    expect(readChosen(place.versionsFolder)).toBe('0.3.0')
    expect(await refusal(goBack(third2))).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('none to go back to') })
    expect(updateState(third2).acts.map(({ act, version, from }) => `${act} ${version} ${from}`)).toEqual([
      'went-back 0.3.0 0.4.0',
      'removed 0.2.0 0.2.0',
      'applied 0.4.0 0.3.0',
      'applied 0.3.0 0.2.0',
      'applied 0.2.0 0.1.0'
    ])
    // What was had is not undercut by going back, and what was gone back from may be had again.
    expect(await refusal(applyUpdate(third2, await makeUpdateFile({ version: '0.3.5', key: ours })))).toMatchObject({
      code: 'POLICY_DENIED'
    })
    await applyUpdate(third2, await makeUpdateFile({ version: '0.4.0', key: ours }))
    expect(starts(place, '0.4.0')).toBe('drydock 0.4.0 x')
  })

  it('goes back to the program of the machine', async () => {
    const place = makePlace([ours])
    await applyUpdate(place, second)
    expect(await goBack(startedAs(place, '0.2.0'))).toMatchObject({ from: '0.2.0', to: '0.1.0' })
    expect(readChosen(place.versionsFolder)).toBeNull()
    expect(updateState(place).versions.find(({ next }) => next)).toMatchObject({ version: '0.1.0', place: 'machine' })
  })

  it('takes over the key that a rotation brought in, and the former one signs nothing more', async () => {
    const place = makePlace([ours])
    await applyUpdate(
      place,
      await makeUpdateFile({ version: '0.2.0', key: theirs, pins: [ours], rotation: rotation(ours, theirs, '0.2.0') })
    )
    const after = startedAs(place, '0.2.0')
    expect(updateState(after).keys).toMatchObject([
      { name: 'Ours', retiredFrom: '0.2.0' },
      { name: 'Theirs', from: 'rotation' }
    ])
    expect(await refusal(applyUpdate(after, third))).toMatchObject({ code: 'POLICY_DENIED' })
    await applyUpdate(after, await makeUpdateFile({ version: '0.3.0', key: theirs }))
    expect(readChosen(place.versionsFolder)).toBe('0.3.0')
  })

  it('is refused where the check refuses, where the way is closed, and in a checkout, and changes nothing', async () => {
    const refused: [Partial<UpdatePlace>, string][] = [
      [{ rule: 'off', ruleFrom: '/etc/d' }, 'POLICY_DENIED'],
      [{ rule: 'administrator', ruleFrom: '/etc/d' }, 'POLICY_DENIED'],
      [{ isRoot: true }, 'POLICY_DENIED'],
      [{ programFolder: null }, 'POLICY_DENIED'],
      [{ platform: 'darwin-arm64' }, 'POLICY_DENIED']
    ]
    for (const [change, code] of refused) {
      const place = makePlace([ours], change)
      expect(await refusal(applyUpdate(place, second)), JSON.stringify(change)).toMatchObject({ code })
      expect(versionsIn(place)).toEqual([])
      expect(existsSync(join(dirname(place.versionsFolder), 'backups'))).toBe(false)
    }
    const place = makePlace([ours], { rule: 'administrator', ruleFrom: '/etc/d' })
    expect(await refusal(Promise.resolve().then(() => goBack(place)))).toMatchObject({ code: 'POLICY_DENIED' })
  })

  it('is done by one program at a time', async () => {
    const place = makePlace([ours])
    const other = await whileHoldingVersions(place.versionsFolder, () => refusal(applyUpdate(place, second)))
    expect(other).toMatchObject({ code: 'STORAGE_LOCKED', message: expect.stringContaining('Another Drydock puts a version in place') })
    const both = await Promise.allSettled([applyUpdate(place, second), applyUpdate(place, second)])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(starts(place, '0.2.0')).toBe('drydock 0.2.0 x')
  })
})

describe('applying an update that migrates workspaces', () => {
  it('backs each up before, and going back names those that were migrated since', async () => {
    const root = freshFolder()
    const app = createApplication({ userDirectory: join(root, 'user') })
    for (const name of ['Migrated', 'Untouched']) {
      await app.createWorkspace(join(root, name), name)
      await app.closeWorkspace()
    }
    const workspaces = app.recent().map(({ name, directory, available }) => ({ name, directory, available }))
    await app.close()
    const now = ownLedgerFormat()
    const place = makePlace([ours], { workspaces: () => workspaces })
    place.running.ledgerFormat = now
    const update = await makeUpdateFile({ version: '0.2.0', key: ours, ledgerSchema: now + 1 })
    const result = await applyUpdate(place, update)
    expect(result.workspaces.map(({ workspace }) => workspace).sort()).toEqual(['Migrated', 'Untouched'])
    for (const { path } of result.workspaces) await checkBackup(path)
    // As the new version would leave it.
    const file = join(root, 'Migrated', 'ledger.sqlite')
    const bytes = readFileSync(file)
    bytes.writeUInt32BE(now + 1, 60)
    writeFileSync(file, bytes)
    const { restore } = await goBack(startedAs(place, '0.2.0', now + 1))
    expect(restore).toEqual(result.workspaces.filter(({ workspace }) => workspace === 'Migrated'))
  })
  it('are backed up below the folders that the machine settings allow', async () => {
    const root = realpathSync(freshFolder())
    const lab = join(root, 'lab')
    const app = createApplication({ userDirectory: join(root, 'user') })
    await app.createWorkspace(join(lab, 'w'), 'Lab')
    await app.close()
    const settings = join(root, 'drydock.yaml')
    writeFileSync(settings, `schema: drydock.machine/1\nversion: 1\nname: Lab\nallowedFolders: ["${lab}"]\n`)
    const now = ownLedgerFormat()
    const place = makePlace([ours], {
      user: 'LAB\\ada/..',
      workspaces: () => [{ name: 'Lab', directory: join(lab, 'w'), available: true }]
    })
    const update = await makeUpdateFile({ version: '0.2.0', key: ours, ledgerSchema: now + 1 })
    const onLab = join(lab, '0.2.0.drydock-update')
    cpSync(update, onLab)
    vi.stubEnv('DRYDOCK_MACHINE_SETTINGS', settings)
    try {
      const { backups, workspaces } = await applyUpdate(place, onLab)
      expect(dirname(backups!)).toBe(join(lab, 'Drydock backups of LAB_ada___'))
      expect(statSync(backups!).mode & 0o077).toBe(0)
      for (const { path } of workspaces) await checkBackup(path)
      expect(workspaces).toHaveLength(1)
    } finally {
      vi.unstubAllEnvs()
    }
  })
  it('is not applied where one cannot be backed up, unless told to do without', async () => {
    const broken = freshFolder()
    writeFileSync(join(broken, 'drydock.json'), '{')
    const bytes = Buffer.alloc(4096)
    bytes.write('SQLite format 3\0', 'latin1')
    bytes.writeUInt32BE(13, 60)
    writeFileSync(join(broken, 'ledger.sqlite'), bytes)
    const place = makePlace([ours], { workspaces: () => [{ name: 'Broken', directory: broken, available: true }] })
    expect(await refusal(applyUpdate(place, second))).toMatchObject({
      message: expect.stringMatching(/"Broken" could not be backed up.*without backups/s)
    })
    expect(versionsIn(place)).toEqual([])
    expect(readdirSync(join(dirname(place.versionsFolder), 'backups'))).toEqual([])
    expect(await applyUpdate(place, second, { withoutBackup: true })).toMatchObject({ backups: null })
  })
})

describe('handing an update over to the package manager', () => {
  it('takes the verified package out, says the command and changes nothing else', async () => {
    const place = makePlace([ours], { rule: 'administrator', ruleFrom: '/etc/d' })
    const result = await handOver(place, second)
    expect(result).toMatchObject({ for: 'machine', command: `sudo apt install ${result.path}`, backups: null })
    expect(readFileSync(result.path, 'utf8')).toContain('0.2.0')
    expect(readChosen(place.versionsFolder)).toBeNull()
    expect(readState(place.versionsFolder).highest).toBeNull()
    expect(await refusal(handOver(makePlace([theirs]), second))).toMatchObject({ code: 'POLICY_DENIED' })
  })
})

describe('a switch that fails at its end', () => {
  it('leaves what is known of the versions as it was, and with it the way back', async () => {
    const place = makePlace([ours])
    await applyUpdate(place, second)
    const now = startedAs(place, '0.2.0')
    const known = readState(place.versionsFolder)
    const acts = join(place.versionsFolder, 'acts.jsonl')
    rmSync(acts)
    mkdirSync(acts)
    expect(await refusal(applyUpdate(now, third))).toMatchObject({
      code: expect.any(String),
      message: expect.stringContaining('acts.jsonl')
    })
    expect(readState(place.versionsFolder)).toEqual(known)
    expect([readChosen(place.versionsFolder), versionsIn(place)]).toEqual(['0.2.0', ['0.2.0']])
    rmSync(acts, { recursive: true })
    expect(await goBack(now)).toMatchObject({ from: '0.2.0', to: '0.1.0' })
  })
})

describe('a program that is killed while it applies an update', () => {
  it('leaves the version before or the new one as a whole, whenever that is, and the next one puts it in place', async () => {
    const run = (root: string, nth: number) =>
      spawnSync(process.execPath, [programFile('apply-app'), root, second, String(nth)], { encoding: 'utf8' })
    const whole = makePlace([ours])
    const calls: number = JSON.parse(run(dirname(whole.programFolder!), 0).stdout).calls
    const expected = filesBelow(join(whole.versionsFolder, '0.2.0'))
    expect(calls).toBeGreaterThan(25)
    const last = Array.from({ length: 8 }, (_, index) => calls - index)
    const spread = Array.from({ length: rounds(5, 40) }, (_, index) => 1 + Math.floor((index * calls) / rounds(5, 40)))
    for (const nth of new Set([...spread, ...last])) {
      const place = makePlace([ours])
      const killed = run(dirname(place.programFolder!), nth)
      expect(killed.signal, `${nth} of ${calls}: ${killed.stderr}`).toBe('SIGKILL')
      const chosen = readChosen(place.versionsFolder)
      if (existsSync(join(place.versionsFolder, '0.2.0')))
        expect(filesBelow(join(place.versionsFolder, '0.2.0')), String(nth)).toEqual(expected)
      if (chosen !== null) expect(starts(place, chosen)).toBe('drydock 0.2.0 x')
      else await applyUpdate(place, second)
      expect(starts(place, '0.2.0')).toBe('drydock 0.2.0 x')
      await whileHoldingVersions(place.versionsFolder, async () => undefined)
      expect(readdirSync(place.versionsFolder).filter((name) => /staging|\.tmp$/.test(name))).toEqual([])
    }
  }, 120_000)

  it('leaves the way back of the version that starts, whichever that is, and no way to undercut what was had', async () => {
    const run = (place: UpdatePlace, nth: number) =>
      spawnSync(process.execPath, [programFile('apply-app'), dirname(place.programFolder!), third, String(nth), '0.2.0'], {
        encoding: 'utf8'
      })
    const ready = async (): Promise<UpdatePlace> => {
      const place = makePlace([ours])
      await applyUpdate(place, second)
      return place
    }
    const calls: number = JSON.parse(run(await ready(), 0).stdout).calls
    const left: string[] = []
    for (let nth = calls; nth > calls - 8; nth--) {
      const place = await ready()
      expect(run(place, nth).signal, `${nth} of ${calls}`).toBe('SIGKILL')
      const chosen = readChosen(place.versionsFolder)!
      left.push(chosen)
      const now = startedAs(place, chosen)
      const back = chosen === '0.3.0' ? '0.2.0' : '0.1.0'
      expect([updateState(now).back, readState(place.versionsFolder).highest], `${nth} of ${calls}`).toEqual([back, chosen])
      expect(await goBack(now)).toMatchObject({ from: chosen, to: back })
      expect(readState(place.versionsFolder).highest).toBe(chosen)
      expect(readdirSync(place.versionsFolder).filter((name) => name.includes('.next'))).toEqual([])
    }
    expect(new Set(left)).toEqual(new Set(['0.2.0', '0.3.0']))
  }, 120_000)
})

describe('a disk that is full', () => {
  const mountable = (() => {
    const point = freshFolder()
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', point], { stdio: 'ignore' })
      execFileSync('umount', [point])
      return true
    } catch {
      return false
    }
  })()
  it.skipIf(!mountable)('is said with the next step, and nothing of the version is left', async () => {
    const large = Buffer.alloc(3 * 1024 * 1024)
    for (let at = 0; at < large.length; at += 4) large.writeUInt32LE((at * 2654435761) >>> 0, at)
    const root = freshFolder()
    const top = join(root, 'drydock-0.2.0-linux-x64')
    mkdirSync(top)
    writeFileSync(join(top, 'large.bin'), large)
    execFileSync('tar', ['-czf', join(root, 'p.tar.gz'), '-C', root, 'drydock-0.2.0-linux-x64'])
    const update = await makeUpdateFile({ version: '0.2.0', key: ours, tarball: readFileSync(join(root, 'p.tar.gz')) })
    const place = makePlace([ours])
    const data = join(dirname(place.programFolder!), 'data')
    mkdirSync(data)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', data])
    try {
      expect(await refusal(applyUpdate(place, update))).toMatchObject({
        code: 'DISK_FULL',
        message: expect.stringContaining('Free some space')
      })
      expect(versionsIn(place)).toEqual([])
      expect(filesBelow(data).filter((name) => !name.includes('.lock'))).toEqual([])
    } finally {
      execFileSync('umount', ['-l', data])
      rmSync(data, { recursive: true, force: true })
    }
  })
})
