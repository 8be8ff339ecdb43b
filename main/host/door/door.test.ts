import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../../preload/contract'
import { createClient } from '../../../preload/wire'
import { createApplication, type Application } from '../../core/application'
import { fromStream, openDoor, reachHolder, type Door } from '.'
import { proofOf, Welcome } from './handshake'
import { decodeValue, encodeValue } from './value-text'

const root = mkdtempSync(join(tmpdir(), 'drydock-door-'))
const user = join(root, 'user')
const workspace = join(root, 'w')
const logged: string[] = []
let app: Application
let door: Door

beforeAll(async () => {
  app = createApplication({
    userDirectory: user,
    async whileOpen(directory) {
      const opened = await openDoor(app, directory, (_level, _message, fields) => void logged.push(String(fields?.reason)))
      door = opened
      return () => opened.close()
    }
  })
  await app.createWorkspace(workspace, 'Held')
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

const signFile = (): string =>
  join(
    user,
    'doors',
    readdirSync(join(user, 'doors')).find((name) => name.endsWith('.json'))!
  )
const sign = (): { address: string; token: string; version: string } => JSON.parse(readFileSync(signFile(), 'utf8'))
const reached = async () => {
  const holder = (await reachHolder(user, workspace))!
  return { ...holder, client: createClient(contract, holder.port) }
}

/** Says these bytes to the holder and waits until it hangs up. */
const cutOffAfter = (...said: Buffer[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    const before = logged.length
    const socket = createConnection(sign().address, () => said.forEach((bytes) => socket.write(bytes)))
    socket.resume()
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(logged[before]))
  })
/** Says these bytes once it has been let in, and waits until the holder hangs up. */
const cutOffOnceIn = (said: Buffer): Promise<string | undefined> =>
  new Promise((resolve) => {
    const before = logged.length
    const { address, token, version } = sign()
    const nonce = 'n'.repeat(32)
    const socket = createConnection(address)
    const port = fromStream(socket, { limit: () => 10_000, onHostile: () => undefined })
    port.onMessage((answer) => {
      port.post({ proof: proofOf(token, 'caller', { caller: nonce, holder: Welcome.parse(answer).nonce }) })
      socket.write(said)
    })
    port.post({ version, nonce })
    port.onClose(() => resolve(logged[before]))
  })
const frame = (value: unknown): Buffer => {
  const body = Buffer.from(encodeValue(value))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}
const headOf = (bytes: number): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(bytes)
  return head
}

