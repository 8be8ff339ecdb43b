import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'

const root = mkdtempSync(join(tmpdir(), 'drydock-people-'))
const passphrase = 'slack water at noon'
let app: Application

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Keys')
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})
const newPerson = (name: string) => app.do(commands.people.create, { name, title: '', email: '', roles: ['author'] })

describe('the keys of people', () => {
  it('belong to one person each: a key that is known is refused to everybody else, and to its holder a second time', async () => {
    const [ada, ben] = [newPerson('Ada'), newPerson('Ben')]
    const { keys } = await app.do(commands.people.createKey, { id: ada.id, passphrase })
    const copy = join(root, 'copy.pem')
    copyFileSync(keys[0]!.privateKeyPath!, copy)
    const taken = { code: 'CONFLICT', message: expect.stringContaining('already belongs to Ada') }
    for (const id of [ben.id, ada.id])
      await expect(app.do(commands.people.addKey, { id, path: copy, passphrase })).rejects.toMatchObject(taken)
    expect(app.people.get(ben.id).keys).toEqual([])
    expect(app.people.get(ada.id).keys).toHaveLength(1)
    const own = await app.do(commands.people.createKey, { id: ben.id, passphrase })
    expect(own.keys.map((key) => key.fingerprint)).not.toContain(keys[0]!.fingerprint)
    expect(app.people.get(ada.id).keys.map((key) => key.fingerprint)).toEqual([keys[0]!.fingerprint])
  })

  it('open with their own passphrase alone, and a person who is not there gets none', async () => {
    const cleo = newPerson('Cleo')
    const { keys } = await app.do(commands.people.createKey, { id: cleo.id, passphrase })
    const dan = newPerson('Dan')
    const path = join(root, 'dan.pem')
    copyFileSync(keys[0]!.privateKeyPath!, path)
    await expect(app.do(commands.people.addKey, { id: dan.id, path, passphrase: 'not that one' })).rejects.toMatchObject({
      code: 'FORBIDDEN'
    })
    const nobody = '00000000-0000-4000-8000-000000000000'
    await expect(app.do(commands.people.addKey, { id: nobody, path, passphrase })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(app.people.get(dan.id).keys).toEqual([])
  })
})
