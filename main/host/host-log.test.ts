import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { logParts, logPlace } from '../core/program/log-place'
import { createHostLog } from './host-log'

const root = mkdtempSync(join(tmpdir(), 'drydock-log-'))
const { DRYDOCK_MACHINE_SETTINGS } = process.env
afterAll(() => {
  if (DRYDOCK_MACHINE_SETTINGS === undefined) delete process.env.DRYDOCK_MACHINE_SETTINGS
  else process.env.DRYDOCK_MACHINE_SETTINGS = DRYDOCK_MACHINE_SETTINGS
  rmSync(root, { recursive: true, force: true })
})
const linesOf = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: string }).message)

describe('the log', () => {
  it('keeps to its budget over all parts, with the newest words in the first', () => {
    const folder = join(root, 'rotated')
    const file = join(folder, 'host.log')
    const log = createHostLog({ file, budget: 5_000 })
    for (let count = 0; count < 400; count++) log('info', `word ${count}`)
    const there = logParts({ folder, file })
    expect(there.map(({ name }) => name)).toEqual(['host.log', 'host.log.1', 'host.log.2', 'host.log.3', 'host.log.4'])
    expect(there.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(5_000)
    expect(linesOf(file).at(-1)).toBe('word 399')
    const [first] = linesOf(file)
    expect(linesOf(`${file}.1`).at(-1)).toBe(`word ${Number(first.slice(5)) - 1}`)
  })
  it('begins anew where its older parts cannot be moved', () => {
    const file = join(root, 'stuck', 'host.log')
    mkdirSync(join(root, 'stuck', 'host.log.1', 'full'), { recursive: true })
    const log = createHostLog({ file, budget: 2_000 })
    for (let count = 0; count < 50; count++) log('info', `word ${count}`)
    expect(statSync(file).size).toBeLessThanOrEqual(400)
    expect(linesOf(file).at(-1)).toBe('word 49')
  })
  it.skipIf(process.platform === 'win32')('is closed to others, and follows no link that lies in its place', () => {
    const file = join(root, 'shared', 'drydock-ana.log')
    const log = createHostLog({ file, budget: 5_000 })
    log('info', 'mine')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const target = join(root, 'profile')
    writeFileSync(target, 'as it was\n')
    symlinkSync(target, join(root, 'shared', 'drydock-bo.log'))
    createHostLog({ file: join(root, 'shared', 'drydock-bo.log'), budget: 5_000 })('info', 'not mine')
    expect(readFileSync(target, 'utf8')).toBe('as it was\n')
  })
  it('is where the machine settings say, under the name of the user', () => {
    expect(logPlace(join(root, 'user'))).toEqual({
      folder: join(root, 'user', 'logs'),
      file: join(root, 'user', 'logs', 'host.log'),
      budget: 10 * 2 ** 20
    })
    process.env.DRYDOCK_MACHINE_SETTINGS = join(root, 'machine.yaml')
    writeFileSync(
      process.env.DRYDOCK_MACHINE_SETTINGS,
      `schema: drydock.machine/1\nversion: 1\nname: Lab\nlogs: {folder: "${root}/all", keepMiB: 2}\n`
    )
    const { username } = userInfo()
    expect(logPlace(join(root, 'user'))).toEqual({
      folder: join(root, 'all'),
      file: join(root, 'all', `drydock-${username}.log`),
      budget: 2 * 2 ** 20
    })
  })
})
