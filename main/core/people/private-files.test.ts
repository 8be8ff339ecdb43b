import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createApplication } from '../application'
import { createKeyring } from './keyring'

const root = mkdtempSync(join(tmpdir(), 'drydock-private-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

it.skipIf(process.platform === 'win32')('keys lie where only their owner looks, and what stood open is closed and said', async () => {
  const folder = join(root, 'user', 'keys')
  mkdirSync(join(root, 'user'), { mode: 0o700 })
  const before = process.umask(0)
  try {
    await createKeyring(folder, () => new Date()).create('Ada', 'low water springs')
  } finally {
    process.umask(before)
  }
  const files = readdirSync(folder).map((name) => join(folder, name))
  expect([folder, ...files].map(modeOf)).toEqual(['700', '600', '600'])
  const said: string[] = []
  const start = () => createApplication({ userDirectory: join(root, 'user'), log: (level, text) => said.push(`${level}: ${text}`) }).close()
  await start()
  expect(said).toEqual([])
  chmodSync(folder, 0o755)
  chmodSync(files[0], 0o644)
  await start()
  expect([folder, ...files].map(modeOf)).toEqual(['700', '600', '600'])
  expect(said).toEqual([expect.stringMatching(/^warn: Others on this computer could open the keys in .*user.keys/)])
  await start()
  expect(said).toHaveLength(1)
})

it.skipIf(process.platform === 'win32')(
  'the folder of a person is closed to others under any mask, and one that stood open to their writing is',
  async () => {
    const said: string[] = []
    const user = join(root, 'own', 'deep')
    const start = () => createApplication({ userDirectory: user, log: (level, text) => said.push(`${level}: ${text}`) }).close()
    const before = process.umask(0)
    try {
      await start()
    } finally {
      process.umask(before)
    }
    expect([modeOf(user), modeOf(join(root, 'own'))]).toEqual(['700', '700'])
    expect(said).toEqual([])
    chmodSync(user, 0o777)
    await start()
    expect([modeOf(user), said]).toEqual(['755', [expect.stringMatching(/could write to your Drydock folder/)]])
    const masked = process.umask(0o777)
    try {
      await createKeyring(join(user, 'masked'), () => new Date())
        .create('Ada', 'low water springs')
        .catch(() => undefined)
    } finally {
      process.umask(masked)
    }
    expect(modeOf(join(user, 'masked'))).toBe('700')
  }
)

it.skipIf(process.platform !== 'linux')('a key file is closed from its first byte on', async () => {
  const folder = join(root, 'watched')
  const seen = new Set<string>()
  const watch = setInterval(() => {
    try {
      for (const name of readdirSync(folder)) seen.add(modeOf(join(folder, name)))
    } catch {
      // Not there yet, or gone again between the two looks.
    }
  })
  for (let n = 0; n < 2; n++) await createKeyring(folder, () => new Date()).create('Ada', 'low water springs')
  clearInterval(watch)
  expect([...seen]).toEqual(['600'])
})
