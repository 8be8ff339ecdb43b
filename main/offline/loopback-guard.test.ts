import dgram from 'node:dgram'
import dns from 'node:dns'
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import tls from 'node:tls'
import { beforeAll, describe, expect, it } from 'vitest'
import { installLoopbackGuard, isLoopback } from './loopback-guard'

/** Documentation address (RFC 5737): no machine has it, and the guard must refuse before anything is sent. */
const outside = '192.0.2.1'
const refused: string[] = []

beforeAll(() => installLoopbackGuard((attempt) => refused.push(attempt)))

const isRefusal = expect.objectContaining({ code: 'FORBIDDEN' })
const errorOf = async (emitter: NodeJS.EventEmitter): Promise<unknown> => ((await once(emitter, 'error')) as unknown[])[0]

describe('loopback addresses', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', 'LOCALHOST', '::1', '[::1]', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])(
    '%s stays here',
    (host) => expect(isLoopback(host)).toBe(true)
  )
  it.each([
    '192.0.2.1',
    '10.0.0.1',
    '0.0.0.0',
    '::',
    '2001:db8::1',
    '::2',
    'example.com',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '1::1',
    '::ffff:10.0.0.1',
    '128.0.0.1'
  ])('%s does not', (host) => expect(isLoopback(host)).toBe(false))
})

describe('the guard', () => {
  it('refuses sockets, TLS, HTTP and fetch to the outside', async () => {
    expect(await errorOf(net.connect(80, outside))).toEqual(isRefusal)
    expect(await errorOf(net.connect({ port: 80, host: 'example.com' }))).toEqual(isRefusal)
    expect(await errorOf(new net.Socket().connect(80, outside))).toEqual(isRefusal)
    expect(await errorOf(tls.connect(443, outside))).toEqual(isRefusal)
    expect(await errorOf(http.get({ host: outside, port: 80 }))).toEqual(isRefusal)
    await expect(fetch(`http://${outside}/`)).rejects.toMatchObject({ cause: isRefusal })
    await expect(fetch('http://example.com/')).rejects.toThrow()
    expect(refused.length).toBeGreaterThanOrEqual(7)
  })

  it('refuses name look-ups', async () => {
    await expect(new Promise((done, failed) => dns.lookup('example.com', (error) => (error ? failed(error) : done(0))))).rejects.toEqual(
      isRefusal
    )
    await expect(dns.promises.resolve4('example.com')).rejects.toEqual(isRefusal)
    await expect(new dns.promises.Resolver().resolveTxt('example.com')).rejects.toEqual(isRefusal)
    expect(await dns.promises.lookup('127.0.0.1')).toMatchObject({ address: '127.0.0.1' })
  })

  it('refuses servers and datagram sockets that others could reach', async () => {
    expect(await errorOf(net.createServer().listen(0))).toEqual(isRefusal)
    expect(await errorOf(http.createServer().listen(0, '0.0.0.0'))).toEqual(isRefusal)
    expect(await errorOf(dgram.createSocket('udp4').bind(0))).toEqual(isRefusal)
    const socket = dgram.createSocket('udp4')
    await expect(
      new Promise((done, failed) => socket.send('x', 53, outside, (error) => (error ? failed(error) : done(0))))
    ).rejects.toEqual(isRefusal)
    socket.close()
  })

  it('leaves loopback alone', async () => {
    const server = http.createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here')
    expect(await (await fetch(`http://localhost:${port}/`)).text()).toBe('here')
    server.close()
    const receiver = dgram.createSocket('udp4').bind({ port: 0, address: '127.0.0.1' })
    await once(receiver, 'listening')
    const sender = dgram.createSocket('udp4')
    sender.send('ping', receiver.address().port, '127.0.0.1')
    expect(String(((await once(receiver, 'message')) as unknown[])[0])).toBe('ping')
    sender.close()
    receiver.close()
  })
})
