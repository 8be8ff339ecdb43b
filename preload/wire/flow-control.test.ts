import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createClient, createMemoryTransport, createServer, query, stream, type Handlers } from './index'

const contract = {
  work: {
    upper: query({ input: z.object({ text: z.string() }), output: z.string() }),
    stubborn: query({ input: z.object({}), output: z.string() })
  },
  numbers: {
    count: stream({ input: z.object({ to: z.number() }), item: z.number(), output: z.null() }),
    gated: stream({ input: z.object({}), item: z.number(), output: z.null() })
  }
}

interface Witness {
  produced: number
  /** What ignores its signal waits for it. */
  gate: Promise<void>
}

const handlers: Handlers<typeof contract, Witness> = {
  work: {
    upper: ({ text }) => text.toUpperCase(),
    stubborn: async (_input, { workbench }) => {
      await workbench.gate
      return 'too late'
    }
  },
  numbers: {
    async *count({ to }) {
      for (let n = 0; n < to; n++) yield n
      return null
    },
    async *gated(_input, { workbench }) {
      await workbench.gate
      for (;;) yield workbench.produced++
    }
  }
}

interface Frame {
  kind: string
  id: number
  n: number
}

function connect() {
  const transport = createMemoryTransport()
  let openGate = () => {}
  const witness: Witness = { produced: 0, gate: new Promise<void>((open) => (openGate = open)) }
  const server = createServer(contract, handlers, witness, transport.server, { validateOutputs: true })
  return { server, transport, witness, openGate }
}
/** Waits for a state, however busy the machine is. */
const until = (assertion: () => void) => vi.waitFor(assertion, { timeout: 60_000, interval: 5 })
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

describe('what flows between window and host', () => {
  it('is asked for 32 items ahead of the reader, and again when half of them were read', async () => {
    const { server, transport } = connect()
    const pulls: number[] = []
    const post = (frame: unknown) => {
      const { kind, n } = frame as Frame
      if (kind === 'pull') pulls.push(n)
      transport.client.post(frame)
    }
    let read = 0
    for await (const _ of createClient(contract, { ...transport.client, post }).numbers.count({ to: 1000 })) {
      const ahead = pulls.reduce((sum, n) => sum + n, 0) - ++read
      expect(ahead).toBeLessThanOrEqual(32)
      expect(ahead).toBeGreaterThanOrEqual(16)
      if (read === 160) break
    }
    expect(pulls).toEqual([32, ...Array<number>(10).fill(16)])
    await server.close()
  })

  it('is asked for no more than that by a reader who is slower than what comes', async () => {
    const { server, transport } = connect()
    let [asked, arrived, read] = [0, 0, 0]
    const port = {
      ...transport.client,
      post: (frame: unknown) => {
        const { kind, n } = frame as Frame
        if (kind === 'pull') asked += n
        transport.client.post(frame)
      },
      onMessage: (listener: (frame: unknown) => void) =>
        transport.client.onMessage((frame) => {
          if ((frame as Frame).kind === 'item') arrived++
          listener(frame)
        })
    }
    for await (const _ of createClient(contract, port).numbers.count({ to: 1000 })) {
      await until(() => expect(arrived).toBe(asked))
      expect(asked - ++read).toBeLessThanOrEqual(32)
      if (read === 100) break
    }
    await server.close()
  })

  it('is never more than 4,096 items that were not waited for, however many a caller asks for', async () => {
    const { server, transport, witness, openGate } = connect()
    let items = 0
    let answered = false
    transport.client.onMessage((frame) => {
      if ((frame as Frame).kind === 'item') items++
      if ((frame as Frame).id === 2) answered = true
    })
    transport.client.post({ kind: 'call', id: 1, path: 'numbers.gated', input: {} })
    for (let pull = 0; pull < 8; pull++) transport.client.post({ kind: 'pull', id: 1, n: 1024 })
    // Frames keep their order: all eight have arrived when what came after them is answered.
    transport.client.post({ kind: 'call', id: 2, path: 'work.upper', input: { text: 'x' } })
    await until(() => expect(answered).toBe(true))
    openGate()
    await until(() => expect(items).toBeGreaterThanOrEqual(4096))
    await pause(20)
    expect([items, witness.produced]).toEqual([4096, 4096])
    transport.client.post({ kind: 'pull', id: 1, n: 3 })
    await until(() => expect(items).toBe(4099))
    await server.close()
  })

  it('is one answer to a call: what a handler says after the cancel is not sent', async () => {
    const { server, transport, openGate } = connect()
    const frames: Frame[] = []
    transport.client.onMessage((frame) => frames.push(frame as Frame))
    transport.client.post({ kind: 'call', id: 1, path: 'work.stubborn', input: {} })
    transport.client.post({ kind: 'call', id: 2, path: 'numbers.gated', input: {} })
    transport.client.post({ kind: 'pull', id: 2, n: 10 })
    for (const id of [1, 2]) transport.client.post({ kind: 'cancel', id })
    await until(() => expect(frames).toHaveLength(2))
    expect(server.inFlight()).toBe(2)
    openGate()
    await until(() => expect(server.inFlight()).toBe(0))
    await pause(20)
    expect(frames.map(({ kind, id }) => [kind, id])).toEqual([
      ['fail', 1],
      ['fail', 2]
    ])
    expect(frames).toMatchObject([{ error: { code: 'CANCELLED' } }, { error: { code: 'CANCELLED' } }])
    await server.close()
  })
})