describe('the door of a workspace', () => {
  it('lets another program of the same person read and write by the contract, but not change what is open', async () => {
    const { client, port, pid } = await reached()
    expect(pid).toBe(process.pid)
    expect((await client.workspace.status({})).workspace).toMatchObject({ name: 'Held', restricted: false })
    expect((await client.datasets.sql({ text: "SELECT 'infinity'::DOUBLE AS a, 1 AS b" })).rows).toHaveLength(1)
    const person = await client.people.create({ name: 'Ada', roles: ['analyst'] })
    expect(app.people.list().map(({ id }) => id)).toEqual([person.id])
    await expect(client.pipelines.get({ name: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    for (const call of [client.workspace.close({}), client.workspace.open({ directory: root })])
      await expect(call).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(app.workspace).not.toBeNull()
    const changes = client.system.changes({})[Symbol.asyncIterator]()
    const next = changes.next()
    // The subscription begins with the first pull; a change before it would be nobody's.
    await new Promise((resolve) => setTimeout(resolve, 50))
    await client.people.update({ id: person.id, name: 'Ada', title: 'Lead', roles: ['analyst'] })
    expect((await next).value).toMatchObject({ topics: expect.arrayContaining(['people']) })
    port.close()
    await door.empty(new AbortController().signal)
    expect(door.callers()).toBe(0)
  })

  it('is closed to everybody else, and a socket that others could have made is not used', async () => {
    expect(statSync(signFile()).mode & 0o777).toBe(0o600)
    const folder = dirname(sign().address)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    chmodSync(folder, 0o755)
    expect(await reachHolder(user, workspace)).toBeUndefined()
    chmodSync(folder, 0o700)
    chmodSync(signFile(), 0o644)
    expect(await reachHolder(user, workspace)).toBeUndefined()
    chmodSync(signFile(), 0o600)
    expect(await reachHolder(join(root, 'user'), join(root, 'elsewhere'))).toBeUndefined()
    const { port } = await reached()
    port.close()
  })

  it('cuts off who does not show the token, says too much, or says what is no frame, with a line in the log', async () => {
    const { token, version } = sign()
    const knock = frame({ version, nonce: 'n'.repeat(32) })
    expect(await cutOffAfter(frame({ token, version }))).toBe('it did not knock')
    expect(await cutOffAfter(knock, frame({ proof: 'x'.repeat(64) }))).toMatch(/token/)
    expect(await cutOffAfter(knock, frame({ token })), 'the token itself is no proof').toMatch(/token/)
    expect(await cutOffAfter(knock, headOf(5_000))).toBe('a frame of 5000 bytes')
    expect(await cutOffAfter(headOf(5_000))).toBe('a frame of 5000 bytes')
    expect(await cutOffAfter(headOf(3), Buffer.from('{"a'))).toMatch(/no JSON/)
    expect(await cutOffOnceIn(headOf(2 ** 31))).toBe(`a frame of ${2 ** 31} bytes`)
    const { client, port } = await reached()
    expect((await client.workspace.status({})).workspace).not.toBeNull()
    port.close()
  })

  it('sends nothing that helps to whoever stands at the address of a holder that was killed', async () => {
    const file = signFile()
    const text = readFileSync(file, 'utf8')
    const address = join(dirname(sign().address), 'squatter.sock')
    let heard = ''
    const squatter = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .on('data', (chunk) => {
          heard += chunk.toString('latin1')
          socket.write(frame({ welcome: sign().version, pid: process.pid, nonce: 'n'.repeat(32), proof: 'p'.repeat(64) }))
        })
    )
    await new Promise<void>((resolve) => squatter.listen(address, resolve))
    writeFileSync(file, JSON.stringify({ ...JSON.parse(text), address }))
    expect(await reachHolder(user, workspace)).toBeUndefined()
    expect(heard).toContain('nonce')
    expect(heard).not.toContain(sign().token)
    expect(heard).not.toContain('proof')
    writeFileSync(file, text)
    squatter.close()
  })

  it('is passed by where it is of another version, and where a killed holder left it', async () => {
    const file = signFile()
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, JSON.stringify({ ...JSON.parse(text), address: join(dirname(sign().address), 'gone.sock') }))
    expect(await reachHolder(user, workspace)).toBeUndefined()
    writeFileSync(file, text)
  })

  it('stands where its path is short enough, and goes with the workspace', async () => {
    const far = join(root, 'far'.repeat(30))
    mkdirSync(far)
    const other = createApplication({
      userDirectory: far,
      async whileOpen(directory) {
        const opened = await openDoor(other, directory, () => undefined)
        return () => opened.close()
      }
    })
    await other.createWorkspace(join(far, 'w'), 'Far')
    const { address } = JSON.parse(readFileSync(join(far, 'doors', readdirSync(join(far, 'doors'))[0]!), 'utf8')) as { address: string }
    expect(Buffer.byteLength(address)).toBeLessThanOrEqual(100)
    const holder = (await reachHolder(far, join(far, 'w')))!
    const closed = new Promise<void>((resolve) => holder.port.onClose(resolve))
    await other.close()
    await closed
    expect(readdirSync(join(far, 'doors')).filter((name) => name.endsWith('.json'))).toEqual([])
    expect(existsSync(address)).toBe(false)
  })
})

describe('values as text', () => {
  it('come back as they were, also what JSON has no word for', () => {
    const value = {
      numbers: [NaN, Infinity, -Infinity, -0, 1.5],
      none: [undefined, null],
      big: 2n ** 70n,
      bytes: new Uint8Array([0, 255]),
      when: new Date(0),
      $: 'an own key',
      deep: { $: { of: { $: NaN } }, of: [1] }
    }
    expect(decodeValue(encodeValue(value))).toEqual(value)
    expect(decodeValue(encodeValue({ gone: undefined, of: { $: 1 } }))).toEqual({ of: { $: 1 } })
  })
})