describe('frames of a caller', () => {
  /** What a server answers to frames that were not written by our client, and how many of them it threw away. */
  async function answersTo(...frames: unknown[]) {
    const { server, transport, openGate } = connect()
    const answers: unknown[] = []
    transport.client.onMessage((frame) => answers.push(frame))
    for (const frame of frames) transport.client.post(frame)
    // Frames and answers keep their order: what came before a call has arrived when that call is answered.
    const isAnswered = async (id: number) => {
      transport.client.post(call(id))
      await until(() => expect((answers as Frame[]).at(-1)?.id).toBe(id))
      answers.pop()
    }
    await isAnswered(4001)
    openGate()
    await until(() => expect(server.inFlight()).toBe(0))
    await isAnswered(4002)
    return { answers, dropped: server.dropped() }
  }
  const call = (id: unknown, path = 'work.upper', input: unknown = { text: 'x' }) => ({ kind: 'call', id, path, input })

  it('with the number of a call that is open are thrown away and counted; that call is answered once', async () => {
    expect(await answersTo(call(1, 'work.stubborn', {}), call(1), call(2))).toEqual({
      answers: [
        { kind: 'done', id: 2, value: 'X' },
        { kind: 'done', id: 1, value: 'too late' }
      ],
      dropped: 1
    })
  })

  it('may have a number again when its call has ended', async () => {
    const { server, transport } = connect()
    const answers: unknown[] = []
    transport.client.onMessage((frame) => answers.push(frame))
    for (const times of [1, 2]) {
      transport.client.post(call(1))
      await until(() => expect(answers).toHaveLength(times))
    }
    expect(server.dropped()).toBe(0)
  })

  it('are of a limited length, with whole numbers from 1', async () => {
    const fail = (id: number, code: string) => expect.objectContaining({ kind: 'fail', id, error: expect.objectContaining({ code }) })
    const named = (length: number) => 'p'.repeat(length)
    const { answers, dropped } = await answersTo(
      ...[call(1, named(2)), call(2, named(3)), call(3, named(100)), call(4, named(101))],
      ...[call(0), call(-1), call(1.5), call(Number.MAX_SAFE_INTEGER + 1), call('1'), { ...call(5), more: true }],
      ...[{ kind: 'pull', id: 6, n: 0 }, { ...call(7), kind: 'cal' }, { id: 8 }, null, 'call', [call(9)]]
    )
    expect([...(answers as Frame[])].sort((a, b) => a.id - b.id)).toEqual([
      ...[fail(1, 'INVALID_INPUT'), fail(2, 'NOT_FOUND'), fail(3, 'NOT_FOUND'), fail(4, 'INVALID_INPUT'), fail(5, 'INVALID_INPUT')]
    ])
    expect(dropped).toBe(14)
  })

  it('are at most 16 MiB, and answers 64 MiB, to the byte', async () => {
    // Two bytes a character; the rest of the frame is 114.
    const text = 'x'.repeat((2 ** 24 - 114) / 2)
    const { answers, dropped } = await answersTo(call(1, 'work.upper', { text }), call(2, 'work.upper', { text: `${text}x` }))
    expect((answers as Frame[]).map(({ id, kind }) => [id, kind]).sort()).toEqual([
      [1, 'done'],
      [2, 'fail']
    ])
    expect(dropped).toBe(1)
    const large = { of: { bytes: query({ input: z.number(), output: z.unknown() }) } }
    const ports = createMemoryTransport()
    createServer(large, { of: { bytes: (bytes) => new ArrayBuffer(bytes) } }, null, ports.server)
    const client = createClient(large, ports.client)
    expect(((await client.of.bytes(2 ** 26 - 8)) as ArrayBuffer).byteLength).toBe(2 ** 26 - 8)
    await expect(client.of.bytes(2 ** 26 - 7)).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('with the number of an open call are told nothing when they are malformed, and the call goes on', async () => {
    const { answers, dropped } = await answersTo(call(1, 'work.stubborn', {}), { ...call(1), more: true })
    expect({ answers, dropped }).toEqual({ answers: [{ kind: 'done', id: 1, value: 'too late' }], dropped: 1 })
  })

  it('are thrown away without a word when the server has closed', async () => {
    const { server, transport } = connect()
    const answers: unknown[] = []
    transport.client.onMessage((frame) => answers.push(frame))
    transport.client.post(call(1, 'work.stubborn', {}))
    await until(() => expect(server.inFlight()).toBe(1))
    void server.close()
    transport.client.post(call(2))
    transport.client.post({ ...call(3), more: true })
    await until(() => expect(server.dropped()).toBe(2))
    expect((answers as Frame[]).map(({ id }) => id)).toEqual([1])
  })

  it('find an action only where contract and handlers both have it', async () => {
    const witness: Witness = { produced: 0, gate: Promise.resolve() }
    const { upper } = handlers.work
    const { work, numbers } = contract
    const answersOf = async (serverContract: typeof contract, serverHandlers: typeof handlers, path: string) => {
      const ports = createMemoryTransport()
      createServer(serverContract, serverHandlers, witness, ports.server)
      const answer = new Promise((resolve) => ports.client.onMessage(resolve))
      ports.client.post(call(1, path))
      return answer
    }
    const notFound = expect.objectContaining({ kind: 'fail', error: expect.objectContaining({ code: 'NOT_FOUND' }) })
    const fewer = { work: { upper: work.upper }, numbers } as unknown as typeof contract
    const undone = { work: { upper }, numbers: handlers.numbers } as unknown as typeof handlers
    expect(await answersOf(fewer, handlers, 'work.stubborn')).toEqual(notFound)
    expect(await answersOf(contract, undone, 'work.stubborn')).toEqual(notFound)
    expect(await answersOf(fewer, undone, 'work.upper')).toEqual({ kind: 'done', id: 1, value: 'X' })
  })

  it('that ask for items say for how many, from 1 to 1,024, and for a stream that is open', async () => {
    const pull = (n: unknown, id = 9) => ({ kind: 'pull', id, n })
    const { answers, dropped } = await answersTo(pull(0), pull(1025), pull(1.5), pull(1), pull(1024), { kind: 'cancel', id: 9 })
    expect({ answers, dropped }).toEqual({ answers: [], dropped: 3 })
  })
})

describe('what a handler does after it was cancelled', () => {
  it('is no report, whatever it throws; what it throws otherwise is one', async () => {
    const own = { work: { fail: query({ input: z.object({}), output: z.null() }) } }
    const transport = createMemoryTransport()
    const reports: unknown[] = []
    let fail = () => {}
    const failing = () => new Promise<null>((_done, stop) => (fail = () => stop(new TypeError('broken'))))
    const server = createServer(own, { work: { fail: failing } }, null, transport.server, { onReport: (report) => reports.push(report) })
    const client = createClient(own, transport.client)
    for (const [isCancelled, code, count] of [
      [true, 'CANCELLED', 0],
      [false, 'INTERNAL', 1]
    ] as const) {
      const stop = new AbortController()
      const open = client.work.fail({}, { signal: stop.signal }).catch((error: unknown) => error)
      await until(() => expect(server.inFlight()).toBe(1))
      if (isCancelled) stop.abort()
      if (isCancelled) expect(await open).toMatchObject({ code })
      await pause(5)
      fail()
      expect(await open).toMatchObject({ code })
      await until(() => expect(server.inFlight()).toBe(0))
      expect(reports).toHaveLength(count)
    }
  })

  it('is checked against the contract only where that is asked for', async () => {
    const own = { work: { wrong: query({ input: z.object({}), output: z.number() }) } }
    const transport = createMemoryTransport()
    createServer(own, { work: { wrong: () => 'text' as unknown as number } }, null, transport.server)
    expect(await createClient(own, transport.client).work.wrong({})).toBe('text')
  })
})

describe('a signal', () => {
  it('is listened to only while its call is open, however the call ends', async () => {
    const { transport, openGate } = connect()
    const client = createClient(contract, transport.client)
    const { signal } = new AbortController()
    const listeners = () => getEventListeners(signal, 'abort').length
    const open = client.work.stubborn({}, { signal })
    expect(listeners()).toBe(1)
    openGate()
    await open
    expect(listeners()).toBe(0)
    const items: number[] = []
    for await (const item of client.numbers.count({ to: 3 }, { signal })) items.push(item)
    await expect(client.work.upper({ text: 7 as unknown as string }, { signal })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect({ items, left: listeners() }).toEqual({ items: [0, 1, 2], left: 0 })
  })
})
